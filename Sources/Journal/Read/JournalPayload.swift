import MarketModel

/// A record that may be read back from a journal's bytes.
///
/// The bytes of enumerations and Booleans are checked before they are taken for one: a journal
/// is data from outside.
public protocol JournalPayload: BitwiseCopyable {
    /// Every byte that has fewer than 256 valid values.
    static var journalChoices: [JournalChoice] { get }
}

/// A byte of a record that holds an enumeration's tag or a Boolean.
public struct JournalChoice: Sendable {
    /// Where it lies in the record.
    public let offset: Int
    /// Valid are 0..<count.
    public let count: UInt8

    init<Root, Value>(_ field: KeyPath<Root, Value>, _ count: UInt8) {
        precondition(MemoryLayout<Value>.size == 1, "a choice is one byte")
        guard let offset = MemoryLayout<Root>.offset(of: field) else {
            preconditionFailure("a choice is a stored field")
        }
        self.offset = offset
        self.count = count
    }
}

extension Trade: JournalPayload {
    public static let journalChoices = [
        JournalChoice(\Trade.aggressor, 2), JournalChoice(\Trade.isAggregate, 2),
    ]
}

extension TopOfBook: JournalPayload {
    public static let journalChoices: [JournalChoice] = []
}

extension DepthHeader: JournalPayload {
    public static let journalChoices = [JournalChoice(\DepthHeader.isSnapshot, 2)]
}

extension Candle: JournalPayload {
    public static let journalChoices = [JournalChoice(\Candle.isClosed, 2)]
}

extension ExecutionReport: JournalPayload {
    public static let journalChoices = [
        JournalChoice(\ExecutionReport.executionType, 9),
        JournalChoice(\ExecutionReport.status, 9), JournalChoice(\ExecutionReport.side, 2),
        JournalChoice(\ExecutionReport.type, 7), JournalChoice(\ExecutionReport.timeInForce, 4),
        JournalChoice(\ExecutionReport.isMaker, 2), JournalChoice(\ExecutionReport.isWorking, 2),
    ]
}

extension RequestReply: JournalPayload {
    public static let journalChoices = [
        JournalChoice(\RequestReply.outcome, 4), JournalChoice(\RequestReply.didCancel, 2),
    ]
}

extension Balance: JournalPayload {
    public static let journalChoices: [JournalChoice] = []
}

extension LinkState: JournalPayload {
    public static let journalChoices = [JournalChoice(\LinkState.event, 7)]
}

extension Command: JournalPayload {
    public static let journalChoices = [JournalChoice(\Command.kind, 12)]
}

extension OrderRequest: JournalPayload {
    public static let journalChoices = [
        JournalChoice(\OrderRequest.kind, 5), JournalChoice(\OrderRequest.side, 2),
        JournalChoice(\OrderRequest.type, 7), JournalChoice(\OrderRequest.timeInForce, 4),
        JournalChoice(\OrderRequest.isReduceOnly, 2),
    ]
}

extension Timestamp: JournalPayload {
    public static let journalChoices: [JournalChoice] = []
}

extension Instrument: JournalPayload {
    public static let journalChoices = [
        JournalChoice(\Instrument.status, 3), JournalChoice(\Instrument.priceScale, 19),
        JournalChoice(\Instrument.quantityScale, 19), JournalChoice(\Instrument.priceDecimals, 19),
        JournalChoice(\Instrument.quantityDecimals, 19),
        JournalChoice(\Instrument.minNotionalAppliesToMarket, 2),
        JournalChoice(\Instrument.maxNotionalAppliesToMarket, 2),
    ]
}
