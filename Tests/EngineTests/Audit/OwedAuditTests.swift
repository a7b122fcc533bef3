import MarketModel
import Testing

@testable import Engine

/// What a reconnect asks for is made, however often nothing can be said.
struct OwedAuditTests {
    @Test func `an audit that says nothing pays nothing, and is tried again less and less often`() {
        var owed = OwedAudit()
        #expect(!owed.isOwed)
        let isFirst = owed.owe()
        #expect(isFirst)
        var pauses: [Nanoseconds] = []
        for _ in 0..<8 {
            pauses.append(owed.pause)
            owed.end(owed.begin(), isClear: false)
            #expect(owed.isOwed)
        }
        #expect(pauses == [1, 2, 4, 8, 16, 32, 60, 60].map { .seconds($0) })
        owed.end(owed.begin(), isClear: true)
        #expect(!owed.isOwed && owed.pause == .seconds(1))
    }

    @Test func `an audit that began before a reconnect does not pay for it`() {
        var owed = OwedAudit()
        let isFirst = owed.owe()
        let begun = owed.begin()
        // Another reconnect: whoever tries for the first goes on for this one.
        let isAnotherFirst = owed.owe()
        #expect(isFirst && !isAnotherFirst)
        owed.end(begun, isClear: true)
        #expect(owed.isOwed)
        owed.end(owed.begin(), isClear: true)
        #expect(!owed.isOwed)
        let isFirstAgain = owed.owe()
        #expect(isFirstAgain)
    }
}
