import CFloor

/// From the moment a tick should be sent to the moment its order has arrived, through the kernel's
/// loopback with TLS 1.3, in an open loop.
enum TickToOrderBenchmark {
    /// Turns of engine and floor.
    private static func rounds(_ options: BenchmarkOptions) -> Int {
        options.samples >= 1_000 ? 5 : 1
    }

    static func run(_ options: BenchmarkOptions) throws -> BenchmarkReport {
        let cores = try Cores(options)
        try cores.requireTwo()
        _ = try SampleCertificates.make(in: options.directory)
        let link = try GeneratorLink(options, cores)
        defer { link.quit() }
        let schedules = TickSchedule.standard(seconds: seconds(options))
        var contest = TickToOrderContest(options, schedules)
        for round in 0..<rounds(options) {
            // Whoever comes first in a round comes last in the next.
            let ways = contest.ways.indices
            for way in round % 2 == 0 ? Array(ways) : ways.reversed() {
                try measureEngine(&contest, way, link, options, cores)
            }
            if !options.hasFloor { continue }
            for (index, schedule) in schedules.enumerated() {
                contest.floor[index].add(try measureFloor(schedule, link, options, cores))
            }
        }
        return BenchmarkReport(
            "tick-to-order", rows: contest.rows, stages: contest.stages,
            notes: [
                "engine with \(contest.ways[0].name) on core "
                    + "\(cores.own.map(String.init) ?? "-"), generator on core "
                    + "\(cores.other.map(String.init) ?? "-"); counted from the intended send time",
                "the floor: two plain sockets with TLS records, C on both sides, the same ticks at "
                    + "the same moments, one busy recv and one send",
                "spacing of orders: " + schedules.map(\.spacing).joined(separator: "; "),
            ] + contest.notes)
    }

    /// One engine's life: every rate.
    private static func measureEngine(
        _ contest: inout TickToOrderContest, _ way: Int, _ link: GeneratorLink,
        _ options: BenchmarkOptions, _ cores: Cores
    ) throws {
        let engine = try EngineRun(options, contest.ways[way], cores, link)
        for (index, schedule) in contest.schedules.enumerated() {
            do {
                contest.ours[way][index].add(
                    try engine.urgently { try measure(schedule, link, options) })
            } catch {
                throw BenchmarkFailure("\(error); engine: \(engine.trouble)")
            }
        }
        if way == 0 { contest.stages = engine.stages }
        try engine.stop()
        contest.take(engine.refusals, of: way)
    }

    /// How long each rate is held.
    private static func seconds(_ options: BenchmarkOptions) -> Double {
        switch options.extent {
        case .samples(let count): Double(count) / 40_000
        case .duration(let span): Double(span) / 1e9
        }
    }

    private static func measure(
        _ schedule: TickSchedule, _ link: GeneratorLink, _ options: BenchmarkOptions
    ) throws -> [Double] {
        let file = options.directory + "/samples"
        link.begin("measure", schedule, file)
        return try link.latencies(file)
    }

    private static func measureFloor(
        _ schedule: TickSchedule, _ link: GeneratorLink, _ options: BenchmarkOptions,
        _ cores: Cores
    ) throws -> [Double] {
        let market = cfloor_connect(link.floorPort)
        let orders = cfloor_connect(link.floorPort)
        defer {
            cfloor_close(market)
            cfloor_close(orders)
        }
        if market < 0 || orders < 0 { throw BenchmarkFailure("the floor's venue is not there") }
        let file = options.directory + "/samples"
        link.begin("floor", schedule, file)
        try cores.measure {
            let desk = try FloorDesk.make(every: Int64(schedule.every))
            defer { cfloor_desk_destroy(desk) }
            _ = cfloor_trader(desk, market, orders, schedule.count)
        }
        return try link.latencies(file)
    }
}
