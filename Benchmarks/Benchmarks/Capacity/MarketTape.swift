import Codec
import Emulator
import MarketModel

/// Market data messages in memory, in the order in which they came.
///
/// The first of them join the book to its snapshot; what is measured begins behind that.
final class MarketTape: @unchecked Sendable {
    // SAFETY: written once, in `init`; lives as long as the tape.
    enum Kind: Int, CaseIterable {
        case top, trade, depth, other

        var name: String {
            switch self {
            case .top: "bookTicker"
            case .trade: "trade"
            case .depth: "depth"
            case .other: "other"
            }
        }
    }

    struct Frame: BitwiseCopyable {
        var bytes: UnsafePointer<UInt8>
        var count: Int
        var time: Timestamp
    }

    /// Frames up to and with the snapshot.
    let opening: UnsafeBufferPointer<Frame>
    /// Those behind it, and the kind of each.
    let frames: UnsafeBufferPointer<Frame>
    let kinds: [Kind]
    /// Levels in all diffs behind the snapshot.
    let levelCount: Int
    private let bytes: UnsafeMutablePointer<UInt8>
    private let all: UnsafeMutablePointer<Frame>

    /// Decoders read so far behind a message.
    private static let slack = 64

    fileprivate init(_ writer: MarketTapeWriter) throws(BenchmarkFailure) {
        guard let start = writer.start, start < writer.places.count else {
            throw BenchmarkFailure("no snapshot with messages behind it: there is no book to keep")
        }
        bytes = .allocate(capacity: writer.bytes.count + Self.slack)
        bytes.initialize(repeating: 0, count: writer.bytes.count + Self.slack)
        for (index, byte) in writer.bytes.enumerated() { bytes[index] = byte }
        all = .allocate(capacity: writer.places.count)
        for (index, place) in writer.places.enumerated() {
            (all + index).initialize(
                to: Frame(
                    bytes: UnsafePointer(bytes + place.offset), count: place.count,
                    time: place.time))
        }
        opening = UnsafeBufferPointer(start: all, count: start)
        frames = UnsafeBufferPointer(start: all + start, count: writer.places.count - start)
        kinds = writer.places[start...].map(\.kind)
        levelCount = writer.places[start...].reduce(0) { $0 + $1.levels }
    }

    deinit {
        bytes.deallocate()
        all.deallocate()
    }

    /// The messages of recorded captures of BTCUSDT on Binance Spot, in the order of the files.
    static func recorded(_ paths: [String]) throws -> MarketTape {
        let reader = try CaptureReader(paths: paths)
        var writer = MarketTapeWriter()
        while let line = reader.next() {
            try writer.append(line.message, at: line.time)
        }
        if let failure = reader.failure { throw failure }
        return try writer.finish()
    }

    /// How many of a kind, in per cent of all.
    func share(of kind: Kind) -> Double {
        100 * Double(kinds.count { $0 == kind }) / Double(kinds.count)
    }
}

/// Collects the messages of a tape; the real decoder says what each is.
struct MarketTapeWriter {
    fileprivate struct Place {
        var offset: Int
        var count: Int
        var time: Timestamp
        var kind: MarketTape.Kind
        var levels = 0
    }

    fileprivate var bytes: [UInt8] = []
    fileprivate var places: [Place] = []
    /// The first message behind the first snapshot.
    fileprivate var start: Int?
    private let decoder = MarketLine.decoder()

    /// Throws for what is malformed or of another instrument.
    mutating func append(
        _ message: some Collection<UInt8>, at time: Timestamp
    ) throws(BenchmarkFailure) {
        var place = Place(offset: bytes.count, count: message.count, time: time, kind: .other)
        bytes.append(contentsOf: message)
        let text = SampleText(Array(message))
        defer { text.bytes.deallocate() }
        switch decoder.decode(text.bytes, text.count, receiveTime: time) {
        case .top: place.kind = .top
        case .trade: place.kind = .trade
        case .depth(let header):
            place.kind = .depth
            place.levels = header.levelCount
            if header.isSnapshot, start == nil { start = places.count + 1 }
        case .malformed(let failure):
            throw BenchmarkFailure(
                "message \(places.count + 1) is none of \(SampleMarket.symbol) on Binance Spot: "
                    + failure.words)
        case .trades, .candle, .acknowledged, .serverShutdown, .ignored: break
        }
        places.append(place)
    }

    mutating func append(_ message: String, at time: Timestamp) throws(BenchmarkFailure) {
        try append(Array(message.utf8), at: time)
    }

    func finish() throws(BenchmarkFailure) -> MarketTape { try MarketTape(self) }
}
