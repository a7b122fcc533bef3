import MarketModel

/// A journal as lines of JSON, filtered.
public struct JournalListing: ~Copyable {
    private var reader: JournalReader
    private var text = RecordText()
    private var symbols: [UInt16: String] = [:]
    private let filter: RecordFilter
    private var shown = 0

    /// Keys as ``RecordText`` documents them; `follow` as in ``JournalReader``.
    public init(
        directory: String, lane: UInt8? = nil, filter: RecordFilter = RecordFilter(),
        follow: Bool = false
    ) throws(JournalFailure) {
        reader = try JournalReader(directory: directory, lane: lane, follow: follow)
        self.filter = filter
    }

    /// Whether no later record can be shown: the limit or the end of the range is reached.
    public var isComplete: Bool {
        if let limit = filter.limit, shown >= limit { return true }
        return reader.nextSequence > filter.sequences.upperBound
    }

    /// The next line without its end, or `nil` at the end.
    public mutating func next() throws(JournalFailure) -> String? {
        while !isComplete, let record = try reader.next() {
            text.learn(record)
            if record.type == .instrument, let it = record.payload(as: Instrument.self) {
                symbols[it.index.raw] = it.symbol.text
            }
            if filter.admits(record, symbols) {
                shown += 1
                return text.line(record)
            }
        }
        return nil
    }
}
