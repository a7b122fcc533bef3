/// When the orders of one schedule came; which tick an order answers is told by its mark.
///
/// Orders come in the order of the ticks that ask for them. One that the engine has denied is missing
/// and shifts none of those behind it, as long as no more than half of ``SampleTicks/marks`` in a row
/// are.
struct OrderTally {
    private let schedule: TickSchedule
    /// Number of the order that the schedule's first tick asks for.
    private let firstOrder: Int64
    /// Nanoseconds from the moment a tick was due to its order's arrival; below 0 for an order that
    /// has not come.
    private(set) var latencies: [Double]
    private(set) var come = 0
    /// The first one that may still come.
    private var next = 0

    init(_ schedule: TickSchedule, firstUpdate: Int64) {
        self.schedule = schedule
        firstOrder = SampleTicks.order(of: firstUpdate)
        latencies = [Double](repeating: -1, count: schedule.orders)
    }

    var isComplete: Bool { next == latencies.count }

    /// Takes an order that came so many nanoseconds behind the schedule's start. One that an earlier
    /// schedule has given up is no part of this one.
    mutating func note(mark: Int, at moment: Double) {
        let expected = SampleTicks.mark(ofOrder: firstOrder + Int64(next))
        let skipped = (mark - expected + SampleTicks.marks) % SampleTicks.marks
        if skipped > SampleTicks.marks / 2 || next + skipped >= latencies.count { return }
        next += skipped
        latencies[next] = moment - schedule.offset(of: next * schedule.every)
        next += 1
        come += 1
    }
}

/// What became of the orders that one contestant was asked for at one rate.
struct AnsweredOrders {
    /// Later than this, in nanoseconds, is told: the host has stalled, or somebody in it.
    private static let lateness = 1e6

    var asked = 0
    var missing = 0
    var late = 0
    /// Latencies behind the first tenth of each run, late ones too.
    var samples: [Double] = []

    /// Takes a run as an ``OrderTally`` has left it.
    mutating func add(_ latencies: [Double]) {
        asked += latencies.count
        missing += latencies.count { $0 < 0 }
        let kept = latencies.dropFirst(latencies.count / 10).filter { $0 >= 0 }
        late += kept.count { $0 > Self.lateness }
        samples += kept
    }

    /// All of them together, without their samples.
    static func sum(_ runs: [AnsweredOrders]) -> AnsweredOrders {
        runs.reduce(into: AnsweredOrders()) { sum, run in
            sum.asked += run.asked
            sum.missing += run.missing
            sum.late += run.late
        }
    }

    /// A line of the report.
    func line(_ name: String) -> String {
        "\(name): \(asked) orders asked for, \(missing) did not come; of those in the figures \(late) "
            + "came more than 1 ms after their tick was due"
    }
}
