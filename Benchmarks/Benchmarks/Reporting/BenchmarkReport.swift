/// What a benchmark found: rows of percentiles, rates, the stages of a way, and where it ran.
package struct BenchmarkReport: Codable, Sendable {
    /// Version of this layout.
    package var format = 1
    package var benchmark: String
    package var machine: BenchmarkMachine
    package var rows: [BenchmarkRow]
    package var rates: [BenchmarkRate]
    /// Median times of the parts of one way, in its order.
    package var stages: [BenchmarkStage]
    /// What each indicator's update costs.
    package var updates: [BenchmarkUpdate]?
    /// What a reader must know to use the figures.
    package var notes: [String]

    package init(
        _ benchmark: String, rows: [BenchmarkRow] = [], rates: [BenchmarkRate] = [],
        stages: [BenchmarkStage] = [], notes: [String] = []
    ) {
        self.benchmark = benchmark
        self.rows = rows
        self.rates = rates
        self.stages = stages
        self.notes = notes
        machine = BenchmarkMachine.read()
    }
}

/// Times of one operation.
package struct BenchmarkRow: Codable, Sendable {
    package var name: String
    /// Operations that one sample is the mean of.
    package var batch: Int
    package var figures: Figures
    package var floor: Figures?
    package var peers: [BenchmarkPeer] = []
    /// The samples behind `figures` and `floor`, for plots and .hgrm files; not in JSON.
    package var values = Distribution([])
    package var floorValues = Distribution([])

    package init(name: String, batch: Int, values: Distribution) {
        self.name = name
        self.batch = batch
        self.values = values
        figures = Figures(values)
    }

    package mutating func setFloor(_ values: Distribution) {
        floorValues = values
        floor = Figures(values)
    }

    /// Our median over the floor's.
    package var ratio: Double? {
        guard let floor, floor.p50 > 0 else { return nil }
        return figures.p50 / floor.p50
    }

    private enum CodingKeys: String, CodingKey { case name, batch, figures, floor, peers }
}

/// Somebody else's way to do the same.
package struct BenchmarkPeer: Codable, Sendable {
    package var name: String
    package var figures: Figures
}

/// How many a second: the median of several runs.
package struct BenchmarkRate: Codable, Sendable {
    package var name: String
    package var perSecond: Double
    package var floor: Double?
    package var peers: [BenchmarkRatePeer]?

    package init(
        name: String, perSecond: Double, floor: Double? = nil, peers: [BenchmarkRatePeer]? = nil
    ) {
        self.name = name
        self.perSecond = perSecond
        self.floor = floor
        self.peers = peers
    }
}

/// How many a second somebody else's way does.
package struct BenchmarkRatePeer: Codable, Sendable {
    package var name: String
    package var perSecond: Double
}

package struct BenchmarkStage: Codable, Sendable {
    package var name: String
    package var nanoseconds: Double

    package init(name: String, nanoseconds: Double) {
        self.name = name
        self.nanoseconds = nanoseconds
    }
}
