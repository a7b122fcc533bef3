import MarketModel

/// Drives every symbol's agents through one Poisson process of events.
final class AgentMarket {
    private let exchange: Exchange
    private var agents: [SymbolAgents]
    /// Running sums of the symbols' activity, to draw one in proportion.
    private let cumulativeActivity: [Double]
    private var random: RandomSource
    private var nextEvent: Timestamp
    private let meanGap: Double

    /// After a stall the market goes on from here instead of catching up without end.
    static let longestBacklog = Nanoseconds.milliseconds(250)

    init(exchange: Exchange, configuration: AgentConfiguration, now: Timestamp) {
        self.exchange = exchange
        agents = exchange.markets.compactMap { market in
            guard let engine = market.matcher as? MatchingEngine else { return nil }
            return SymbolAgents(
                market: market, engine: engine, configuration: configuration, now: now)
        }
        var sum = 0.0
        cumulativeActivity = exchange.markets.map { market in
            sum += market.configuration.activity
            return sum
        }
        random = RandomSource(seed: SplitMix64.seed(configuration.seed, for: "arrivals"))
        meanGap = configuration.eventsPerSecond > 0 ? 1e9 / configuration.eventsPerSecond : 0
        nextEvent = configuration.eventsPerSecond > 0 ? now : .never
        if meanGap > 0 { nextEvent = now + nextGap() }
    }

    /// When the next event is due.
    var nextDeadline: Timestamp { nextEvent }

    /// Plays the events due by `now`, at most `limit`; how many there were.
    func advance(to now: Timestamp, limit: Int) -> Int {
        if nextEvent != .never, now - nextEvent > Self.longestBacklog {
            nextEvent = now - Self.longestBacklog
        }
        var count = 0
        while nextEvent <= now, count < limit {
            // What is due from before an order that has traded since comes behind it.
            step(at: max(nextEvent, exchange.newestTime))
            nextEvent = nextEvent + nextGap()
            count += 1
        }
        return count
    }

    private func step(at time: Timestamp) {
        let draw = random.uniform() * (cumulativeActivity.last ?? 0)
        let index = min(
            cumulativeActivity.firstIndex { draw < $0 } ?? 0, agents.count - 1)
        agents[index].step(now: time, on: exchange)
    }

    private func nextGap() -> Nanoseconds {
        Nanoseconds(Int64(random.exponential() * meanGap) + 1)
    }
}
