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

    /// Runs `body` on the measuring core and waits for it.
    func measure<Result: Sendable>(
        _ body: @escaping @Sendable () throws -> Result
    ) throws -> Result {
        let outcome = Mutex<Swift.Result<Result, any Error>?>(nil)
        let thread = try PinnedThread.start(
            name: "benchmark", core: own, realTimePriority: priority
        ) {
            let result = Swift.Result { try body() }
            outcome.withLock { $0 = result }
        }
        thread.join()
        guard let result = outcome.withLock({ $0 }) else {
            throw BenchmarkFailure("the measuring thread ended early")
        }
        return try result.get()
    }

    /// Starts the other end on its core.
    func startOther(_ body: @escaping @Sendable () -> Void) throws -> PinnedThread {
        try PinnedThread.start(name: "other end", core: other, realTimePriority: priority, body)
    }
}
