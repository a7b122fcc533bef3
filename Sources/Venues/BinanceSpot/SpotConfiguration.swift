import Codec
import MarketModel
import Wire

/// What a session is told about the venue and itself.
public struct SpotConfiguration: Sendable {
    /// One host and port.
    public struct Endpoint: Sendable {
        public var host: String
        public var port: UInt16

        public init(host: String, port: UInt16) {
            self.host = host
            self.port = port
        }
    }

    /// What goes over REST while the WebSocket API is down.
    public enum OrderEntry: BitwiseCopyable, Sendable {
        /// Nothing.
        case webSocket
        /// Cancels, questions, and orders that close positions.
        case closingOverREST
        case everythingOverREST
    }

    /// How the venue writes its messages; requests are JSON always.
    public enum Encoding: Sendable {
        case json
        /// Simple Binary Encoding. Market data in it needs an Ed25519 key and has neither aggregate
        /// trades nor candles.
        case binary
    }

    public var rest: Endpoint
    public var streams: Endpoint
    /// Where market data in the binary encoding is to be had.
    public var binaryStreams: Endpoint
    public var marketEncoding = Encoding.json
    /// Of answers and of the account's events.
    public var ordersEncoding = Encoding.json
    public var webSocketAPI: Endpoint
    public var apiKey: String
    /// How long after its timestamp the venue may still accept a request, milliseconds.
    public var receiveWindow = 5_000
    /// `aggTrade` rather than `trade`.
    public var usesAggregateTrades = false
    /// Depth stream interval: 100 or 1000 ms.
    public var depthMilliseconds = 100
    /// Intervals of the venue's candle streams ("1m"); none: no such streams.
    public var candleIntervals: [String] = []
    /// Levels a side of a depth snapshot: 5...5000.
    public var snapshotLevels = 1_000
    public var limits = LinkLimits()
    /// The venue's rate limits, from its rules.
    public var rateLimits: [RateLimitRule] = []
    /// A WebSocket connection this old is replaced; the venue ends it after 24 hours.
    public var connectionAge: Int64 = 23 * 3_600_000_000_000
    /// A market stream silent for this long has its connection replaced; 0: none is watched.
    public var streamPatience: Int64 = 60_000_000_000
    public var orderEntry = OrderEntry.closingOverREST
    /// How long the WebSocket API is down before orders go over REST.
    public var fallbackPatience: Int64 = 5_000_000_000
    /// Of messages kept while a market connection is about to take over; what finds no room makes
    /// it take over at once.
    public var backlogBytes = 4 << 20
    public var backoffBase: Int64 = 100_000_000
    public var backoffCap: Int64 = 10_000_000_000
    /// How often the venue's clock is read.
    public var clockInterval: Int64 = 10_000_000_000
    /// Hand every message of the venue on as it came, ahead of its records.
    public var recordsFrames = false
    /// Cancel what an earlier run left open, once, before the session counts as up.
    public var cancelsLeftovers = true
    /// Requests that would change orders are encoded and signed, and never sent.
    public var isDryRun = false
    /// Seeds of masks and of the backoff's jitter.
    public var seed: UInt64 = 1

    public init(
        rest: Endpoint, streams: Endpoint, binaryStreams: Endpoint, webSocketAPI: Endpoint,
        apiKey: String
    ) {
        self.rest = rest
        self.streams = streams
        self.binaryStreams = binaryStreams
        self.webSocketAPI = webSocketAPI
        self.apiKey = apiKey
    }

    /// Where link `link` connects to.
    public func endpoint(_ link: Int) -> Endpoint {
        switch link {
        case SpotLink.market, SpotLink.relief:
            marketEncoding == .json ? streams : binaryStreams
        case SpotLink.orders, SpotLink.orderRelief: webSocketAPI
        default: rest
        }
    }

    /// What is subscribed to for each instrument.
    var streamKinds: [StreamKind] {
        let kinds: [StreamKind] = [.top, .trade, .depth]
        return marketEncoding == .json && !candleIntervals.isEmpty ? kinds + [.candle] : kinds
    }

    /// What the market link's server is asked for: the key opens the binary streams.
    func streamFields() -> [(name: String, value: String)] {
        marketEncoding == .json ? [] : [("X-MBX-APIKEY", apiKey)]
    }

    /// The path of the WebSocket API (binance-spot.md, sections 3.2 and 15.3). Times in
    /// microseconds, as binary messages have them: records are the same in both encodings.
    func orderPath() -> String {
        switch ordersEncoding {
        case .json: "/ws-api/v3?timeUnit=MICROSECOND"
        case .binary: "/ws-api/v3?responseFormat=sbe&sbeSchemaId=3&sbeSchemaVersion=5"
        }
    }

    /// The path of the combined streams of these instruments (binance-spot.md, sections 3.1 and
    /// 15.2).
    func streamPath(_ instruments: [Instrument]) -> String {
        if marketEncoding == .binary {
            let names = instruments.flatMap { instrument in
                ["bestBidAsk", "trade", "depth"].map {
                    "\(instrument.symbol.text.lowercased())@\($0)"
                }
            }
            return "/stream?streams=" + names.joined(separator: "/")
        }
        let trades = usesAggregateTrades ? "aggTrade" : "trade"
        let names = instruments.flatMap { instrument in
            let symbol = instrument.symbol.text.lowercased()
            let depth =
                depthMilliseconds == 100 ? "\(symbol)@depth@100ms" : "\(symbol)@depth"
            return ["\(symbol)@bookTicker", "\(symbol)@\(trades)", depth]
                + candleIntervals.map { "\(symbol)@kline_\($0)" }
        }
        return "/stream?timeUnit=MICROSECOND&streams=" + names.joined(separator: "/")
    }
}
