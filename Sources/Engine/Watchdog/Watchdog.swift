import Logging
import Machine
import MarketModel
import Wire

/// The dead-man's switch: watches an engine's heartbeat from another process and cancels the
/// engine's open orders at the venue when it stops.
///
/// It shares nothing with the engine but the file and the account. Orders are looked for until two
/// passes a second apart find none, since what the engine has sent last may still be on its way.
public struct Watchdog {
    /// What a look has found, for whoever runs the watchdog.
    public enum Finding: Sendable {
        /// No engine has been seen at work yet; `isPresent`: there is a heartbeat to be proven.
        case waiting(isPresent: Bool)
        case beating
        case ended
        /// Stopped; `isSettled`: no order of the engine is open any more.
        case silent(isSettled: Bool)
    }

    /// Between two looks.
    public let interval: Nanoseconds
    /// The last pass over the open orders could not be ended; in words.
    public private(set) var failure: StartFailure?

    private let configuration: RunConfiguration
    private let credentials: Credentials
    private let tls: TLSClientContext
    private let facts: VenueFacts
    private let clock: TSCClock
    private let logger: Logger
    private var watch: HeartbeatWatch
    private var emptyPasses = 0
    private var nextPass: Int64 = 0

    private static let emptyPassesToSettle = 2
    private static let passInterval = Nanoseconds.seconds(1)

    /// Reads keys and trust and asks the venue for its facts, so that nothing is found missing
    /// only when it is needed.
    public init(
        _ configuration: RunConfiguration, environment: [String: String], logger: Logger
    ) throws {
        self.configuration = configuration
        self.logger = logger
        clock = .calibrated()
        if !configuration.allowsCoreDumps { ProcessMemory.forbidDumps() }
        credentials = try Credentials.load(configuration.credentials, environment: environment)
        tls = try LiveEngine.trust(configuration)
        watch = HeartbeatWatch(patience: configuration.watchdog.patience)
        interval = Nanoseconds(min(configuration.watchdog.patience.count / 20, 100_000_000))
        var inquiry = try LiveEngine.inquiry(configuration, credentials, tls, clock, logger)
        facts = try inquiry.ask(symbols: configuration.instruments.map(\.symbol))
        logger.info(
            "watching",
            metadata: [
                "heartbeat": "\(configuration.watchdog.heartbeat)",
                "patience_ms": "\(configuration.watchdog.patience.count / 1_000_000)",
            ])
    }

    /// Looks once and does what must be done; blocks while the venue is asked.
    public mutating func look() -> Finding {
        let before = watch.verdict
        let silence = watch.silence
        let reading = HeartbeatReading(path: configuration.watchdog.heartbeat)
        let verdict = watch.look(reading, at: clock.now())
        if verdict != before { tell(verdict, after: before, silence) }
        switch verdict {
        case .waiting: return .waiting(isPresent: reading != nil)
        case .beating: return .beating
        case .ended: return .ended
        case .silent:
            if emptyPasses < Self.emptyPassesToSettle, clock.now() >= nextPass { sweep() }
            return .silent(isSettled: emptyPasses >= Self.emptyPassesToSettle)
        }
    }

    private mutating func tell(
        _ verdict: HeartbeatWatch.Verdict, after before: HeartbeatWatch.Verdict, _ silence: Int64
    ) {
        let process: Logger.Metadata = ["process": "\(watch.last?.process ?? 0)"]
        switch verdict {
        case .waiting: break
        case .beating where before == .silent:
            var metadata = process
            metadata["silent_ms"] = "\(silence / 1_000_000)"
            logger.notice("the engine is back", metadata: metadata)
        case .beating: logger.info("the engine runs", metadata: process)
        case .ended: logger.info("the engine has ended in order", metadata: process)
        case .silent:
            emptyPasses = 0
            nextPass = 0
            logger.critical(
                "the engine's heartbeat has stopped, its open orders are cancelled",
                metadata: process)
        }
    }

    private mutating func sweep() {
        var pass = OrderSweep()
        var quietUntil: Int64 = 0
        do {
            // A connection of its own: one that was kept for days may be dead.
            var inquiry = try LiveEngine.inquiry(configuration, credentials, tls, clock, logger)
            inquiry.longestPause = 0
            defer { quietUntil = inquiry.quietUntil }
            try pass.run(facts, &inquiry)
            failure = nil
        } catch {
            failure = error as? StartFailure ?? .machine("\(error)")
        }
        nextPass = max(clock.now() + Self.passInterval.count, quietUntil)
        emptyPasses = failure == nil && pass.foundNothing ? emptyPasses + 1 : 0
        tell(pass)
    }

    private func tell(_ pass: OrderSweep) {
        for (symbol, orders) in pass.canceled.sorted(by: { $0.key < $1.key }) {
            logger.warning(
                "orders cancelled",
                metadata: [
                    "instrument": "\(symbol)", "count": "\(orders.count)",
                    "orders": .array(orders.map { "\($0)" }),
                ])
        }
        for refusal in pass.refused {
            logger.error("the venue refused a cancel", metadata: ["detail": "\(refusal)"])
        }
        if let failure {
            logger.error(
                "orders may still be open, next attempt follows",
                metadata: [
                    "cause": "\(failure)",
                    "wait_ms": "\(max(nextPass - clock.now(), 0) / 1_000_000)",
                ])
        }
        if emptyPasses == Self.emptyPassesToSettle {
            logger.warning("no order of the engine is open")
        }
    }
}
