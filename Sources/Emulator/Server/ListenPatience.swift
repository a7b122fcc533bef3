import Glibc
import Wire

/// Listens again for a while where the address is in use.
///
/// When a process on io_uring is killed, the kernel ends what its ring was waiting for, and with it
/// closes the listening socket, some time after the process: 0.03 to 5 s on a busy machine. An
/// exchange that is started again at once finds its own port taken by the one before.
struct ListenPatience {
    /// Nanoseconds in which the address may become free.
    static let longest: Int64 = 10_000_000_000
    private static let pause: Int64 = 20_000_000

    /// Nanoseconds of any clock that goes on while ``wait`` waits for so many.
    let now: () -> Int64
    let wait: (Int64) -> Void

    static func real(_ now: @escaping () -> Int64) -> ListenPatience {
        ListenPatience(now: now) { nanoseconds in
            var time = timespec(tv_sec: 0, tv_nsec: Int(nanoseconds))
            nanosleep(&time, nil)
        }
    }

    /// What `attempt` gives. Any other refusal, and the last one, is its own.
    func listen(_ attempt: () throws(WireFailure) -> Int) throws(WireFailure) -> Int {
        let end = now() + Self.longest
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
