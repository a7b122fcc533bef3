import MarketModel
import TickToTrade
import Testing

@testable import Engine

@Suite("Status board")
struct StatusBoardTests {
    private let board = StatusBoard(instrumentCount: 3, assetCount: 5, contextCount: 2)

    /// Writes `number` into every record and publishes them, of the contexts the next in turn.
    private func publish(_ number: Int64) -> Int? {
        board.lane.pointee.time = Timestamp(nanoseconds: number)
        for slot in 0..<3 { board.instruments[slot].last = Price(raw: number * 10 + Int64(slot)) }
        for slot in 0..<5 { board.assets[slot].balance = number * 10 + Int64(slot) }
        let context = board.nextContext()
        if let context { board.contexts[context].clock = Timestamp(nanoseconds: number) }
        board.publish(context: context)
        return context
    }

    @Test func `a board shows every record, and before the first publication those of nothing`() {
        let empty = board.read()
        #expect(empty.lane.time == .unknown)
        #expect(empty.instruments.count == 3 && empty.contexts.count == 2)
        #expect(empty.assets == Array(repeating: AssetSummary(), count: 5))
        _ = publish(7)
        let shown = board.read()
        #expect(shown.lane.time.nanoseconds == 7)
        #expect(shown.instruments.map(\.last.raw) == [70, 71, 72])
        #expect(shown.assets.map(\.balance) == [70, 71, 72, 73, 74])
    }

    @Test func `what is written is shown when it is published, contexts one a time`() {
        #expect((1...3).map { publish($0) } == [0, 1, 0])
        #expect(board.read().contexts.map(\.clock.nanoseconds) == [3, 2])
        board.assets[4].balance = -5
        board.contexts[1].clock = Timestamp(nanoseconds: 99)
        #expect(board.read().assets[4].balance == 34)
        board.publish(context: nil)
        #expect(board.read().assets[4].balance == -5)
        #expect(board.read().contexts[1].clock.nanoseconds == 2)
        #expect(StatusBoard(instrumentCount: 1).nextContext() == nil)
    }
}
