import Yams

/// What a simulation consists of: how long, how busy, and which faults how often.
public struct SimulationPlan: Codable, Equatable, Sendable {
    /// How often a fault strikes, and between which of its turns.
    public struct Fault: Codable, Equatable, Sendable {
        /// Probability at each occasion, 0...1.
        public var rate: Double
        /// Its first strikes are left out, and there are no more than so many after them.
        public var skip: Int
        public var limit: Int

        public init(rate: Double, skip: Int = 0, limit: Int = 1_000_000) {
            self.rate = rate
            self.skip = skip
            self.limit = limit
        }
    }

    /// Simulated seconds with faults.
    public var seconds: Double
    /// Orders and cancels of the public market a second.
    public var marketEvents: Double
    /// Price levels a side that the public quotes within; `nil`: 60. Where there are few, nearly every
    /// order changes the top of the book.
    public var levels: Int?
    /// One-way delay of the network, microseconds.
    public var latency: Double
    /// Seconds after the last fault in which the engine must trade again.
    public var recovery: Double
    /// By name of ``FaultKind``.
    public var faults: [String: Fault]
    /// Whether the lane keeps itself warm, as often as it can; `nil`: no.
    public var keepsWarm: Bool?
    /// The record of the first journal that the engine does not survive; `nil`: none.
    public var crashAt: UInt64?

    /// Microseconds between two turns of both sides, which take all that has come since: what happens
    /// within is told in one piece, as on a machine that is busy. `nil`: a turn for every event.
    public var turnInterval: Double?

    /// Seconds from a disconnect in which the engine must trade again while others still strike; `nil`:
    /// that is not judged.
    public var outage: Double?
    /// Seconds, in whole milliseconds, that the engine waits for an answer to a request; `nil`: one.
    public var patience: Double?
    /// How market data are written; `nil`: in SBE for every eighth seed. That is for accounts with a key,
    /// which log on.
    public var marketData: MarketData?
    /// Size of a segment of the journal, KiB; `nil`: 128, so that each is soon full.
    public var segment: Int?

    /// The venue's two ways to write market data.
    public enum MarketData: String, Codable, Equatable, Sendable {
        case json, sbe
    }

    public init(
        seconds: Double, marketEvents: Double = 400, latency: Double = 300, recovery: Double = 5,
        faults: [FaultKind: Fault] = [:]
    ) {
        self.seconds = seconds
        self.marketEvents = marketEvents
        self.latency = latency
        self.recovery = recovery
        self.faults = Dictionary(uniqueKeysWithValues: faults.map { ($0.name, $1) })
    }

    /// No faults at all.
    public static func calm(seconds: Double) -> SimulationPlan { SimulationPlan(seconds: seconds) }

    /// Faults of every kind, each rare enough that trading goes on between them.
    public static func rough(seconds: Double) -> SimulationPlan {
        var faults: [FaultKind: Fault] = [:]
        for kind in FaultKind.allCases { faults[kind] = Fault(rate: kind.usualRate) }
        return SimulationPlan(seconds: seconds, faults: faults)
    }

    /// A slow network with reports and answers in any order, while the venue and the account's owner
    /// cancel: races that are rare elsewhere.
    public static func stormy(seconds: Double) -> SimulationPlan {
        SimulationPlan(
            seconds: seconds, latency: 40_000,
            faults: [
                .lateReport: Fault(rate: 0.3), .lateAcknowledgement: Fault(rate: 0.4),
                .lostAcknowledgement: Fault(rate: 0.05), .jitter: Fault(rate: 0.2),
                .venueCancel: Fault(rate: 0.8), .ownerCancel: Fault(rate: 0.8),
            ])
    }

    /// A slow network that breaks: what takes several round trips seldom ends as it began.
    public static func breaking(seconds: Double) -> SimulationPlan {
        SimulationPlan(
            seconds: seconds, latency: 40_000,
            faults: [
                .reset: Fault(rate: 0.002), .endOfStream: Fault(rate: 0.002),
                .disconnectMidMessage: Fault(rate: 0.002), .stall: Fault(rate: 0.001),
            ])
    }

    /// A network as near as another process, whose connections break now and then and do nothing
    /// worse: the engine trades again within a second of each.
    public static func disconnecting(seconds: Double) -> SimulationPlan {
        var plan = SimulationPlan(
            seconds: seconds,
            faults: [
                .reset: Fault(rate: 0.000_3), .endOfStream: Fault(rate: 0.000_3),
                .disconnectMidMessage: Fault(rate: 0.000_3),
            ])
        plan.outage = 1
        return plan
    }

    /// A slow network, an account without money now and then and a clock that jumps ahead: new orders are
    /// refused for the one, and late; cancels for the other, and at once.
    public static func refusing(seconds: Double) -> SimulationPlan {
        var plan = SimulationPlan(
            seconds: seconds, latency: 150_000, recovery: 15,
            faults: [
                .fundsLock: Fault(rate: 1), .clockJump: Fault(rate: 0.5),
                .lateRefusal: Fault(rate: 1),
            ])
        // Longer than the clock jumps, or whatever is under way counts as lost.
        plan.patience = 4
        return plan
    }

    /// A stream that loses trades, so that market contexts ask for them, and an archive that answers in
    /// every way that it should not.
    public static func forgetting(seconds: Double) -> SimulationPlan {
        var plan = SimulationPlan(seconds: seconds, faults: [.drop: Fault(rate: 0.002)])
        // Seldom enough that an engine comes through all that it asks at its start.
        for kind in FaultKind.allCases where kind.isOfArchive { plan[kind] = Fault(rate: 0.03) }
        for kind in [.lateHistory, .shortHistory, .overlappingHistory] as [FaultKind] {
            plan[kind] = Fault(rate: 0.3)
        }
        return plan
    }

    /// A slow network whose connections are told that they will end, often sooner than others can
    /// follow them, while the venue and the account's owner cancel.
    public static func hasty(seconds: Double) -> SimulationPlan {
        SimulationPlan(
            seconds: seconds, latency: 40_000,
            faults: [
                .hastyRetirement: Fault(rate: 0.4), .venueCancel: Fault(rate: 0.8),
                .ownerCancel: Fault(rate: 0.8),
            ])
    }

    subscript(kind: FaultKind) -> Fault? {
        get { faults[kind.name] }
        set { faults[kind.name] = newValue }
    }

    // MARK: - YAML

    /// Reads a plan; throws what is wrong with it, in words.
    public init(yaml text: String) throws(SimulationFailure) {
        do {
            self = try YAMLDecoder().decode(SimulationPlan.self, from: text)
        } catch {
            throw .plan("\(error)")
        }
        let known = Set(FaultKind.allCases.map(\.name))
        if let unknown = faults.keys.sorted().first(where: { !known.contains($0) }) {
            throw .plan("there is no fault '\(unknown)'")
        }
        if !(seconds > 0 && seconds <= 1_000_000) || !(0...1_000_000).contains(marketEvents)
            || !(1...1_000_000).contains(latency) || !(0...3_600).contains(recovery)
            || !(1...5_000).contains(levels ?? 1) || !(0...3_600).contains(outage ?? 0)
            || !(0...1_000).contains(turnInterval ?? 0) || !(0.01...60).contains(patience ?? 1)
            || !(64...1_048_576).contains(segment ?? 64)
            || faults.values.contains(where: { !(0...1).contains($0.rate) || $0.limit < 0 })
        {
            throw .plan("a value is out of range")
        }
    }

    public var yaml: String {
        let encoder = YAMLEncoder()
        encoder.options.sortKeys = true
        return (try? encoder.encode(self)) ?? ""
    }
}

/// Why a simulation could not begin.
public enum SimulationFailure: Error, CustomStringConvertible {
    case plan(String)
    case setUp(String)

    public var description: String {
        switch self {
        case .plan(let what): "the plan cannot be used: \(what)"
        case .setUp(let what): "the simulation cannot be set up: \(what)"
        }
    }
}

extension FaultKind {
    /// The rate in ``SimulationPlan/rough(seconds:)``.
    var usualRate: Double {
        switch self {
        case .jitter, .lateRefusal, .lateHistory, .shortHistory, .overlappingHistory: 0.1
        case .split, .merge, .shortWrite: 0.05
        case .unknownField, .duplicate: 0.002
        case .reorder, .drop: 0.000_5
        case .crossedTop, .crossedBook: 0.001
        case .unansweredPing: 0.002
        case .diskShortWrite, .diskUncut: 0.02
        case .drip, .stall: 0.000_3
        case .lateAcknowledgement, .lateReport, .duplicateReport: 0.01
        case .lostAcknowledgement, .staleReport: 0.003
        case .lostReport, .unknownStatus: 0.001
        case .noAnswer, .emptyAnswer, .pageAnswer, .serverError, .tooManyRequests, .cutAnswer,
            .staleSnapshot, .earlySnapshot, .corruptHead:
            0.02
        case .banned: 0.005
        case .acceptThenSilence, .connectRefused, .connectSilence: 0.03
        case .disconnectMidMessage, .reset, .endOfStream, .halfOpen, .truncated, .invalidText,
            .wrongType, .hugeNumber, .corruptFrame, .closeCode:
            0.000_1
        case .oversized: 0.000_02
        case .commandHalt, .commandCancelAll, .venueCancel, .ownerCancel: 0.04
        case .commandLimit: 0.4
        case .streamExpiry, .clockStep, .exchangeClockStep, .clockDrift, .exchangeDrift, .diskFull,
            .diskSlow:
            0.02
        default: 0.01
        }
    }
}
