import Codec
import MarketModel
import TickToTrade
import Venues
import Wire

/// What an idle lane does so that the next decision finds its code and tables in the caches.
///
/// It reads a message, checks an order, writes it, frames it and seals it, all of them made up: no
/// order, counter, sequence number or record comes of it, and nothing is sent. Book, indicators,
/// strategy and journal are left out, because a made-up message would change what they hold. An
/// input that arrives meanwhile waits for the rest of one round, below a microsecond.
@usableFromInline
struct KeepWarm: ~Copyable {
    /// Zero: never.
    @usableFromInline var interval: Nanoseconds
    @usableFromInline var next = Timestamp.unknown
    private var rehearsal = SendRehearsal()
    private let text: UnsafeMutablePointer<UInt8>
    private let message: UnsafeMutablePointer<UInt8>
    private let messageCount: Int
    private let instrument = InstrumentIndex(0)

    /// `interval` is the time between two rounds; `symbol` is of the first instrument.
    init(every interval: Nanoseconds, symbol: String) {
        self.interval = interval
        text = .allocate(capacity: BinanceSpotOrderEncoder.maximumCount)
        text.initialize(repeating: 0, count: BinanceSpotOrderEncoder.maximumCount)
        let bytes = Array(
            (#"{"stream":"\#(symbol.lowercased())@bookTicker","data":{"u":1,"s":"\#(symbol)","#
                + #""b":"1.00000000","B":"1.00000000","a":"2.00000000","A":"1.00000000"}}"#).utf8)
        messageCount = bytes.count
        message = .allocate(capacity: bytes.count + 64)
        message.initialize(repeating: 0, count: bytes.count + 64)
        for (index, byte) in bytes.enumerated() { message[index] = byte }
    }

    deinit {
        text.deallocate()
        message.deallocate()
    }

    /// Whether a round is due.
    @inlinable @inline(__always) @_noLocks
    func isDue(_ now: Timestamp) -> Bool { interval.count > 0 && now >= next }

    /// One round.
    @usableFromInline @_noLocks
    mutating func run(
        _ session: borrowing SpotSession, _ state: UnsafeMutablePointer<TradingState>,
        _ now: Timestamp
    ) {
        next = now + interval
        let request = state.pointee.rehearse(instrument, now: now)
        let count = session.rehearse(
            reading: message, messageCount, writing: request, at: now, into: text)
        if count > 0 { rehearsal.run(text, count) }
    }
}
