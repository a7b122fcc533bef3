import MarketModel

/// What a market stream tells of.
enum StreamKind: Int, CaseIterable, BitwiseCopyable {
    case top, trade, depth, candle

    var name: String {
        switch self {
        case .top: "best prices"
        case .trade: "trades"
        case .depth: "depth"
        case .candle: "candles"
        }
    }
}

/// When each stream of each instrument last said something.
///
/// One stream may fall silent while its connection speaks on. A stream that says nothing for the
/// configured patience is suspected, and the connection is replaced while it still speaks, which
/// costs nothing. A stream that is silent on the next one too is quiet by nature: its patience
/// doubles with each suspicion, up to an hour.
///
/// A handle over raw memory; times are our clock's nanoseconds.
struct StreamSilences: BitwiseCopyable {
    private struct Stream: BitwiseCopyable {
        var heard: Int64
        /// `max` for a stream that is not subscribed to.
        var patience: Int64
    }

    /// One suspected stream.
    struct Suspicion: Equatable {
        var slot: Int
        var kind: StreamKind
        var silence: Int64
    }

    private static var longestPatience: Int64 { 3_600_000_000_000 }
    private let streams: UnsafeMutablePointer<Stream>
    private let count: Int
    private let pause: Int64
    private var nextLook: Int64 = 0

    /// `kinds` are subscribed to for every instrument; a `patience` of 0 suspects nothing.
    init(instruments: Int, kinds: [StreamKind], patience: Int64) {
        count = instruments * 4
        streams = .allocate(capacity: count)
        for place in 0..<count {
            let isWatched = patience > 0 && kinds.contains { $0.rawValue == place & 3 }
            (streams + place).initialize(
                to: Stream(heard: .max, patience: isWatched ? patience : .max))
        }
        pause = max(patience / 8, 1)
    }

    func deallocate() { streams.deallocate() }

    /// A stream has said something. Hot.
    @_noLocks @inline(__always)
    func note(_ kind: StreamKind, _ slot: Int, _ now: Int64) {
        streams[slot &* 4 &+ kind.rawValue].heard = now
    }

    /// A connection has been opened, or has taken over: silence is counted from here.
    mutating func begin(_ now: Int64) {
        for place in 0..<count { streams[place].heard = now }
        nextLook = now + pause
    }

    /// The stream that has been silent for the longest beyond its patience; the patience of all
    /// that have is doubled. `nil` mostly: looks are an eighth of the patience apart.
    mutating func suspect(_ now: Int64) -> Suspicion? {
        if now < nextLook { return nil }
        nextLook = now + pause
        var found: Suspicion?
        for place in 0..<count where streams[place].patience != .max {
            let silence = now - streams[place].heard
            if silence < streams[place].patience { continue }
            streams[place].patience = min(streams[place].patience * 2, Self.longestPatience)
            if silence > found?.silence ?? 0, let kind = StreamKind(rawValue: place & 3) {
                found = Suspicion(slot: place / 4, kind: kind, silence: silence)
            }
        }
        return found
    }
}
