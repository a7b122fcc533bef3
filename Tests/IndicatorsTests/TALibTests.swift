import Foundation
import Indicators
import Testing

/// Against TA-Lib itself, bar by bar (`scripts/talib-reference`).
@Suite struct TALibTests {
    @Test func `every function of TA-Lib gives the same numbers`() throws {
        guard let reference = try TALibReference.load() else { return }
        var report = EqualityReport()
        for one in reference.cases {
            guard let entry = try? IndicatorCatalogue.entry(one.function) else {
                report.missing.insert(one.function)
                continue
            }
            let running = try entry.make(one.parameters)
            let values = running.values(over: reference.samples(for: one))
            report.compare(one, values, reference.outputs(of: one))
            if running.warmUp != one.lookback {
                report.failures.append(
                    "\(one.testDescription): warm-up \(running.warmUp), TA-Lib \(one.lookback)")
            }
        }
        print(report.text)
        #expect(report.failures.isEmpty, "\(report.failures.joined(separator: "\n"))")
    }
}

/// How far two sets of numbers are apart, function by function.
struct EqualityReport {
    var missing: Set<String> = []
    var failures: [String] = []
    private var worst: [String: (relative: Double, different: Int, compared: Int)] = [:]

    mutating func compare(
        _ one: TALibReference.Case, _ values: [[Double]?], _ expected: [ArraySlice<Double>]
    ) {
        var entry = worst[one.function] ?? (0, 0, 0)
        var firstFailure: String?
        for (output, column) in expected.enumerated() {
            for (row, expected) in column.enumerated() {
                let value = values[row].map { $0[output] } ?? .nan
                entry.compared += 1
                if value == expected || (value.isNaN && (!expected.isFinite || row < one.lookback)) {
                    continue
                }
                entry.different += 1
                let relative = abs(value - expected) / max(abs(expected), .leastNormalMagnitude)
                entry.relative = max(entry.relative, relative.isNaN ? .infinity : relative)
                if !(relative <= 1e-12), firstFailure == nil {
                    firstFailure = "\(one.testDescription) \(one.outputs[output]) row \(row): "
                        + "\(value), TA-Lib \(expected)"
                }
            }
        }
        if let firstFailure { failures.append(firstFailure) }
        worst[one.function] = entry
    }

    var text: String {
        let rows = worst.sorted { $0.key < $1.key }.filter { $0.value.different > 0 }
            .map { name, entry in
                "\(name): \(entry.different) of \(entry.compared) differ, up to \(entry.relative)"
            }
        return """
            bit-identical: \(worst.count - rows.count) of \(worst.count) functions
            \(rows.joined(separator: "\n"))
            missing: \(missing.sorted().joined(separator: " "))
            """
    }
}
