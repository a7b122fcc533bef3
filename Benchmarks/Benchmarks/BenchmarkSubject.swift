/// What can be measured.
package enum BenchmarkSubject: String, CaseIterable, Sendable {
    case ring, codec, book, indicators, capacity, risk, tls, journal, wire, clock, decision
    case tickToOrder = "tick-to-order"

    /// One line for people.
    package var summary: String {
        switch self {
        case .ring: "Rings between two cores."
        case .codec: "Venue messages to records."
        case .book: "A level into the book, the best prices out."
        case .indicators: "A tick through indicators, a trade through a market context."
        case .capacity: "Messages a second through codec, book and ten indicators."
        case .risk: "All pre-trade checks of an order."
        case .tls: "TLS records opened and sealed."
        case .journal: "Appending to the journal."
        case .wire: "WebSocket frames, and messages through loopback."
        case .clock: "A time stamp and its entry in a histogram."
        case .decision: "A sealed tick in, a sealed order out, without a kernel."
        case .tickToOrder: "The same over loopback, open loop, from the intended send time."
        }
    }

    /// Runs it to its end. Blocks for seconds.
    package func run(_ options: BenchmarkOptions) throws -> BenchmarkReport {
        switch self {
        case .ring: try RingBenchmark.run(options)
        case .codec: try CodecBenchmark.run(options)
        case .book: try BookBenchmark.run(options)
        case .indicators: try IndicatorBenchmark.run(options)
        case .capacity: try CapacityBenchmark.run(options)
        case .risk: try RiskBenchmark.run(options)
        case .tls: try TLSBenchmark.run(options)
        case .journal: try JournalBenchmark.run(options)
        case .wire: try WireBenchmark.run(options)
        case .clock: try ClockBenchmark.run(options)
        case .decision: try DecisionBenchmark.run(options)
        case .tickToOrder: try TickToOrderBenchmark.run(options)
        }
    }
}
