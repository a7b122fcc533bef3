import MarketModel

/// A record that may be read back from a journal's bytes.
///
/// The bytes of enumerations and Booleans are checked before they are taken for one: a journal
/// is data from outside.
public protocol JournalPayload: BitwiseCopyable {
    /// Every byte that has fewer than 256 valid values.
    static var journalChoices: [JournalChoice] { get }
    /// How version 1 laid it out; `nil` where that has not changed.
    static var formerLayout: FormerLayout? { get }
}

extension JournalPayload {
    public static var formerLayout: FormerLayout? { nil }
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

    /// An enumeration whose cases are numbered from 0 in memory, as those without payloads are.
    init<Root, Value: CaseIterable>(_ field: KeyPath<Root, Value>) {
        self.init(field, UInt8(Value.allCases.count))
    }
}

extension Trade: JournalPayload {
    public static let journalChoices = [
        JournalChoice(\Trade.aggressor), JournalChoice(\Trade.isAggregate, 2),
    ]
}

extension HistoricTrade: JournalPayload {
    public static let journalChoices = [
        JournalChoice(\HistoricTrade.trade.aggressor),
        JournalChoice(\HistoricTrade.trade.isAggregate, 2), JournalChoice(\HistoricTrade.mark),
    ]
}

extension TopOfBook: JournalPayload {
    public static let journalChoices: [JournalChoice] = []
}

extension DepthHeader: JournalPayload {
    public static let journalChoices = [JournalChoice(\DepthHeader.isSnapshot, 2)]
}

extension Candle: JournalPayload {
    public static let journalChoices = [JournalChoice(\Candle.marks, 4)]
}

extension ExecutionReport: JournalPayload {
    public static let journalChoices = [
        JournalChoice(\ExecutionReport.executionType),
        JournalChoice(\ExecutionReport.status), JournalChoice(\ExecutionReport.side),
        JournalChoice(\ExecutionReport.type), JournalChoice(\ExecutionReport.timeInForce),
        JournalChoice(\ExecutionReport.isMaker, 2), JournalChoice(\ExecutionReport.isWorking, 2),
    ]
    /// Without `preventedQuantity`.
    public static let formerLayout: FormerLayout? = FormerLayout(
        115, [.init(from: 0..<80, to: 0), .init(from: 80..<115, to: 88)])
}

extension RequestReply: JournalPayload {
    public static let journalChoices = [
        JournalChoice(\RequestReply.outcome), JournalChoice(\RequestReply.cancel),
    ]
}

extension Balance: JournalPayload {
    public static let journalChoices: [JournalChoice] = []
}

extension LinkState: JournalPayload {
    public static let journalChoices = [JournalChoice(\LinkState.event)]
}

extension Command: JournalPayload {
    public static let journalChoices = [JournalChoice(\Command.kind)]
}

extension OrderRequest: JournalPayload {
    public static let journalChoices = [
        JournalChoice(\OrderRequest.kind), JournalChoice(\OrderRequest.side),
        JournalChoice(\OrderRequest.type), JournalChoice(\OrderRequest.timeInForce),
        JournalChoice(\OrderRequest.isReduceOnly, 2),
        JournalChoice(\OrderRequest.mayKeepReplaced, 2),
        JournalChoice(\OrderRequest.contingency),
        JournalChoice(\OrderRequest.terms.selfTradePrevention),
        JournalChoice(\OrderRequest.restriction), JournalChoice(\OrderRequest.cancelsAtLimit, 2),
    ]
    /// Of `terms` it had the amount of quote asset alone, and no lists.
    public static let formerLayout: FormerLayout? = FormerLayout(
        65,
        [
            .init(from: 0..<40, to: 0), .init(from: 40..<48, to: 48),
            .init(from: 48..<65, to: 72),
        ])
}

extension Timestamp: JournalPayload {
    public static let journalChoices: [JournalChoice] = []
}

extension Instrument: JournalPayload {
    public static let journalChoices = [
        JournalChoice(\Instrument.status), JournalChoice(\Instrument.priceScale, 19),
        JournalChoice(\Instrument.quantityScale, 19), JournalChoice(\Instrument.priceDecimals, 19),
        JournalChoice(\Instrument.quantityDecimals, 19),
        JournalChoice(\Instrument.minNotionalAppliesToMarket, 2),
        JournalChoice(\Instrument.maxNotionalAppliesToMarket, 2),
    ]
    /// Without the bounds of conditional orders, icebergs and lists.
    public static let formerLayout: FormerLayout? = FormerLayout(
        264, [.init(from: 0..<236, to: 0), .init(from: 240..<264, to: 264)])
}
