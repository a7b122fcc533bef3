import Foundation
import Machine
import TickToTrade

/// How many market data messages one lane can take in: the same tape over and over, a stage more in
/// each of the ways to go through it.
enum CapacityBenchmark {
    static func run(_ options: BenchmarkOptions) throws -> BenchmarkReport {
        let tape = options.captures.isEmpty
            ? try GeneratedMarket.tape(count: 20_000)
            : try MarketTape.recorded(options.captures)
        let outcome = try Cores(options).measure {
            let bench = try CapacityBench(tape)
            return try bench.measure(options)
        }
        return report(tape, outcome, options)
    }

    /// Nanoseconds a message: the median pass of each way, and single messages of a few passes.
    struct Outcome: Sendable {
        var parse = 0.0
        var follow = 0.0
        var weigh = 0.0
        var lane = 0.0
        var kinds: [[Double]] = []
    }

    private static func report(
        _ tape: MarketTape, _ outcome: Outcome, _ options: BenchmarkOptions
    ) -> BenchmarkReport {
        let rows = MarketTape.Kind.allCases.compactMap { kind -> BenchmarkRow? in
            let values = outcome.kinds[kind.rawValue]
            if values.isEmpty { return nil }
            return BenchmarkRow(name: kind.name, batch: 1, values: Distribution(values))
        }
        func rate(_ name: String, _ nanoseconds: Double) -> BenchmarkRate {
            BenchmarkRate(name: name, perSecond: 1e9 / nanoseconds)
        }
        let stages = [
            BenchmarkStage(name: "parse", nanoseconds: outcome.parse),
            BenchmarkStage(name: "book", nanoseconds: outcome.follow - outcome.parse),
            BenchmarkStage(name: "ten indicators", nanoseconds: outcome.weigh - outcome.follow),
        ]
        return BenchmarkReport(
            "capacity", rows: rows,
            rates: [
                rate("parse", outcome.parse), rate("parse, book", outcome.follow),
                rate("parse, book, ten indicators", outcome.weigh),
                rate("the same in the lane's loop", outcome.lane),
            ],
            stages: stages,
            notes: [
                source(tape, options), shares(stages, of: outcome.weigh),
                "a message's time ends with a reading of the clock (apus bench clock), which the "
                    + "rates do not have; stages: what the median pass takes longer with them, a "
                    + "message",
                "every message updates all ten indicators; the lane's loop adds candles, "
                    + "valuation, dispatch and timers; TLS, WebSocket and journal are in none",
            ])
    }

    private static func source(_ tape: MarketTape, _ options: BenchmarkOptions) -> String {
        let mix = MarketTape.Kind.allCases.filter { tape.share(of: $0) > 0 }
            .map { String(format: "%@ %.1f %%", $0.name, tape.share(of: $0)) }
            .joined(separator: ", ")
        let diffs = tape.kinds.count { $0 == .depth }
        let levels = String(format: "%.1f", Double(tape.levelCount) / Double(max(diffs, 1)))
        let names = options.captures.map { ($0 as NSString).lastPathComponent }
        let origin = names.isEmpty
            ? "generated messages in recorded proportions (--capture: recorded ones)"
            : "recorded messages of \(names.joined(separator: " and "))"
        return "\(tape.frames.count) \(origin): \(mix), \(levels) levels a diff"
    }

    private static func shares(_ stages: [BenchmarkStage], of whole: Double) -> String {
        let parts = stages.map {
            String(format: "%@ %.0f %%", $0.name, 100 * $0.nanoseconds / whole)
        }
        return "of \(BenchmarkReport.number(whole)) ns a message: "
            + parts.joined(separator: ", ")
    }
}

/// The lines and the tape that runs through them, on the measuring thread.
private final class CapacityBench {
    /// Passes whose single messages are kept.
    private static let keptPasses = 20

    private let tape: MarketTape
    private let line = UnsafeMutablePointer<MarketLine>.allocate(capacity: 1)
    private let ticks: UnsafeMutablePointer<UInt64>
    private let watch = Stopwatch()

    init(_ tape: MarketTape) throws {
        self.tape = tape
        ticks = .allocate(capacity: tape.frames.count)
        ticks.initialize(repeating: 0, count: tape.frames.count)
        line.initialize(to: MarketLine(try IndicatorSet()))
    }

    deinit {
        line.deinitialize(count: 1)
        line.deallocate()
        ticks.deallocate()
    }

    func measure(_ options: BenchmarkOptions) throws -> CapacityBenchmark.Outcome {
        var times = (parse: [Double](), follow: [Double](), weigh: [Double](), lane: [Double]())
        var outcome = CapacityBenchmark.Outcome()
        outcome.kinds = MarketTape.Kind.allCases.map { _ in [] }
        var passes = Passes(options, messages: tape.frames.count)
        while passes.goOn() {
            let parse = try pass { $0.pointee.parse(tape.frames) }
            let follow = try pass { $0.pointee.follow(tape.frames) }
            let weigh = try pass { $0.pointee.run(tape.frames) }
            let lane = try passLane()
            _ = try pass { $0.pointee.run(tape.frames, ticks: ticks) }
            if passes.isWarmingUp { continue }
            times.parse.append(parse)
            times.follow.append(follow)
            times.weigh.append(weigh)
            times.lane.append(lane)
            if times.lane.count <= Self.keptPasses { collect(into: &outcome.kinds) }
        }
        func median(_ values: [Double]) -> Double { Distribution(values).percentile(50) }
        outcome.parse = median(times.parse)
        outcome.follow = median(times.follow)
        outcome.weigh = median(times.weigh)
        outcome.lane = median(times.lane)
        return outcome
    }

    /// Nanoseconds a message.
    private func pass(_ body: (UnsafeMutablePointer<MarketLine>) -> Void) throws -> Double {
        line.pointee.reset()
        line.pointee.follow(tape.opening)
        let start = Stopwatch.ticks()
        body(line)
        let end = Stopwatch.ticks()
        if line.pointee.failures > 0 || !line.pointee.book.isValid { throw Self.broken }
        return watch.nanoseconds(end &- start) / Double(tape.frames.count)
    }

    private func passLane() throws -> Double {
        let lane = UnsafeMutablePointer<LaneLine>.allocate(capacity: 1)
        lane.initialize(to: LaneLine(try IndicatorSet()))
        defer {
            lane.deinitialize(count: 1)
            lane.deallocate()
        }
        lane.pointee.run(tape.opening)
        let start = Stopwatch.ticks()
        lane.pointee.run(tape.frames)
        let end = Stopwatch.ticks()
        let last = lane.pointee.lastUpdateID
        // The pass before this one went through the same messages.
        if lane.pointee.failures > 0 || last != line.pointee.book.lastUpdateID {
            throw Self.broken
        }
        return watch.nanoseconds(end &- start) / Double(tape.frames.count)
    }

    private static var broken: BenchmarkFailure {
        BenchmarkFailure("the messages leave a hole in the book: files in order, none missing?")
    }

    private func collect(into kinds: inout [[Double]]) {
        // The first message's time would begin before it.
        for index in 1..<tape.frames.count {
            kinds[tape.kinds[index].rawValue].append(
                watch.nanoseconds(ticks[index] &- ticks[index - 1]))
        }
    }
}

/// Counts passes of a tape: one to warm up, three or more to measure.
private struct Passes {
    /// Messages for each sample that was asked for.
    private static let messagesForSample = 50
    private static let least = 3

    private var done = 0
    private let wanted: Int
    private let end: ContinuousClock.Instant?

    init(_ options: BenchmarkOptions, messages: Int) {
        switch options.extent {
        case .samples(let count):
            wanted = max(Self.least, count * Self.messagesForSample / messages) + 1
            end = nil
        case .duration(let span):
            wanted = Self.least + 1
            end = ContinuousClock.now + .nanoseconds(span)
        }
    }

    var isWarmingUp: Bool { done == 1 }

    mutating func goOn() -> Bool {
        if done >= wanted, end.map({ ContinuousClock.now >= $0 }) ?? true { return false }
        done += 1
        return true
    }
}
