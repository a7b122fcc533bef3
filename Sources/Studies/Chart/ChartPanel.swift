import Indicators

/// One of the stretches of a chart that lie below each other, with its own scale.
struct ChartPanel {
    static let palette = ["#2962ff", "#ef6c00", "#8e24aa", "#00897b", "#c2185b", "#6d4c41"]
    static let ink = "#37474f"
    static let quiet = "#78909c"
    static let grid = "#eceff1"
    static let rising = "#26a69a"
    static let falling = "#ef5350"

    /// A study's output, or one of it, as it is drawn.
    struct Line {
        let name: String
        let colour: String
        let values: ArraySlice<Double?>
        let isHistogram: Bool
        let isDashed: Bool
    }

    /// What a legend says about one study.
    struct Key {
        let title: String
        let lines: [Line]
    }

    let top: Double
    let height: Double
    let keys: [Key]

    var bottom: Double { top + height }

    var lines: [Line] { keys.flatMap(\.lines) }

    /// The extent of all lines; 0 is within if there is a histogram.
    var extent: (Double, Double)? {
        var numbers = lines.flatMap { $0.values.compactMap { $0 } }
        if lines.contains(where: \.isHistogram) { numbers.append(0) }
        guard let lowest = numbers.min(), let highest = numbers.max() else { return nil }
        return (lowest, highest)
    }

    /// Round values, their lines and their text on the right.
    func drawGrid(_ scale: ValueScale, left: Double, right: Double, into svg: inout SVGText) {
        var rules = SVGPath()
        let ticks = scale.ticks(atMost: height > 200 ? 7 : 4).filter { tick in
            (top + 6...bottom - 4).contains(scale.y(tick.value))
        }
        for tick in ticks { rules.horizontal(scale.y(tick.value), from: left, to: right) }
        svg.path(rules, "stroke=\"\(Self.grid)\" fill=\"none\"")
        for tick in ticks {
            svg.label(tick.text, right + 6, scale.y(tick.value) + 3.5, fill: Self.quiet)
        }
        if scale.lowest < 0 && scale.highest > 0 {
            var zero = SVGPath()
            zero.horizontal(scale.y(0), from: left, to: right)
            svg.path(zero, "stroke=\"#b0bec5\" stroke-dasharray=\"3 3\" fill=\"none\"")
        }
    }

    func drawLines(_ scale: ValueScale, _ time: TimeScale, into svg: inout SVGText) {
        for key in keys {
            if let upper = key.lines.first(where: { $0.name == "upper" }),
                let lower = key.lines.first(where: { $0.name == "lower" })
            {
                drawBand(upper, lower, scale, time, into: &svg)
            }
            for line in key.lines {
                if line.isHistogram {
                    drawBars(line, scale, time, into: &svg)
                } else {
                    draw(line, scale, time, into: &svg)
                }
            }
        }
    }

    private func draw(
        _ line: Line, _ scale: ValueScale, _ time: TimeScale, into svg: inout SVGText
    ) {
        var path = SVGPath()
        for (place, value) in line.values.enumerated() {
            if let value { path.point(time.x(place), scale.y(value)) } else { path.gap() }
        }
        let dashes = line.isDashed ? "stroke-dasharray=\"4 3\" " : ""
        svg.path(
            path, "stroke=\"\(line.colour)\" stroke-width=\"1.4\" stroke-linejoin=\"round\" "
                + dashes + "fill=\"none\"")
    }

    private func drawBars(
        _ line: Line, _ scale: ValueScale, _ time: TimeScale, into svg: inout SVGText
    ) {
        var (above, below) = (SVGPath(), SVGPath())
        let half = max(time.pitch * 0.3, 0.4)
        for (place, value) in line.values.enumerated() {
            guard let value else { continue }
            let (x, y, zero) = (time.x(place), scale.y(value), scale.y(0))
            if value >= 0 {
                above.box(x - half, y, x + half, zero)
            } else {
                below.box(x - half, zero, x + half, y)
            }
        }
        svg.path(above, "fill=\"\(Self.rising)\" fill-opacity=\"0.5\"")
        svg.path(below, "fill=\"\(Self.falling)\" fill-opacity=\"0.5\"")
    }

    /// The area between two lines, where both are.
    private func drawBand(
        _ upper: Line, _ lower: Line, _ scale: ValueScale, _ time: TimeScale,
        into svg: inout SVGText
    ) {
        let pairs = zip(upper.values, lower.values).enumerated().compactMap { place, pair in
            if let upper = pair.0, let lower = pair.1 { (place, upper, lower) } else { nil }
        }
        if pairs.isEmpty { return }
        var path = SVGPath()
        for (place, upper, _) in pairs { path.point(time.x(place), scale.y(upper)) }
        for (place, _, lower) in pairs.reversed() { path.point(time.x(place), scale.y(lower)) }
        path.close()
        svg.path(path, "fill=\"\(upper.colour)\" fill-opacity=\"0.07\"")
    }

    /// The studies' names and the newest value of each line, in its colour.
    func drawLegend(_ scale: ValueScale, left: Double, into svg: inout SVGText) {
        for (row, key) in keys.enumerated() {
            var words = [(key.title, Self.ink)]
            for line in key.lines {
                let last = line.values.last { $0 != nil }.flatMap { $0 }.map(scale.text) ?? ""
                let name = key.lines.count > 1 ? line.name + " " : ""
                words.append((name + last, line.colour))
            }
            svg.label(words, left + 6, top + 14 + Double(row) * 14)
        }
    }
}
