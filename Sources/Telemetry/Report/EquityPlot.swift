/// Equity over time as inline SVG.
struct EquityPlot {
    let points: [EquityPoint]
    let asset: String

    static let width = 760.0
    static let height = 220.0
    private static let left = 90.0
    private static let right = 40.0
    private static let top = 16.0
    private static let bottom = 34.0

    /// Empty with fewer than two points.
    var svg: String {
        guard let first = points.first, let last = points.last, points.count > 1,
            last.timeNanoseconds > first.timeNanoseconds
        else { return "" }
        let values = points.map(\.value.approximation)
        var low = values.min() ?? 0
        var high = values.max() ?? 0
        if high - low < 0.01 {
            low -= 0.5
            high += 0.5
        }
        let span = Double(last.timeNanoseconds - first.timeNanoseconds)
        let room = Self.width - Self.left - Self.right
        func x(_ time: Int64) -> Double {
            Self.left + room * Double(time - first.timeNanoseconds) / span
        }
        func y(_ value: Double) -> Double {
            Self.top + (Self.height - Self.top - Self.bottom) * (1 - (value - low) / (high - low))
        }
        var parts = [SVG.open(Self.width, Self.height, "equity over time")]
        for step in 0...4 {
            let value = low + (high - low) * Double(step) / 4
            let moment = first.timeNanoseconds + Int64(span * Double(step) / 4)
            let elapsed =
                step == 0 ? "0" : FigureText.duration(moment - first.timeNanoseconds)
            parts += [
                SVG.line(Self.left, y(value), Self.width - Self.right, y(value), "grid"),
                SVG.text(Self.left - 8, y(value) + 4, SVG.number(value), "end"),
                SVG.text(x(moment), Self.height - Self.bottom + 18, elapsed, "middle"),
            ]
        }
        let drawn = EquitySeries.thinned(points, columns: 600).map {
            (x($0.timeNanoseconds), y($0.value.approximation))
        }
        parts.append("<polyline class=\"curve c0\" points=\"\(SVG.points(drawn))\"/>")
        parts.append("</svg>")
        return parts.joined(separator: "\n")
    }
}
