import Foundation
import Testing

/// Runs a test on threads of its own, so that blocking clients do not hold the two or so threads
/// on which the server under test would answer them.
struct BlockingCalls: SuiteTrait, TestTrait, TestScoping {
    var isRecursive: Bool { true }

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        try await withTaskExecutorPreference(OwnThreads()) { try await function() }
    }

    private final class OwnThreads: TaskExecutor {
        func enqueue(_ job: consuming ExecutorJob) {
            let job = UnownedJob(job)
            let executor = asUnownedTaskExecutor()
            Thread { job.runSynchronously(on: executor) }.start()
        }
    }
}

extension Trait where Self == BlockingCalls {
    static var blockingCalls: Self { BlockingCalls() }
}
