import Indicators

/// Every indicator of the catalogue with its standard parameters: an update of ours, and TA-Lib's
/// function over the same series, per element, in turns; and the instructions that were counted.
struct CatalogueBenchmark {
    let options: BenchmarkOptions
    private let library: TALibrary?
    private let instructions: [String: Double]
    private let watch = Stopwatch()

    init(_ options: BenchmarkOptions) throws {
        self.options = options
        library = try options.library.map { try TALibrary(path: $0) }
        instructions = try IndicatorInstructions.read(options.instructions)
    }

    func measure() throws -> [BenchmarkUpdate] {
        let laps = IndicatorLap.laps(for: options.samples)
        return try IndicatorCatalogue.entries.map { entry in
            let samples = IndicatorLap.samples(for: entry, laps: laps)
            let loop = try entry.loop(over: samples)
            let function = library?.function(entry, samples)
            let count = max(3, min(options.samples / 250, 200) / laps)
            var (ours, alone, series, theirs) = ([Double](), [Double](), [Double](), [Double]())
            for _ in 0..<2 {
                loop.update(samples.count)
                loop.updateInTurn(samples.count)
            }
            for _ in 0..<count {
                ours.append(
                    time(samples.count * UpdateLoop.turns) { loop.updateInTurn(samples.count) })
                alone.append(time(samples.count) { loop.update(samples.count) })
                series.append(time(samples.count) { loop.takeSeries(samples.count) })
                if let function { theirs.append(time(samples.count) { function.run() }) }
            }
            return BenchmarkUpdate(
                name: entry.name, nanoseconds: Self.undisturbed(ours),
                alone: Self.undisturbed(alone), series: Self.undisturbed(series),
                instructions: instructions[entry.name],
                talib: theirs.isEmpty ? nil : Self.undisturbed(theirs))
        }
    }

    /// What else a machine does can only add, and on a core that runs two threads it adds more to
    /// what keeps the core busy than to what waits for its own results: the median would be of both.
    private static func undisturbed(_ samples: [Double]) -> Double {
        Distribution(samples).percentile(25)
    }

    private func time(_ count: Int, _ body: () -> Void) -> Double {
        let start = Stopwatch.ticks()
        body()
        let end = Stopwatch.ticks()
        return watch.nanoseconds(end &- start) / Double(count)
    }
}

/// What an update of one indicator costs.
package struct BenchmarkUpdate: Codable, Sendable {
    package var name: String
    /// One of eight that are updated in turn, their states in memory.
    package var nanoseconds: Double
    /// The same one again and again: each update waits for what the one before wrote.
    package var alone: Double
    /// An input of a series that is taken in one piece.
    package var series: Double
    /// Counted ones of an update, where they are known.
    package var instructions: Double?
    /// TA-Lib's time for an element of a whole series.
    package var talib: Double?

    /// Of an update to TA-Lib's element.
    package var ratio: Double? { talib.map { nanoseconds / $0 } }
    /// Of an input of a series to TA-Lib's element: the same job.
    package var seriesRatio: Double? { talib.map { series / $0 } }
}
