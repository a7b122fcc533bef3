import Foundation

/// Latency over percentile as inline SVG: both axes logarithmic, the percentile axis in 1/(1-p),
/// so that the tail gets the room it deserves.
package struct PercentilePlot {
    let stages: [StageFigures]

    package init(stages: [StageFigures]) { self.stages = stages }

    static let width = 760.0
    static let height = 360.0
    private static let left = 70.0
    private static let right = 150.0
    private static let top = 16.0
    private static let bottom = 40.0
    /// Points of one curve; more would only make the file larger.
    static let maximumPoints = 400

    /// Empty when no stage has buckets.
    package var svg: String {
        let drawn = stages.filter { $0.count > 0 && $0.buckets?.isEmpty == false }
        guard let most = drawn.map(\.count).max() else { return "" }
        let lowest = max(1, drawn.map(\.minimum).min() ?? 1)
        let highest = max(lowest + 1, drawn.map(\.maximum).max() ?? 1)
        let scale = Scale(
            lowest: log10(Double(lowest)).rounded(.down),
            highest: log10(Double(highest)).rounded(.up), tail: log10(Double(max(10, most))))
        var parts = [SVG.open(Self.width, Self.height, "latency percentiles by stage")]
        parts += valueAxis(scale) + percentileAxis(scale)
        for (index, stage) in drawn.enumerated() { parts += curve(stage, index, scale) }
        parts.append("</svg>")
        return parts.joined(separator: "\n")
    }

    private struct Scale {
        let lowest: Double
        let highest: Double
        let tail: Double

        func x(_ share: Double) -> Double {
            let room = PercentilePlot.width - PercentilePlot.left - PercentilePlot.right
            let position = -log10(max(1 - share, pow(10, -tail))) / tail
            return PercentilePlot.left + room * min(1, max(0, position))
        }

        func y(_ nanoseconds: Double) -> Double {
            let room = PercentilePlot.height - PercentilePlot.top - PercentilePlot.bottom
            let position = (log10(max(1, nanoseconds)) - lowest) / (highest - lowest)
            return PercentilePlot.top + room * (1 - min(1, max(0, position)))
        }
    }

    private func valueAxis(_ scale: Scale) -> [String] {
        stride(from: scale.lowest, through: scale.highest, by: 1).flatMap { power -> [String] in
            let value = pow(10, power)
            let y = scale.y(value)
            return [
                SVG.line(Self.left, y, Self.width - Self.right, y, "grid"),
                SVG.text(Self.left - 8, y + 4, FigureText.duration(Int64(value)), "end"),
            ]
        }
    }

    private func percentileAxis(_ scale: Scale) -> [String] {
        let marks: [(Double, String)] = [
            (0, "0"), (0.5, "50%"), (0.9, "90%"), (0.99, "99%"), (0.999, "99.9%"),
            (0.9999, "99.99%"), (0.99999, "99.999%"), (0.999999, "99.9999%"),
        ]
        let shown = marks.filter { $0.0 == 0 || -log10(1 - $0.0) <= scale.tail + 1e-9 }
        return shown.flatMap { share, label in
            [
                SVG.line(
                    scale.x(share), Self.top, scale.x(share), Self.height - Self.bottom, "grid"),
                SVG.text(scale.x(share), Self.height - Self.bottom + 18, label, "middle"),
            ]
        }
    }

    private func curve(_ stage: StageFigures, _ index: Int, _ scale: Scale) -> [String] {
        let points = Self.points(of: stage).map { (scale.x($0.share), scale.y($0.value)) }
        let colour = "c\(index % 8)"
        // Stages beyond the palette are told apart by dashes.
        let dash = index >= 8 ? " stroke-dasharray=\"5 3\"" : ""
        let y = Self.top + 10 + Double(index) * 18
        let x = Self.width - Self.right + 14
        return [
            "<polyline class=\"curve \(colour)\"\(dash) points=\"\(SVG.points(points))\"/>",
            "<line class=\"curve \(colour)\"\(dash) x1=\"\(x)\" y1=\"\(y)\" x2=\"\(x + 18)\" "
                + "y2=\"\(y)\"/>",
            SVG.text(x + 24, y + 4, stage.stage, "start"),
        ]
    }

    /// The share of samples not above each bucket's value, thinned to ``maximumPoints``.
    static func points(of stage: StageFigures) -> [(share: Double, value: Double)] {
        let buckets = stage.buckets ?? []
        guard let first = buckets.first else { return [] }
        let total = buckets.reduce(0) { $0 + $1.count }
        var points: [(share: Double, value: Double)] = [(0, Double(first.value))]
        var seen: Int64 = 0
        for bucket in buckets {
            seen += bucket.count
            points.append((Double(seen) / Double(total), Double(bucket.value)))
        }
        guard points.count > maximumPoints else { return points }
        // Thinned evenly in 1/(1-p), as drawn, always with the first and the last point.
        let tail = log10(Double(max(10, total)))
        var kept: [(share: Double, value: Double)] = []
        var lastColumn = -1
        for point in points {
            let position = -log10(max(1 - point.share, pow(10, -tail))) / tail
            let column = Int(position * Double(maximumPoints - 2))
            if column != lastColumn { kept.append(point) }
            lastColumn = column
        }
        if let last = points.last, kept.last?.value != last.value { kept.append(last) }
        return kept
    }
}
