import Emulator
import Telemetry

/// The exchange in one line: when it is ready, while it runs, when it ends.
enum ExchangeText {
    static func ready(
        _ configuration: ExchangeConfiguration, port: UInt16, binaryPort: UInt16,
        authority: String, _ statistics: ExchangeStatistics
    ) -> String {
        let symbols = configuration.symbols.map(\.symbol).joined(separator: " ")
        let core = configuration.core.map { ", core \($0)" } ?? ""
        let binary = binaryPort == 0 ? "" : "SBE streams at \(binaryPort), "
        return "exchange ready at https://\(configuration.address):\(port), " + binary
            + "CA \(authority), \(symbols), \(market(configuration.market))\(core)"
            + state(configuration.state, statistics)
    }

    private static func state(
        _ state: StateConfiguration, _ statistics: ExchangeStatistics
    ) -> String {
        guard let directory = state.directory else { return "" }
        let torn = statistics.stateBytesDiscarded
        return ", state in \(directory) with \(statistics.ordersRestored) open orders"
            + (torn > 0 ? ", cut off \(torn) bytes that a crash left unfinished" : "")
    }

    static func market(_ market: ExchangeConfiguration.MarketSource) -> String {
        switch market {
        case .agents(let agents):
            return "agents with seed \(agents.seed) at \(FigureText.rate(agents.eventsPerSecond))"
        case .replay(let replay):
            let files = replay.files.joined(separator: " ")
            switch replay.pace {
            case .unthrottled: return "replay of \(files) as fast as it is read"
            case .multiple(let factor):
                let speed = factor == factor.rounded() ? "\(Int(factor))" : "\(factor)"
                return "replay of \(files) at \(speed)x"
            }
        }
    }

    /// Totals, and rates over `seconds` since `earlier` when there was one.
    static func statistics(
        _ now: ExchangeStatistics, since earlier: ExchangeStatistics? = nil, seconds: Double = 0
    ) -> String {
        func figure(_ name: String, _ value: KeyPath<ExchangeStatistics, Int64>) -> String {
            let total = "\(name) \(FigureText.count(now[keyPath: value]))"
            guard let earlier, seconds > 0 else { return total }
            let change = Double(now[keyPath: value] - earlier[keyPath: value])
            return total + " (\(FigureText.rate(change / seconds)))"
        }
        var words = [
            "connections \(now.connectionsAccepted - now.connectionsClosed) open of "
                + "\(now.connectionsAccepted)",
            figure("market events", \.marketEvents), figure("sent", \.messagesSent),
            figure("received", \.messagesReceived), figure("REST", \.restRequests),
            FigureText.bytes(now.messageBytesSent),
        ]
        if now.slowConsumers > 0 { words.append("slow consumers dropped \(now.slowConsumers)") }
        if now.protocolFailures > 0 { words.append("broken clients \(now.protocolFailures)") }
        if now.rateLimitRefusals > 0 {
            words.append("beyond a rate limit \(now.rateLimitRefusals)")
        }
        if now.bans > 0 { words.append("bans \(now.bans)") }
        if now.depthMessagesDropped > 0 {
            words.append("diffs left out \(now.depthMessagesDropped)")
        }
        if now.isReplayFinished > 0 { words.append("replay finished") }
        if now.isReplayTruncated > 0 { words.append("the capture could not be read to its end") }
        return words.joined(separator: "  ")
    }
}
