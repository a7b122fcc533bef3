import Glibc
import Testing
import Wire

@testable import Emulator

@Suite("Listening where a killed exchange was")
struct ListenPatienceTests {
    /// Time that only waiting moves on.
    private final class Waiting {
        var now: Int64 = 0
        var attempts = 0

        var patience: ListenPatience {
            ListenPatience(now: { self.now }, wait: { self.now += $0 })
        }

        func attempt(
            _ refusal: Int32, until end: Int64
        ) throws(WireFailure) -> Int {
            attempts += 1
            if now < end { throw .listenRefused(errno: refusal) }
            return 7
        }
    }

    @Test(arguments: [0, 1, 4_800_000_000, 10_000_000_000] as [Int64])
    func `an address that becomes free within ten seconds is listened at`(free: Int64) throws {
        let waiting = Waiting()
        let listener = try waiting.patience.listen { () throws(WireFailure) in
            try waiting.attempt(EADDRINUSE, until: free)
        }
        #expect(listener == 7)
        #expect(waiting.now >= free && waiting.now < free + 100_000_000)
    }

    @Test func `one that stays in use is refused after ten seconds, others at once`() {
        let late = Waiting()
        #expect(throws: WireFailure.listenRefused(errno: EADDRINUSE)) {
            try late.patience.listen { () throws(WireFailure) in
                try late.attempt(EADDRINUSE, until: .max)
            }
        }
        #expect(late.now == ListenPatience.longest)
        let denied = Waiting()
        #expect(throws: WireFailure.listenRefused(errno: EACCES)) {
            try denied.patience.listen { () throws(WireFailure) in
                try denied.attempt(EACCES, until: .max)
            }
        }
        #expect(denied.now == 0 && denied.attempts == 1)
    }
    @Test func `a second address has what the first one has left of the ten seconds`() throws {
        let waiting = Waiting()
        let patience = waiting.patience
        _ = try patience.listen { () throws(WireFailure) in
            try waiting.attempt(EADDRINUSE, until: 7_000_000_000)
        }
        #expect(throws: WireFailure.listenRefused(errno: EADDRINUSE)) {
            try patience.listen { () throws(WireFailure) in
                try waiting.attempt(EADDRINUSE, until: .max)
            }
        }
        #expect(waiting.now == ListenPatience.longest)
    }
}
