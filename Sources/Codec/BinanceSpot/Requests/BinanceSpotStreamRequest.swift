import MarketModel

/// Names of market data streams and the requests that (un)subscribe them.
///
/// The venue takes five incoming messages a second and connection: put all names in one request
/// (binance-spot.md, section 3.1).
public enum BinanceSpotStreamRequest {
    /// One kind of stream of a symbol.
    public enum Stream: Sendable, Equatable {
        case trade
        case aggregateTrade
        case bookTicker
        /// Every 100 ms.
        case depth
        /// The best 5, 10 or 20 levels every 100 ms.
        case partialDepth(levels: Int)
        /// `interval` as the venue writes it: `1s 1m 3m ... 1d 3d 1w 1M`.
        case candle(interval: String)
    }

    /// `btcusdt@trade` and the like.
    public static func name(_ stream: Stream, of symbol: ShortName) -> String {
        let lower = symbol.text.lowercasedASCII
        return switch stream {
        case .trade: lower + "@trade"
        case .aggregateTrade: lower + "@aggTrade"
        case .bookTicker: lower + "@bookTicker"
        case .depth: lower + "@depth@100ms"
        case .partialDepth(let levels): lower + "@depth\(levels)@100ms"
        case .candle(let interval): lower + "@kline_\(interval)"
        }
    }

    /// SUBSCRIBE to all these streams.
    public static func subscribe(_ names: [String], id: UInt64) -> String {
        request("SUBSCRIBE", names, id)
    }

    /// UNSUBSCRIBE from all these streams.
    public static func unsubscribe(_ names: [String], id: UInt64) -> String {
        request("UNSUBSCRIBE", names, id)
    }

    private static func request(_ method: String, _ names: [String], _ id: UInt64) -> String {
        let list = names.map(JSONText.quoted).joined(separator: ",")
        return "{\"method\":\"\(method)\",\"params\":[\(list)],\"id\":\(id)}"
    }
}

/// Paths of the public REST requests that the engine makes (binance-spot.md, section 6).
public enum BinanceSpotRESTPath {
    /// Weight 1.
    public static var time: String { "/api/v3/time" }

    /// The rules of these symbols. Weight 20.
    public static func exchangeInfo(symbols: [ShortName]) -> String {
        let list = symbols.map { "%22\($0.text.percentEncoded)%22" }.joined(separator: ",")
        return "/api/v3/exchangeInfo?symbols=%5B\(list)%5D&showPermissionSets=false"
    }

    /// `limit` at most 5000; weight 5, 25, 50, 250 for limits up to 100, 500, 1000, 5000.
    public static func depth(symbol: ShortName, limit: Int) -> String {
        "/api/v3/depth?symbol=\(symbol.text.percentEncoded)&limit=\(limit)"
    }
}

/// JSON texts made of strings, on cold paths.
enum JSONText {
    /// The string as a JSON string, quotes included.
    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\u{0}"..<"\u{20}":
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}

extension String {
    /// Small letters for A to Z; all else stays.
    var lowercasedASCII: String {
        String(decoding: utf8.map { $0 &- 65 < 26 ? $0 + 32 : $0 }, as: UTF8.self)
    }

    /// Percent-encoded for a query: all bytes but the unreserved ones of RFC 3986.
    var percentEncoded: String {
        var bytes: [UInt8] = []
        for byte in utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "_"), UInt8(ascii: "~"):
                bytes.append(byte)
            default:
                let digits = Array("0123456789ABCDEF".utf8)
                bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
