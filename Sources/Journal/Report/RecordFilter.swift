import MarketModel

/// Which records a listing shows.
public struct RecordFilter: Equatable, Sendable {
    /// Empty: every type.
    public var types: Set<JournalRecordType> = []
    public var sequences: ClosedRange<UInt64> = 0...UInt64.max
    /// A symbol; records without an instrument are left out then. `nil`: all.
    public var instrument: String?
    /// Most records to show; `nil`: all.
    public var limit: Int?

    public init() {}

    func admits(_ record: JournalRecordView, _ symbols: [UInt16: String]) -> Bool {
        guard sequences.contains(record.sequence) else { return false }
        if !types.isEmpty {
            guard let type = record.type, types.contains(type) else { return false }
        }
        guard let instrument else { return true }
        guard let index = record.instrument else { return false }
        return symbols[index.raw] == instrument
    }
}

extension JournalRecordView {
    /// The instrument that the record concerns; `nil` for none.
    public var instrument: InstrumentIndex? {
        let index: InstrumentIndex? =
            switch type {
            case .instrument: payload(as: Instrument.self)?.index
            case .trade: payload(as: Trade.self)?.instrument
            case .history: payload(as: HistoricTrade.self)?.trade.instrument
            case .topOfBook: payload(as: TopOfBook.self)?.instrument
            case .depth: payload(as: DepthHeader.self)?.instrument
            case .candle: payload(as: Candle.self)?.instrument
            case .executionReport: payload(as: ExecutionReport.self)?.instrument
            case .linkState: payload(as: LinkState.self)?.instrument
            case .command: payload(as: Command.self)?.instrument
            case .decision: payload(as: OrderRequest.self)?.instrument
            default: nil
            }
        return index == InstrumentIndex.none ? nil : index
    }
}
