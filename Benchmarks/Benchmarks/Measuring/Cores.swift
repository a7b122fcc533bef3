import CLinuxURing
import Machine
import Synchronization

/// Where benchmarks run: one core that measures, another for the other end.
struct Cores: Sendable {
    let own: Int?
    let other: Int?
    private let priority: Int?

    init(_ options: BenchmarkOptions) throws(BenchmarkFailure) {
        let allowed = MachineReport.read().allowedCores
        if let wanted = options.core, !allowed.contains(wanted) {
            throw BenchmarkFailure("core \(wanted) is not among \(allowed)")
        }
        let chosen = options.core ?? allowed.last
        own = chosen
        other = allowed.last { $0 != chosen }
        priority = options.priority
    }

    /// Needs a second core: two spinning ends on one would wait for the scheduler.
    func requireTwo() throws(BenchmarkFailure) {
        if other == nil { throw BenchmarkFailure("this benchmark needs two cores") }
    }

    /// Runs `body` on the calling thread at a SCHED_FIFO priority, `nil` for the ordinary one.
    ///
    /// For short stretches only: two threads that spin at such a priority stop a machine of two
    /// cores, all but the twentieth that the kernel keeps for the others.
    static func urgently<Result>(
        _ priority: Int?, _ body: () throws -> Result
    ) throws -> Result {
        guard let priority else { return try body() }
        let outcome = clinux_uring_set_fifo(Int32(priority))
        if outcome != 0 {
            throw BenchmarkFailure("SCHED_FIFO \(priority) is not permitted: errno \(outcome)")
        }
        defer { _ = clinux_uring_set_ordinary() }
        return try body()
    }

    /// Runs `body` on the measuring core and waits for it.
    func measure<Result: Sendable>(
        _ body: @escaping @Sendable () throws -> Result
    ) throws -> Result {
        let outcome = Mutex<Swift.Result<Result, any Error>?>(nil)
        let thread = try PinnedThread.start(
            name: "benchmark", core: own, realTimePriority: nil
        ) { [priority] in
            let result = Swift.Result { try Self.urgently(priority, body) }
            outcome.withLock { $0 = result }
        }
        thread.join()
        guard let result = outcome.withLock({ $0 }) else {
            throw BenchmarkFailure("the measuring thread ended early")
        }
        return try result.get()
    }

    /// Starts something on the measuring core that goes on by itself, at the ordinary priority.
    func startMeasuring(_ body: @escaping @Sendable () -> Void) throws -> PinnedThread {
        try PinnedThread.start(name: "lane", core: own, realTimePriority: nil, body)
    }

    /// Starts the other end on its core.
    func startOther(_ body: @escaping @Sendable () -> Void) throws -> PinnedThread {
        try PinnedThread.start(name: "other end", core: other, realTimePriority: nil, body)
    }
}
