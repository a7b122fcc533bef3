import Indicators

/// Every indicator of the catalogue with its standard parameters: an update of ours, and TA-Lib's
/// function over the same series, per element, in turns.
struct CatalogueBenchmark {
    let options: BenchmarkOptions
    private let library: TALibrary?
    private let watch = Stopwatch()

    init(_ options: BenchmarkOptions) throws {
        self.options = options
        library = try options.library.map { try TALibrary(path: $0) }
    }

    func measure() throws -> [BenchmarkUpdate] {
        try IndicatorCatalogue.entries.map { entry in
            let samples = IndicatorLap.samples(for: entry)
            let loop = try entry.loop(over: samples)
            let function = library?.function(entry, samples)
            let count = max(3, min(options.samples / 250, 200))
            var (ours, series, theirs) = ([Double](), [Double](), [Double]())
            for _ in 0..<2 { loop.update(samples.count) }
            for _ in 0..<count {
                ours.append(time(samples.count) { loop.update(samples.count) })
                series.append(time(samples.count) { loop.takeSeries(samples.count) })
                if let function { theirs.append(time(samples.count) { function.run() }) }
            }
            return BenchmarkUpdate(
                name: entry.name, nanoseconds: Distribution(ours).percentile(50),
                series: Distribution(series).percentile(50),
                talib: theirs.isEmpty ? nil : Distribution(theirs).percentile(50))
        }
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
    /// One update after the other, the state in memory.
    package var nanoseconds: Double
    /// An input of a series that is taken in one piece.
    package var series: Double
    /// Counted ones of an update, where that was possible.
    package var instructions: Double?
    /// TA-Lib's time for an element of a whole series.
    package var talib: Double?

    /// Of a series to TA-Lib's.
    package var ratio: Double? { talib.map { series / $0 } }
}
