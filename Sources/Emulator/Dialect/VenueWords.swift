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
    init?(venueText: String) {
        guard let type = Self.allCases.first(where: { $0.venueText.description == venueText })
        else { return nil }
        self = type
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

extension SelfTradePreventionMode {
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
        case .decrement: "DECREMENT"
        case .transfer: "TRANSFER"
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

    /// As ``time(_:_:)``, -1 when it is not known.
    mutating func timeOrNone(_ time: Timestamp, _ unit: TimeUnit) {
        if time == .unknown { integer(-1) } else { self.time(time, unit) }
    }

    mutating func quotedRaw(_ word: StaticString) {
        raw("\"")
        raw(word)
        raw("\"")
    }
}
