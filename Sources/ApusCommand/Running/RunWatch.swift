import Engine
import Foundation
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

    func untilEnd() async -> Reason {
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
                    FileHandle.standardOutput.write(Data((line + "\n").utf8))
                }
            }
            try? await Task.sleep(nanoseconds: 10_000_000)
        }
    }
}
