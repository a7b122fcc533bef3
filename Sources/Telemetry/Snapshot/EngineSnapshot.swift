import MarketModel

/// Everything an operator sees of a running engine at one moment.
///
/// A plain value: the engine fills it from counters and rings, the panel, the control socket and
/// the exit report read it. Durations are nanoseconds, times nanoseconds since 1970 UTC, money and
/// prices exact decimals; what is not known is absent, never zero (BUG-158).
public struct EngineSnapshot: Codable, Sendable, Equatable {
    public var timeNanoseconds: Int64
    public var uptimeNanoseconds: Int64
    /// The run's identifier, the same in journal, logs and reports.
    public var run: String
    public var mode: EngineMode
    /// Requests are made ready and not sent.
    public var isDryRun = false
    public var state: EngineState
    /// Why it is halted or stopping; absent while it trades.
    public var reason: String?

    public var connections: [ConnectionFigures] = []
    /// The venue's rate limits; those it has not told are absent.
    public var budgets: [BudgetFigures] = []
    public var instruments: [InstrumentFigures] = []
    /// One entry a market context that strategies look at.
    public var contexts: [ContextFigures] = []
    public var strategies: [StrategyFigures] = []
    public var totals = TotalFigures()
    public var rates = RateFigures()
    public var rings: [RingFigures] = []
    /// One entry a stage, in the order data flows.
    public var latencies: [StageFigures] = []
    public var journal = JournalFigures()
    public var audits = AuditFigures()
    /// One line on the machine: processor, kernel, what was permitted.
    public var machine = ""

    public init(
        time: Timestamp, uptime: Nanoseconds, run: String, mode: EngineMode, state: EngineState,
        reason: String? = nil
    ) {
        timeNanoseconds = time.nanoseconds
        uptimeNanoseconds = uptime.count
        self.run = run
        self.mode = mode
        self.state = state
        self.reason = reason
    }

    /// Where orders go, and in capitals when none does.
    public var world: String { mode.words(isDryRun: isDryRun) }

    public var time: Timestamp { Timestamp(nanoseconds: timeNanoseconds) }
    public var uptime: Nanoseconds { Nanoseconds(uptimeNanoseconds) }
}

/// Where orders go: three kinds that are never mixed.
public enum EngineMode: String, Codable, Sendable, CaseIterable {
    /// The exchange of this project, on hosts of the user's choice.
    case emulated
    case testnet
    /// Real money.
    case live

    /// The name, and in capitals that nothing is sent.
    public func words(isDryRun: Bool) -> String { rawValue + (isDryRun ? " DRY RUN" : "") }
}

public enum EngineState: String, Codable, Sendable, CaseIterable {
    case starting
    case trading
    /// No new risk: entries are cancelled, cancels and reduce-only orders pass.
    case halted
    case stopping
}

/// One connection to a venue.
public struct ConnectionFigures: Codable, Sendable, Equatable {
    public enum State: String, Codable, Sendable, CaseIterable {
        case connecting, handshaking, open, closing, closed
    }

    /// What it carries: `market`, `orders`, `user`, `rest`.
    public var name: String
    public var state: State
    public var reconnects: Int64 = 0
    public var messages: Int64 = 0
    /// Since the last message; absent before the first.
    public var lastMessageAgeNanoseconds: Int64?
    /// The last ping's round trip; absent before the first pong.
    public var roundTripNanoseconds: Int64?

    public init(name: String, state: State) {
        self.name = name
        self.state = state
    }
}

/// One of the venue's rate limits and what has been used of it in the current window.
public struct BudgetFigures: Codable, Sendable, Equatable {
    public var name: String
    public var used: Int64
    public var limit: Int64

    public init(name: String, used: Int64, limit: Int64) {
        self.name = name
        self.used = used
        self.limit = limit
    }
}

/// One instrument: its market and what the engine holds of it.
public struct InstrumentFigures: Codable, Sendable, Equatable {
    public var symbol: String
    public var bid: ExactDecimal?
    public var bidQuantity: ExactDecimal?
    public var ask: ExactDecimal?
    public var askQuantity: ExactDecimal?
    public var last: ExactDecimal?
    /// Whether the book is in step with the venue; nothing is traded while it is not.
    public var isBookValid = false
    public var resyncs: Int64 = 0
    /// In base units, short negative.
    public var position = ExactDecimal.zero
    public var averageEntry: ExactDecimal?
    /// Profit and fees in the quote asset; unrealised is absent without a valid mark.
    public var unrealised: ExactDecimal?
    public var realised = ExactDecimal.zero
    public var fees = ExactDecimal.zero
    public var openOrders: Int = 0

    public init(symbol: String) { self.symbol = symbol }
}

/// One running strategy.
public struct StrategyFigures: Codable, Sendable, Equatable {
    public var name: String
    public var kind: String
    public var isRunning: Bool
    public var instruments: [String] = []

    public init(name: String, kind: String, isRunning: Bool) {
        self.name = name
        self.kind = kind
        self.isRunning = isRunning
    }
}

/// What has happened since the start of the run.
public struct TotalFigures: Codable, Sendable, Equatable {
    /// The asset of equity and profit.
    public var asset = ""
    public var equity: ExactDecimal?
    /// Realised and unrealised, before and after fees.
    public var pnlGross = ExactDecimal.zero
    public var pnlNet = ExactDecimal.zero
    public var fees = ExactDecimal.zero
    /// The same as they were paid.
    public var feesByAsset: [AssetFees] = []
    public var marketMessages: Int64 = 0
    public var ordersSent: Int64 = 0
    public var cancelsSent: Int64 = 0
    public var fills: Int64 = 0
    public var canceled: Int64 = 0
    public var expired: Int64 = 0
    /// Refused by the venue, by its reason.
    public var rejected: [ReasonCount] = []
    /// Refused here by pre-trade risk, by rule; one order may break several.
    public var denied: [ReasonCount] = []
    /// Orders whose fate no answer told yet.
    public var unknown: Int64 = 0
    public var halts: Int64 = 0

    public init() {}

    public var rejects: Int64 { rejected.reduce(0) { $0 + $1.count } }
    public var denials: Int64 { denied.reduce(0) { $0 + $1.count } }
}

/// How often something happened for one reason.
public struct ReasonCount: Codable, Sendable, Equatable {
    public var reason: String
    public var count: Int64

    public init(reason: String, count: Int64) {
        self.reason = reason
        self.count = count
    }
}

/// Events a second between two snapshots.
public struct RateFigures: Codable, Sendable, Equatable {
    public var marketMessages = 0.0
    public var orders = 0.0
    public var cancels = 0.0
    public var fills = 0.0
    public var rejects = 0.0
    public var denials = 0.0

    public init() {}

    /// From two states of the totals and the time between them; zero when no time passed.
    public init(from earlier: TotalFigures, to later: TotalFigures, over span: Nanoseconds) {
        guard span.count > 0 else { return }
        let seconds = Double(span.count) / 1e9
        func rate(_ value: (TotalFigures) -> Int64) -> Double {
            Double(value(later) - value(earlier)) / seconds
        }
        marketMessages = rate(\.marketMessages)
        orders = rate(\.ordersSent)
        cancels = rate(\.cancelsSent)
        fills = rate(\.fills)
        rejects = rate(\.rejects)
        denials = rate(\.denials)
    }
}

/// One ring between threads.
public struct RingFigures: Codable, Sendable, Equatable {
    public var name: String
    public var depth: Int64 = 0
    public var capacity: Int64
    /// The fullest it has been.
    public var highWater: Int64 = 0
    /// Records lost; always 0 for a ring that may not lose.
    public var dropped: Int64 = 0

    public init(name: String, capacity: Int64) {
        self.name = name
        self.capacity = capacity
    }
}

/// The journal's progress.
public struct JournalFigures: Codable, Sendable, Equatable {
    public var directory = ""
    public var bytes: Int64 = 0
    public var records: Int64 = 0
    public var segment: Int64 = 0
    public var syncs: Int64 = 0
    /// Bytes written by the lane and not yet on the disk.
    public var lagBytes: Int64 = 0
    /// Hash over every record, known once the journal is closed.
    public var hash: String?

    public init() {}
}
