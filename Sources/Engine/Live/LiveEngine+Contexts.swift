import Logging
import MarketModel
import Telemetry
import TickToTrade

/// Market contexts for operators: on request, and in the log from time to time (CTX-14).
extension LiveEngine {
    public func contexts() -> [ContextFigures] {
        ContextReport(plan: plan).figures(builder.lane.board.read().contexts)
    }

    /// Sessions that have opened or closed since the last call, in the log.
    func logSessions() {
        let published = builder.lane.board.read().contexts
        for sentence in sessionWatch.look(published, plan.configuration.contexts) {
            logger.info("session", metadata: ["change": "\(sentence)"])
        }
    }

    /// Starts to log them every `telemetry.context_log`; `nil` where that is 0s or there are none.
    /// Ends with ``stop(because:flattening:)``.
    func watchContexts() -> Task<Void, Never>? {
        let interval = configuration.telemetry.contextLog.count
        if interval == 0 || plan.configuration.contexts.entries.isEmpty { return nil }
        return Task { [weak self] in
            while true {
                try? await Task.sleep(nanoseconds: UInt64(interval))
                guard !Task.isCancelled, let self else { return }
                await self.logContexts()
            }
        }
    }

    private func logContexts() {
        if isStopping { return }
        for one in contexts() { logger.info("market context", metadata: Self.metadata(one)) }
    }

    private static func metadata(_ one: ContextFigures) -> Logger.Metadata {
        var metadata: Logger.Metadata = [
            "instrument": "\(one.instrument)", "regime": "\(one.regime)",
            "delta": "\(one.cumulativeDelta)", "holes": "\(one.holes)",
        ]
        if let sessions = one.sessions {
            metadata["sessions"] = .array(sessions.map { "\($0)" })
        }
        if let day = one.day {
            metadata["vwap"] = "\(day.vwap)"
            metadata["poc"] = "\(day.pointOfControl)"
            metadata["val"] = "\(day.valueAreaLow)"
            metadata["vah"] = "\(day.valueAreaHigh)"
            metadata["day_delta"] = "\(day.delta)"
        }
        if let previous = one.previousDay {
            metadata["pdh"] = "\(previous.high)"
            metadata["pdl"] = "\(previous.low)"
        }
        let partial = [
            ("day", one.day?.isPartial ?? false), ("previous_day", one.previousDay?.isPartial ?? false),
            ("regime", one.isRegimePartial), ("delta", one.isDeltaPartial),
        ].filter(\.1).map(\.0)
        if !partial.isEmpty { metadata["partial"] = .array(partial.map { "\($0)" }) }
        return metadata
    }
}
