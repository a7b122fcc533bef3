/// A piece of the trades of one instrument that were asked for afterwards, for market contexts.
@frozen
public struct HistoricTrade: BitwiseCopyable, Sendable, Equatable {
    /// What it says.
    public enum Mark: UInt8, BitwiseCopyable, Sendable, CaseIterable {
        /// All trades since the trade's venue time are going to come; it is none itself.
        case begins
        /// A trade, upwards.
        case trade
        /// The venue has no more at present.
        case ends
        /// The venue does not tell the rest.
        case unavailable

        @inlinable @inline(__always)
        public static func == (left: Mark, right: Mark) -> Bool {
            unsafeBitCast(left, to: UInt8.self) == unsafeBitCast(right, to: UInt8.self)
        }
    }

    public var trade: Trade
    public var mark: Mark

    @_noLocks
    public init(_ trade: Trade) {
        self.trade = trade
        mark = .trade
    }

    /// No trade, but a word about an instrument's trades; `moment` is where they begin.
    public init(
        _ mark: Mark, _ instrument: InstrumentIndex, moment: Timestamp = .unknown
    ) {
        trade = Trade(
            instrument: instrument, id: .none, price: .zero, quantity: .zero, aggressor: .buy,
            venueTime: moment, receiveTime: .unknown)
        self.mark = mark
    }
}
