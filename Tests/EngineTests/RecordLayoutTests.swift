import Journal
import MarketModel
import Testing

@testable import Engine
@testable import TickToTrade

@Suite("What is written as it lies in memory")
struct RecordLayoutTests {
    /// A byte that belongs to no field holds whatever memory held before: the same run would write
    /// other bytes on another machine, and another checksum over them.
    @Test("has no bytes that belong to no field")
    func recordsHaveNoHoles() {
        expectNoHoles(Trade.self)
        expectNoHoles(HistoricTrade.self)
        expectNoHoles(TopOfBook.self)
        expectNoHoles(DepthHeader.self)
        expectNoHoles(BookLevel.self)
        expectNoHoles(Candle.self)
        expectNoHoles(ExecutionReport.self)
        expectNoHoles(RequestReply.self)
        expectNoHoles(Balance.self)
        expectNoHoles(LinkState.self)
        expectNoHoles(Command.self)
        expectNoHoles(OrderRequest.self)
        expectNoHoles(Timestamp.self)
        expectNoHoles(Instrument.self)
        expectNoHoles(JournalName.self)
        expectNoHoles(DeniedOrder.self)
        expectNoHoles(SentRequest.self)
    }

    @Test("nor do the parts of a snapshot")
    func snapshotsHaveNoHoles() {
        expectNoHoles(AccountSnapshotHeader.self)
        expectNoHoles(AccountSnapshot.PositionEntry.self)
        expectNoHoles(ToldBalance.self)
        expectNoHoles(Order.self)
    }

    private func expectNoHoles<Record: BitwiseCopyable>(
        _ type: Record.Type, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let zero = withUnsafeTemporaryAllocation(
            byteCount: MemoryLayout<Record>.size, alignment: MemoryLayout<Record>.alignment
        ) { bytes in
            bytes.initializeMemory(as: UInt8.self, repeating: 0)
            return bytes.loadUnaligned(as: Record.self)
        }
        #expect(
            Self.bytes(in: zero) == MemoryLayout<Record>.size, "bytes of \(type)'s fields",
            sourceLocation: sourceLocation)
    }

    /// Bytes of all fields of a value, those of fields' fields one by one.
    private static func bytes(in value: Any) -> Int {
        let fields = Mirror(reflecting: value).children
        if fields.isEmpty { return size(of: value) }
        return fields.reduce(0) { $0 + bytes(in: $1.value) }
    }

    private static func size<Value>(of value: Value) -> Int { MemoryLayout<Value>.size }
}
