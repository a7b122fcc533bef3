import MarketModel

/// The venue's spelling of shared words.
extension Side {
    init?(venueText: String) {
        switch venueText {
        case "BUY": self = .buy
        case "SELL": self = .sell
        default: return nil
        }
    }

    var venueText: StaticString { self == .buy ? "BUY" : "SELL" }
}

extension OrderType {
    /// The types this exchange takes; conditional orders are refused as unknown.
    init?(venueText: String) {
        switch venueText {
        case "LIMIT": self = .limit
        case "LIMIT_MAKER": self = .limitMaker
        case "MARKET": self = .market
        default: return nil
        }
    }

    var venueText: StaticString {
        switch self {
        case .limit: "LIMIT"
        case .limitMaker: "LIMIT_MAKER"
        case .market: "MARKET"
        case .stopLoss: "STOP_LOSS"
        case .stopLossLimit: "STOP_LOSS_LIMIT"
        case .takeProfit: "TAKE_PROFIT"
        case .takeProfitLimit: "TAKE_PROFIT_LIMIT"
        }
    }
}

extension TimeInForce {
    init?(venueText: String) {
        switch venueText {
        case "GTC": self = .gtc
        case "IOC": self = .ioc
        case "FOK": self = .fok
        default: return nil
        }
    }

    /// Market and post-only orders are reported as good till cancelled.
    var venueText: StaticString {
        switch self {
        case .gtc, .none: "GTC"
        case .ioc: "IOC"
        case .fok: "FOK"
        }
    }
}

extension SelfTradePrevention {
    init?(venueText: String) {
        guard let mode = Self.allCases.first(where: { $0.text == venueText }) else { return nil }
        self = mode
    }

    var venueText: StaticString {
        switch self {
        case .none: "NONE"
        case .expireTaker: "EXPIRE_TAKER"
        case .expireMaker: "EXPIRE_MAKER"
        case .expireBoth: "EXPIRE_BOTH"
        }
    }

    private var text: String { venueText.description }
}

/// Milliseconds by default, microseconds on request (sheet section 2).
enum TimeUnit: Equatable {
    case milliseconds
    case microseconds

    func value(of time: Timestamp) -> Int64 {
        self == .milliseconds ? time.milliseconds : time.nanoseconds / 1_000
    }
}

extension TextBuffer {
    mutating func time(_ time: Timestamp, _ unit: TimeUnit) { integer(unit.value(of: time)) }

    mutating func quotedRaw(_ word: StaticString) {
        raw("\"")
        raw(word)
        raw("\"")
    }
}
