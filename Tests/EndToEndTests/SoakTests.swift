import Foundation
import Telemetry
import Testing

/// Hours of trading through a proxy that breaks connections: nothing grows, nothing slows down, and
/// the account stays the exchange's.
///
/// `scripts/soak --minutes N` asks for more than the few seconds of a normal run.
@Suite("Soak", .serialized, .timeLimit(.minutes(24 * 60)))
struct SoakTests {
    private static let faults = [
        "disconnect", "reset", "half-close", "corrupt", "alert", "silence", "stall", "delay", "drip",
    ]
    private static var length: Duration {
        let text = ProcessInfo.processInfo.environment["SOAK_MINUTES"] ?? ""
        return .seconds((Double(text) ?? 0.1) * 60)
    }

    @Test func `nothing grows and nothing slows down`() throws {
        // What may not be dumped shows its descriptors to root alone.
        let rig = try ChaosRig(
            seed: UInt64(ChaosAmount.seed),
            edit: { $0.replacingOccurrences(of: "core_dumps: false", with: "core_dumps: true") })
        var record = SoakRecord(length: Self.length)
        try rig.expectWhole("at the start")
        try record.sample(rig)
        var round = 0
        while !record.isOver {
            round += 1
            rig.trade(upTo: 2_000)
            let fault = Self.faults.randomElement(using: &rig.random) ?? ""
            try rig.strike(fault, everywhere: Bool.random(using: &rig.random))
            rig.trade(upTo: 500)
            try rig.calm()
            try rig.expectWhole("round \(round), \(fault)")
            if record.isSampleDue { try record.sample(rig) }
        }
        print(record.text)
        record.expectSteady(seed: rig.seed)
        try rig.end("seed \(rig.seed): \(round) faults in \(record.last.elapsed)")
    }
}

/// Samples over a soak, and what they say.
struct SoakRecord {
    struct Sample {
        var elapsed: Duration
        var engine: ProcessFigures
        var exchange: ProcessFigures
        var orders: Int64
        /// Since the sample before: median time of a stage.
        var medians: [String: Int64]
    }

    private static let stages = ["tickToOrder", "frameToDone", "orderToAck"]
    private let began = ContinuousClock.now
    private let length: Duration
    private let interval: Duration
    private(set) var samples: [Sample] = []
    private var counted: [String: [Int64: Int64]] = [:]

    init(length: Duration) {
        self.length = length
        interval = min(.seconds(30), length / 12)
    }

    var last: Sample { samples[samples.count - 1] }
    var isOver: Bool { ContinuousClock.now - began >= length }
    var isSampleDue: Bool {
        ContinuousClock.now - began - (samples.last?.elapsed ?? .zero) >= interval
    }

    mutating func sample(_ rig: ChaosRig) throws {
        let engine = try #require(ProcessFigures(of: rig.engine.identifier))
        let exchange = try #require(ProcessFigures(of: rig.exchange.processIdentifier))
        let status = try rig.desk.status()
        var medians: [String: Int64] = [:]
        for figures in try rig.desk.latencies() where Self.stages.contains(figures.stage) {
            medians[figures.stage] = median(since: figures)
        }
        samples.append(
            Sample(
                elapsed: ContinuousClock.now - began, engine: engine, exchange: exchange,
                orders: status.totals.ordersSent, medians: medians))
    }

    /// Of what was counted since the last look at the stage.
    private mutating func median(since figures: StageFigures) -> Int64? {
        let before = counted[figures.stage] ?? [:]
        let buckets = (figures.buckets ?? []).map { ($0.value, $0.count) }
        counted[figures.stage] = Dictionary(uniqueKeysWithValues: buckets)
        let new = buckets.map { ($0, $1 - before[$0, default: 0]) }
        var left = new.reduce(0) { $0 + $1.1 } / 2
        for (value, count) in new {
            left -= count
            if left < 0 { return value }
        }
        return nil
    }

    // MARK: - What it says

    private var cores: Int { ProcessInfo.processInfo.activeProcessorCount }

    private func quarter(_ number: Int) -> ArraySlice<Sample> {
        let bounds = [number - 1, number].map { $0 * samples.count / 4 }
        return samples[bounds[0]..<bounds[1]]
    }

    private func median(_ values: [Int]) -> Int { values.sorted()[values.count / 2] }

    private func median(_ stage: String, in quarter: Int) -> Int? {
        let values = self.quarter(quarter).compactMap { $0.medians[stage] }.map(Int.init)
        return values.isEmpty ? nil : median(values)
    }

    /// What a leak adds between the second quarter and the last.
    private var growth: Int {
        median(quarter(4).map(\.engine.memory)) - median(quarter(2).map(\.engine.memory))
    }

    /// Bounds that a leak, a forgotten descriptor or a search that grows with time passes in a soak
    /// of minutes, and that a busy machine does not.
    func expectSteady(seed: UInt64) {
        let descriptors = samples.map(\.engine.descriptors)
        // A REST connection and the report of a finding may come and go.
        #expect((descriptors.max() ?? 0) <= descriptors[0] + 4, "seed \(seed): \(descriptors)")
        // The runtime's own pool grows to one thread a core.
        let threads = samples.map(\.engine.threads)
        #expect((threads.max() ?? 0) <= threads[0] + cores, "seed \(seed): \(threads)")
        guard samples.count >= 8 else { return }
        #expect(growth <= 4 << 20, "seed \(seed): the engine has grown by \(growth) bytes")
        for stage in Self.stages {
            guard let first = median(stage, in: 1), let last = median(stage, in: 4) else { continue }
            #expect(last <= 3 * first, "seed \(seed): \(stage) \(first) ns, then \(last) ns")
        }
        let exchange = samples[0].exchange.descriptors
        #expect(last.exchange.descriptors <= exchange + 8, "seed \(seed): exchange's descriptors")
    }

    var text: String {
        var lines = [
            "  minutes  orders     engine MiB  descriptors  threads  exchange MiB  "
                + Self.stages.map { $0 + " ns" }.joined(separator: "  ")
        ]
        for sample in samples {
            let seconds = Double(sample.elapsed.components.seconds)
            let columns: [(String, Int)] = [
                (String(format: "%.1f", seconds / 60), 9), ("\(sample.orders)", 11),
                (mebibytes(sample.engine.memory), 12), ("\(sample.engine.descriptors)", 13),
                ("\(sample.engine.threads)", 9), (mebibytes(sample.exchange.memory), 14),
            ]
            let times = Self.stages.map {
                (sample.medians[$0].map { "\($0)" } ?? "-", $0.count + 5)
            }
            lines.append(
                "  " + (columns + times).map { $0.padding(toLength: $1, withPad: " ", startingAt: 0) }
                    .joined())
        }
        if samples.count >= 8 {
            lines.append("  engine's own memory, last quarter less second: \(growth) bytes")
        }
        return lines.joined(separator: "\n")
    }

    private func mebibytes(_ bytes: Int) -> String { String(format: "%.1f", Double(bytes) / 1_048_576) }
}
