import MarketModel

/// A recorded message taken apart as far as the replayed book needs it.
///
/// Independent of the engine's own decoder on purpose: a fault there cannot hide here.
enum CaptureFrame {
    case bookTicker(updateID: Int64, BookTop)
    case trade(PublicTrade)
    case depth(DepthDiff, time: Timestamp)
    case snapshot(DepthDiff)

    /// Reads a payload; `nil` for messages of another kind or with broken content.
    static func parse(_ payload: UnsafeRawBufferPointer) -> CaptureFrame? {
        var scanner = CaptureScanner(payload)
        var fields = Fields()
        guard scanner.readObject({ fields.take($0, &$1) }) else { return nil }
        return fields.frame
    }
}

/// The members that market messages share, whatever their order.
private struct Fields {
    private var event: UInt8 = 0
    private var eventTime: Int64 = 0
    private var tradeTime: Int64 = 0
    private var tradeID: Int64 = -1
    private var price: Int64 = 0
    private var quantity: Int64 = 0
    private var buyerIsMaker = false
    private var firstID: Int64 = -1
    private var lastID: Int64 = -1
    private var snapshotID: Int64 = -1
    private var bids: [BookLevel] = []
    private var asks: [BookLevel] = []
    private var top = BookTop()

    mutating func take(_ key: CaptureScanner.Key, _ scanner: inout CaptureScanner) -> Bool {
        switch key {
        case "e":
            guard let first = scanner.readStringStart() else { return false }
            event = first
            return true
        case "E": return scanner.readInteger(into: &eventTime)
        case "T": return scanner.readInteger(into: &tradeTime)
        case "t": return scanner.readInteger(into: &tradeID)
        case "p": return scanner.readDecimal(into: &price)
        case "q": return scanner.readDecimal(into: &quantity)
        case "m": return scanner.readBoolean(into: &buyerIsMaker)
        case "U": return scanner.readInteger(into: &firstID)
        case "u": return scanner.readInteger(into: &lastID)
        case "lastUpdateId": return scanner.readInteger(into: &snapshotID)
        case "b", "bids": return readBids(&scanner)
        case "a", "asks": return readAsks(&scanner)
        case "B": return scanner.readDecimal(into: &top.bidQuantity.raw)
        case "A": return scanner.readDecimal(into: &top.askQuantity.raw)
        default: return scanner.skipValue()
        }
    }

    /// Milliseconds, or the microseconds that were asked for: 10^14 of them were over in 1973.
    private static func moment(_ value: Int64) -> Timestamp {
        value < 100_000_000_000_000
            ? Timestamp(milliseconds: value) : Timestamp(nanoseconds: value &* 1_000)
    }

    // `b` and `a` are level lists in diffs, prices in tickers, order ids in old trades.
    private mutating func readBids(_ scanner: inout CaptureScanner) -> Bool {
        if scanner.isAtArray { return scanner.readLevels(into: &bids) }
        guard scanner.isAtString else { return scanner.skipValue() }
        return scanner.readDecimal(into: &top.bidPrice.raw)
    }

    private mutating func readAsks(_ scanner: inout CaptureScanner) -> Bool {
        if scanner.isAtArray { return scanner.readLevels(into: &asks) }
        guard scanner.isAtString else { return scanner.skipValue() }
        return scanner.readDecimal(into: &top.askPrice.raw)
    }

    var frame: CaptureFrame? {
        if snapshotID >= 0 {
            return .snapshot(
                DepthDiff(
                    firstUpdateID: snapshotID, lastUpdateID: snapshotID, bids: bids, asks: asks))
        }
        switch event {
        case UInt8(ascii: "t") where tradeID >= 0:
            return .trade(
                PublicTrade(
                    id: tradeID, price: Price(raw: price), quantity: Quantity(raw: quantity),
                    time: Self.moment(tradeTime),
                    takerSide: buyerIsMaker ? .sell : .buy))
        case UInt8(ascii: "d") where firstID >= 0:
            return .depth(
                DepthDiff(firstUpdateID: firstID, lastUpdateID: lastID, bids: bids, asks: asks),
                time: Self.moment(eventTime))
        case 0 where lastID >= 0:
            return .bookTicker(updateID: lastID, top)
        default: return nil
        }
    }
}

/// Walks JSON text without building values; every read says whether the text was as expected.
struct CaptureScanner {
    private let bytes: UnsafeRawBufferPointer
    private var index = 0

    /// A member's name, compared in place with a literal.
    struct Key {
        fileprivate let bytes: Slice<UnsafeRawBufferPointer>

        static func ~= (literal: StaticString, key: Key) -> Bool {
            guard literal.utf8CodeUnitCount == key.bytes.count else { return false }
            for (offset, byte) in key.bytes.enumerated()
            where byte != literal.utf8Start[offset] {
                return false
            }
            return true
        }
    }

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    private var current: UInt8 { index < bytes.count ? bytes[index] : 0 }
    var isAtArray: Bool { current == UInt8(ascii: "[") }
    var isAtString: Bool { current == UInt8(ascii: "\"") }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard current == UInt8(ascii: character) else { return false }
        index += 1
        return true
    }

    /// Reads an object's members with `body`, which must consume each value.
    mutating func readObject(_ body: (Key, inout CaptureScanner) -> Bool) -> Bool {
        guard take("{") else { return false }
        if take("}") { return true }
        repeat {
            guard let key = readString(), take(":"), body(Key(bytes: key), &self) else {
                return false
            }
        } while take(",")
        return take("}")
    }

    mutating func readString() -> Slice<UnsafeRawBufferPointer>? {
        guard take("\"") else { return nil }
        let start = index
        while index < bytes.count, bytes[index] != UInt8(ascii: "\"") {
            index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1
        }
        guard index < bytes.count else { return nil }
        index += 1
        return bytes[start..<(index - 1)]
    }

    mutating func readStringStart() -> UInt8? { readString()?.first }

    mutating func readInteger(into value: inout Int64) -> Bool {
        let isNegative = take("-")
        let start = index
        var result: Int64 = 0
        while current &- UInt8(ascii: "0") <= 9, index - start < 18 {
            result = result * 10 + Int64(current - UInt8(ascii: "0"))
            index += 1
        }
        value = isNegative ? -result : result
        return index > start
    }

    /// A quoted decimal in units of 1e-8; more digits than that are refused.
    mutating func readDecimal(into value: inout Int64) -> Bool {
        guard let text = readString(),
            let base = UnsafeRawBufferPointer(rebasing: text).baseAddress
        else { return false }
        let parsed = try? parseDecimal(
            base.assumingMemoryBound(to: UInt8.self), count: text.count, scale: Money.scale)
        guard let parsed, parsed >= 0 else { return false }
        value = parsed
        return true
    }

    mutating func readBoolean(into value: inout Bool) -> Bool {
        value = current == UInt8(ascii: "t")
        return skipValue()
    }

    mutating func readLevels(into levels: inout [BookLevel]) -> Bool {
        guard take("[") else { return false }
        if take("]") { return true }
        repeat {
            var level = BookLevel(price: .zero, quantity: .zero)
            guard take("["), readDecimal(into: &level.price.raw), take(","),
                readDecimal(into: &level.quantity.raw), take("]")
            else { return false }
            levels.append(level)
        } while take(",")
        return take("]")
    }

    /// Steps over a value of any kind.
    mutating func skipValue() -> Bool {
        if isAtString { return readString() != nil }
        var depth = 0
        let start = index
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "\""):
                guard readString() != nil else { return false }
                continue
            case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: "]"), UInt8(ascii: "}"):
                if depth == 0 { return index > start }
                depth -= 1
            case UInt8(ascii: ",") where depth == 0: return index > start
            default: break
            }
            index += 1
        }
        return false
    }
}
