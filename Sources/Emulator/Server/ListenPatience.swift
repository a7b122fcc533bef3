import Glibc
import Wire

/// Listens again for a while where an address is in use. The while is one for all listeners of a
/// server and begins when this is made.
///
/// When a process on io_uring is killed, the kernel ends what its ring was waiting for, and with it
/// closes the listening socket, some time after the process: 0.03 to 5 s on a busy machine. An
/// exchange that is started again at once finds its own port taken by the one before.
struct ListenPatience {
    /// Nanoseconds in which all addresses may become free.
    static let longest: Int64 = 10_000_000_000
    private static let pause: Int64 = 20_000_000

    private let now: () -> Int64
    private let wait: (Int64) -> Void
    /// By ``now``: from then on a refusal is the last one.
    private let end: Int64

    /// `now`: nanoseconds of any clock that goes on while `wait` waits for so many.
    init(now: @escaping () -> Int64, wait: @escaping (Int64) -> Void) {
        self.now = now
        self.wait = wait
        end = now() + Self.longest
    }

    static func real(_ now: @escaping () -> Int64) -> ListenPatience {
        ListenPatience(now: now) { nanoseconds in
            var time = timespec(tv_sec: 0, tv_nsec: Int(nanoseconds))
            nanosleep(&time, nil)
        }
    }

    /// What `attempt` gives. Any other refusal, and the last one, is its own.
    func listen(_ attempt: () throws(WireFailure) -> Int) throws(WireFailure) -> Int {
        while true {
            do throws(WireFailure) {
                return try attempt()
            } catch {
                guard case .listenRefused(errno: EADDRINUSE) = error, now() < end else { throw error }
            }
            wait(Self.pause)
        }
    }
}
