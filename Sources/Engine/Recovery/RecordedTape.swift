import Journal
import MarketModel

/// The trades of everybody that earlier runs have left in their journals: market contexts of the
/// next run begin with them, and the venue is asked only for what came after.
///
/// Trades have numbers without gaps, so what is known is the unbroken piece from the first one on
/// that a context wants. Which one is first, the venue has told an earlier run, or the one before it
/// is known. Runs at another venue, and trades counted in another way (`trades: agg_trade`), are
/// left out. Settings of contexts may have changed: they are computed anew from the trades.
struct RecordedTape {
    /// Most trades that are kept, about 150 MB; those behind them the venue is asked for.
    private static let capacity = 2_000_000

    private let tape: TapeStart
    private let areAggregates: Bool
    private let venue: String
    /// In the order in which they were journaled.
    private var trades: [Trade] = []
    /// The first trade that is wanted, and the newest that is older; `none` while unknown.
    private var first = TradeID.none
    private var newestBefore = TradeID.none

    /// `venue` as ``AccountIdentity/place(_:)`` has it.
    init(_ tape: TapeStart, areAggregates: Bool, venue: String) {
        self.tape = tape
        self.areAggregates = areAggregates
        self.venue = venue + " "
    }

    /// Adds the trades of the run in `directory`. What its damage hides is not known.
    mutating func add(_ directory: String) {
        do throws(JournalFailure) {
            try read(directory)
        } catch {
            return
        }
    }

    private mutating func read(_ directory: String) throws(JournalFailure) {
        try JournalVersions.requirePresent(in: directory)
        var reader = try JournalReader(directory: directory)
        /// What the run's records call the instrument.
        var number: InstrumentIndex?
        var isFirst = false
        while let record = try reader.next() {
            switch record.type {
            case .name:
                let isAccount = record.name == JournalName(.account, 0)
                if isAccount, !record.text.hasPrefix(venue) { return }
            case .instrument:
                guard let known = record.payload(as: Instrument.self),
                    known.symbol == tape.instrument.symbol
                else { continue }
                if !hasSameUnits(known) { return }
                number = known.index
            case .trade:
                guard let trade = record.payload(as: Trade.self), trade.instrument == number else {
                    continue
                }
                take(trade)
            case .history:
                guard let piece = record.payload(as: HistoricTrade.self),
                    piece.trade.instrument == number
                else { continue }
                switch piece.mark {
                case .begins: isFirst = piece.trade.venueTime <= tape.start
                case .trade:
                    if isFirst, piece.trade.venueTime >= tape.start {
                        first = piece.trade.id
                        isFirst = false
                    }
                    take(piece.trade)
                case .ends, .unavailable: break
                }
            default: break
            }
        }
    }

    private func hasSameUnits(_ other: Instrument) -> Bool {
        other.priceScale == tape.instrument.priceScale
            && other.quantityScale == tape.instrument.quantityScale
    }

    private mutating func take(_ trade: Trade) {
        if trade.isAggregate != areAggregates || trade.id == .none { return }
        if trade.venueTime < tape.start {
            newestBefore = TradeID(max(newestBefore.raw, trade.id.raw))
            return
        }
        if trades.count == Self.capacity { return }
        trades.append(trade)
        trades[trades.count - 1].instrument = tape.instrument.index
    }

    /// The unbroken piece, oldest first; empty where its beginning is not known, or where two
    /// trades claim the same number.
    func unbroken() -> [Trade] {
        var next = first.raw
        if newestBefore != .none {
            if first != .none, first.raw != newestBefore.raw + 1 { return [] }
            next = newestBefore.raw + 1
        } else if first == .none {
            return []
        }
        var piece: [Trade] = []
        for trade in trades.sorted(by: { $0.id.raw < $1.id.raw }) {
            if trade.id.raw < next {
                guard let last = piece.last, last.isSame(as: trade) else { return [] }
                continue
            }
            if trade.id.raw > next { break }
            piece.append(trade)
            next += 1
        }
        return piece
    }
}

extension Trade {
    /// Whether both records tell of the same trade; streams and archives may round times
    /// differently, to milliseconds.
    func isSame(as other: Trade) -> Bool {
        id == other.id && price == other.price && quantity == other.quantity
            && aggressor == other.aggressor
            && venueTime.milliseconds == other.venueTime.milliseconds
    }
}
