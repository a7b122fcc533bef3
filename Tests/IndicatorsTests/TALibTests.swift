import Foundation
import Indicators
import Testing

/// Against TA-Lib itself, bar by bar (`scripts/talib-equality`).
@Suite struct TALibTests {
    @Test func `every function of TA-Lib gives the same bits, but for listed ones`() throws {
        guard let reference = try TALibReference.load() else { return }
        var report = EqualityReport()
        var functions: Set<String> = []
        for one in reference.cases {
            functions.insert(one.function)
            let entry = try IndicatorCatalogue.entry(one.function)
            let samples = reference.samples(for: one)
            let running = try entry.make(one.parameters)
            report.compare(
                one, running.values(over: samples), reference.outputs(of: one),
                Divergence.known[one.function], samples)
            #expect(running.warmUp == one.lookback, "\(one.testDescription): warm-up")
        }
        print(report.text)
        #expect(functions.count == 201)
        #expect(report.failures.isEmpty, "\(report.failures.joined(separator: "\n"))")
        // A function that has become identical leaves the list.
        #expect(report.different == Set(Divergence.known.keys))
    }

    @Test func `every candlestick pattern turns up in the reference`() throws {
        guard let reference = try TALibReference.load() else { return }
        var seen: [String: Int] = [:]
        for one in reference.cases where one.function.hasPrefix("CDL") {
            for column in reference.outputs(of: one) {
                seen[one.function, default: 0] += column.count { $0 != 0 && !$0.isNaN }
            }
        }
        let never = seen.filter { $0.value == 0 }.keys.sorted()
        #expect(seen.count == 61)
        #expect(never == [], "\(never)")
    }
}

/// Where a function differs from TA-Lib, by how much at most, and why.
struct Divergence {
    let reason: String
    /// Largest difference relative to the larger of the value and `scale`.
    let tolerance: Double
    /// Below this values are differences that cancel; their error is measured against it.
    let scale: Double
    /// For a window without any volume TA-Lib divides the rounding errors of its sums.
    let emptyWindow: Int?

    init(_ reason: String, _ tolerance: Double, scale: Double = 0, emptyWindow: Int? = nil) {
        self.reason = reason
        self.tolerance = tolerance
        self.scale = scale
        self.emptyWindow = emptyWindow
    }

    static let known: [String: Divergence] = [
        "IMI": Divergence("sums in blocks instead of anew at each bar", 1e-14),
        "VHF": Divergence("sums in blocks instead of anew at each bar", 1e-14),
        "MAVP": Divergence("one moving sum for all periods, anew now and then", 1e-12),
        "CMF": Divergence("sums begin anew at 0 after a window without volume", 1e-12, scale: 1, emptyWindow: 0),
        "RVOL": Divergence("no value after a window without volume, sums begin anew at 0", 1e-12, emptyWindow: 1),
        "VWMA": Divergence("no value for a window without volume, sums begin anew at 0", 1e-12, emptyWindow: 0),
    ]

    /// Whether the row is one where TA-Lib's number means nothing.
    func excuses(_ row: Int, _ one: TALibReference.Case, _ samples: [MarketSample]) -> Bool {
        guard let emptyWindow else { return false }
        let last = row - emptyWindow
        let first = last - Int(one.parameters[0]) + 1
        return first >= 0 && samples[first...last].allSatisfy { $0.bar.volume == 0 }
    }
}

/// How far two sets of numbers are apart, function by function.
struct EqualityReport {
    var failures: [String] = []
    private var worst: [String: (relative: Double, different: Int, compared: Int)] = [:]

    var different: Set<String> { Set(worst.filter { $0.value.different > 0 }.keys) }

    mutating func compare(
        _ one: TALibReference.Case, _ values: [[Double]?], _ expected: [ArraySlice<Double>],
        _ divergence: Divergence?, _ samples: [MarketSample]
    ) {
        var entry = worst[one.function] ?? (0, 0, 0)
        var firstFailure: String?
        for (output, column) in expected.enumerated() {
            for (row, expected) in column.enumerated() {
                let value = values[row].map { $0[output] } ?? .nan
                entry.compared += 1
                let isAbsent = value.isNaN && (!expected.isFinite || row < one.lookback)
                if value == expected || isAbsent { continue }
                entry.different += 1
                if divergence?.excuses(row, one, samples) == true { continue }
                let size = max(abs(expected), divergence?.scale ?? 0, .leastNormalMagnitude)
                let relative = abs(value - expected) / size
                entry.relative = max(entry.relative, relative.isNaN ? .infinity : relative)
                if !(relative <= divergence?.tolerance ?? 0), firstFailure == nil {
                    firstFailure = "\(one.testDescription) \(one.outputs[output]) row \(row): "
                        + "\(value), TA-Lib \(expected)"
                }
            }
        }
        if let firstFailure { failures.append(firstFailure) }
        worst[one.function] = entry
    }

    /// A line for each function; what its differences come from stands behind them.
    var text: String {
        let rows = worst.sorted { $0.key < $1.key }.map { name, entry in
            let verdict = entry.different == 0
                ? "bit-identical"
                : "\(entry.different) differ, up to \(entry.relative): "
                    + (Divergence.known[name]?.reason ?? "unexplained")
            return "\(name.padded(to: 20)) \("\(entry.compared)".padded(to: 8)) \(verdict)"
        }
        let same = worst.values.count { $0.different == 0 }
        return """
            bit-identical: \(same) of \(worst.count) functions
            \("function".padded(to: 20)) \("values".padded(to: 8)) against TA-Lib's
            \(rows.joined(separator: "\n"))
            end of the table
            """
    }
}

extension String {
    /// With spaces behind it.
    func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }
}
