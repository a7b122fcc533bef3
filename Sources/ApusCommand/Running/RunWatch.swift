import Engine
import Foundation
import Logging
import MarketModel
import Telemetry

/// Watches a running engine: draws the panel or prints lines until something ends the run.
struct RunWatch {
    /// Why a run ends.
    struct Reason {
        var text: String
        var isFlattening = false
    }

    let engine: LiveEngine
    let interval: Nanoseconds
    /// Nanoseconds until the run ends by itself.
    let limit: Int64?
    let showsPanel: Bool
    let signals: StopSignals
    /// Lines for people; trading does not depend on them.
    var output: TolerantOutput

    /// How often the reasons to end are looked at.
    private static let glance: Duration = .milliseconds(10)

    init(
        engine: LiveEngine, interval: Nanoseconds, limit: Int64?, showsPanel: Bool,
        signals: StopSignals, logger: Logger
    ) {
        self.engine = engine
        self.interval = interval
        self.limit = limit
        self.showsPanel = showsPanel
        self.signals = signals
        output = TolerantOutput { reason in
            logger.warning(
                "standard output cannot be written; what is meant for it is dropped",
                metadata: ["cause": "\(reason)"])
        }
    }

    mutating func untilEnd() async -> Reason {
        var panel = showsPanel ? LivePanel(
                abilities: .current(environment: ProcessInfo.processInfo.environment)) : nil
        var reporter = PlainReporter(interval: .seconds(1))
        let started = ContinuousClock.now
        var nextSnapshot = started
        defer { panel?.close() }
        while true {
            if let signal = signals.request { return Reason(text: signal) }
            if let limit, ContinuousClock.now - started >= .nanoseconds(limit) {
                return Reason(text: "end of --duration")
            }
            switch await engine.wantsStop {
            case .none: break
            case .plain: return Reason(text: "shutdown command")
            case .flattening: return Reason(text: "shutdown command", isFlattening: true)
            }
            if await !engine.drainEvents() { return Reason(text: "the lane ended") }
            if ContinuousClock.now >= nextSnapshot {
                nextSnapshot = ContinuousClock.now + .nanoseconds(interval.count)
                let snapshot = await engine.snapshotNow()
                if panel != nil {
                    panel?.draw(snapshot)
                } else if let line = reporter.line(for: snapshot) {
                    output.printLine(line)
                }
            }
            try? await Task.sleep(for: Self.glance)
        }
    }

    /// Ends the engine in order; says once a second what it still waits for.
    mutating func stop(_ reason: Reason) async {
        let engine = engine
        let stopping = Task {
            await engine.stop(because: reason.text, flattening: reason.isFlattening)
        }
        let started = ContinuousClock.now
        var nextLine = started + .seconds(1)
        while await !engine.hasStopped {
            if ContinuousClock.now >= nextLine {
                nextLine += .seconds(1)
                output.printLine(progress(ContinuousClock.now - started))
            }
            try? await Task.sleep(for: Self.glance)
        }
        await stopping.value
    }

    private func progress(_ elapsed: Duration) -> String {
        let open = engine.openOrders
        let what =
            open.isEmpty
            ? "no order is open, closing the journal"
            : "\(open) still open, waiting for the venue until timeouts.shutdown is over"
        return "stopping for \(elapsed.components.seconds) s: \(what); Ctrl-C again ends at once"
    }
}
