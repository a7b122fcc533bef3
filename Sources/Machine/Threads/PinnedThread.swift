import CLinuxURing
import Glibc

/// Where and how a thread was allowed to run; errno values where a wish was refused.
public struct ThreadPlacement: Sendable, Equatable {
    /// The core asked for.
    public var requestedCore: Int?
    /// The core the thread is bound to, `nil` when it is not.
    public var core: Int?
    /// EINVAL: no such core or not in this process's set.
    public var pinError: Int32 = 0
    /// The SCHED_FIFO priority asked for.
    public var requestedPriority: Int?
    /// The priority it has, `nil` for the ordinary scheduler.
    public var realTimePriority: Int?
    /// EPERM without CAP_SYS_NICE or an RLIMIT_RTPRIO.
    public var priorityError: Int32 = 0
    /// NUMA node of the core, `nil` when unknown.
    public var node: Int?
}

/// An operating-system thread on a core of its own: a lane, a journal writer, a poller.
///
/// Pinning and real-time priority are used when permitted and reported when not; they never stop
/// the thread from running. Not for use inside Swift's cooperative pool: `join` blocks.
public final class PinnedThread: Sendable {
    /// What was granted.
    public let placement: ThreadPlacement
    private let thread: pthread_t
    private let joined: JoinOnce

    /// The kernel refused a thread (EAGAIN: a limit).
    public struct Refused: Error, Equatable, CustomStringConvertible {
        public let errno: Int32
        public var description: String {
            "the kernel refuses a thread: \(String(cString: strerror(errno)))"
        }
    }

    private init(thread: pthread_t, placement: ThreadPlacement) {
        self.thread = thread
        self.placement = placement
        joined = JoinOnce()
    }

    /// Starts `body` on a new thread; returns once its placement is known, before `body` ends.
    ///
    /// - Parameters:
    ///   - name: up to 15 bytes, shown by the system's tools.
    ///   - core: number of the core to keep it on, `nil` for any.
    ///   - realTimePriority: SCHED_FIFO priority 1...99, `nil` for the ordinary scheduler.
    public static func start(
        name: String, core: Int?, realTimePriority: Int?, _ body: @escaping @Sendable () -> Void
    ) throws(Refused) -> PinnedThread {
        let launch = Launch(name: name, core: core, priority: realTimePriority, body: body)
        var thread = pthread_t()
        let context = Unmanaged.passRetained(launch)
        let outcome = pthread_create(&thread, nil, { runLaunch($0) }, context.toOpaque())
        guard outcome == 0 else {
            context.release()
            throw Refused(errno: outcome)
        }
        return PinnedThread(thread: thread, placement: launch.waitForPlacement())
    }

    /// Waits until the body has returned. Any number of calls, from any thread but its own.
    public func join() { joined.run { pthread_join(thread, nil) } }
}

/// Runs on the new thread.
private func runLaunch(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let context else { return nil }
    let launch = Unmanaged<Launch>.fromOpaque(context).takeRetainedValue()
    launch.place()
    launch.body()
    return nil
}
