import TickToTrade

/// What became of the orders of every contestant at every rate: the engine by each way its orders can
/// leave, and the floor.
struct TickToOrderContest {
    let ways: [BenchmarkOptions.Way]
    let schedules: [TickSchedule]
    private let hasFloor: Bool
    /// By way, then by schedule.
    var ours: [[AnsweredOrders]]
    var floor: [AnsweredOrders]
    var stages: [BenchmarkStage] = []
    private var refused: [RefusedOrders]

    init(_ options: BenchmarkOptions, _ schedules: [TickSchedule]) {
        ways = options.ways
        self.schedules = schedules
        hasFloor = options.hasFloor
        floor = schedules.map { _ in AnsweredOrders() }
        ours = ways.map { [floor] _ in floor }
        refused = ways.map { _ in RefusedOrders() }
    }

    mutating func take(_ refusals: RefusedOrders, of way: Int) { refused[way].add(refusals) }

    var rows: [BenchmarkRow] {
        schedules.indices.map { index in
            var row = BenchmarkRow(
                name: schedules[index].name, batch: 1,
                values: Distribution(ours[0][index].samples))
            if hasFloor { row.setFloor(Distribution(floor[index].samples)) }
            row.peers = ways.indices.dropFirst().map { way in
                BenchmarkPeer(
                    name: ways[way].name,
                    figures: Figures(Distribution(ours[way][index].samples)))
            }
            return row
        }
    }

    /// How many orders were late, denied or lost; a contestant a line.
    var notes: [String] {
        var lines = ways.indices.map { way in
            let name = ways.count > 1 ? ways[way].name : "engine"
            return AnsweredOrders.sum(ours[way]).line(name) + "; \(refused[way])"
        }
        if hasFloor { lines.append(AnsweredOrders.sum(floor).line("floor")) }
        return lines
    }
}

/// Orders that a strategy asked for and the venue did not take.
struct RefusedOrders: CustomStringConvertible {
    /// By the venue.
    var rejected: Int64 = 0
    /// By the engine, by rule; an order that several rules deny counts for each.
    var denied: [RiskRule: Int64] = [:]

    mutating func add(_ other: RefusedOrders) {
        rejected += other.rejected
        denied.merge(other.denied, uniquingKeysWith: +)
    }

    var description: String {
        let rules = denied.sorted { $0.key.rawValue < $1.key.rawValue }
            .map { "\($0.value) by \($0.key.name)" }
        return "\(rejected) rejected, \(rules.isEmpty ? "0" : rules.joined(separator: " and ")) denied"
    }
}
