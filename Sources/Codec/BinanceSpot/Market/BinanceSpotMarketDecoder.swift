import MarketModel

/// Binance Spot market data streams (JSON), raw or combined, to records.
///
/// Two readers: one takes the documented key order for granted and verifies it word by word; what
/// it does not accept goes to the other, which reads keys in any order. Both give the same records
/// (binance-spot.md, sections 3.1 and 4). No allocation, no copy of text; O(n) in the message.
///
/// Not to be used by two threads at once with the same level scratch.
public struct BinanceSpotMarketDecoder: BitwiseCopyable, @unchecked Sendable {
    let directory: InstrumentDirectory
    /// The levels of the last `.depth`, bids first, then asks.
    public let levels: UnsafeMutablePointer<BookLevel>
    /// Levels that fit the scratch; a message with more is `.malformed(.tooManyLevels)`.
    public let levelCapacity: Int
    /// The instrument of messages that name none: partial depth on a raw connection.
    let soleInstrument: InstrumentIndex

    /// A decoder that writes levels to `levels`, which must outlive it.
    public init(
        directory: InstrumentDirectory, levels: UnsafeMutablePointer<BookLevel>,
        levelCapacity: Int, soleInstrument: InstrumentIndex = .none
    ) {
        self.directory = directory
        self.levels = levels
        self.levelCapacity = levelCapacity
        self.soleInstrument = soleInstrument
    }

    /// Decodes one text message of `count` bytes.
    ///
    /// - Precondition: 64 bytes after the message are readable; their content does not matter.
    @_noLocks
    public func decode(
        _ bytes: UnsafePointer<UInt8>, _ count: Int, receiveTime: Timestamp
    ) -> MarketFrame {
        var frame = MarketFrame.ignored(.unrecognized)
        decode(bytes, count, receiveTime: receiveTime, into: &frame)
        return frame
    }

    /// The same into a place of the caller's, without a copy of the frame.
    @_noLocks
    public func decode(
        _ bytes: UnsafePointer<UInt8>, _ count: Int, receiveTime: Timestamp,
        into frame: inout MarketFrame
    ) {
        if decodeInDocumentedOrder(bytes, count, receiveTime: receiveTime, into: &frame) { return }
        frame = decodeInAnyOrder(bytes, count, receiveTime: receiveTime)
    }

    /// `m`, "the buyer is the maker": then the aggressor sold (BUG-001).
    @_noLocks @inline(__always)
    static func aggressor(isBuyerMaker: Bool) -> Side {
        isBuyerMaker ? .sell : .buy
    }

    /// Venue trades in an aggregate: from `first` to `last` id.
    @_noLocks @inline(__always)
    static func tradeCount(first: Int64, last: Int64) -> UInt32? {
        guard first >= 0, last >= first else { return nil }
        return UInt32(clamping: (last &- first) &+ 1)
    }

    /// An empty ask side is announced as price 0; to the engine it is the highest price.
    @_noLocks @inline(__always)
    static func askPrice(_ raw: Int64) -> Price {
        raw == 0 ? .highest : Price(raw: raw)
    }
}
