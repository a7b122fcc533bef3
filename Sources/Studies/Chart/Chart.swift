import Indicators
import MarketModel

/// Candles and studies over them as a picture: a panel of prices, one for each study that is no
/// price, times in UTC below.
public struct Chart {
    /// The most candles that one picture shows: more are narrower than a pixel.
    public static let mostCandles = 2_000

    private static let width = 960.0
    private static let left = 10.0
    private static let right = 886.0
    private static let priceHeight = 320.0
    private static let studyHeight = 116.0
    private static let head = 30.0
    private static let gap = 10.0
    private static let foot = 26.0

    private let candles: CandleSeries
    private let values: [StudyValues]
    private let rows: Range<Int>

    /// The newest `count` candles, 1...``mostCandles``, or as many as there are.
    public init(_ candles: CandleSeries, _ values: [StudyValues], newest count: Int) {
        self.candles = candles
        self.values = values
        let shown = min(candles.count, max(1, min(count, Self.mostCandles)))
        rows = (candles.count - shown)..<candles.count
    }

    /// The file's text.
    public var svg: String {
        let price = ChartPanel(top: Self.head, height: Self.priceHeight, keys: priceKeys)
        var panels = [price]
        for value in values where value.study.entry.placement == .below {
            let top = (panels.last?.bottom ?? 0) + Self.gap
            panels.append(
                ChartPanel(top: top, height: Self.studyHeight, keys: [key(value, firstColour: 0)]))
        }
        let bottom = panels.last?.bottom ?? 0
        let height = bottom + Self.foot
        var svg = SVGText()
        svg.rectangle(0, 0, Self.width, height, "fill=\"#ffffff\"")
        svg.label(title, Self.left, 19, fill: ChartPanel.ink, isBold: true)
        svg.label(span, Self.right, 19, .end, fill: ChartPanel.quiet)
        let time = TimeScale(
            candles.times.isEmpty ? [] : Array(candles.times[rows]), count: rows.count,
            left: Self.left, right: Self.right)
        drawTimes(time, top: Self.head, bottom: bottom, into: &svg)
        for (place, panel) in panels.enumerated() {
            draw(panel, time, isPrice: place == 0, name: "panel\(place)", into: &svg)
        }
        return SVGText.document(width: Self.width, height: height, title: title, content: svg)
    }

    private var title: String {
        values.map(\.study.label).joined(separator: " · ")
    }

    private var span: String {
        guard candles.has(.time), let first = rows.first, let last = rows.last else {
            return "\(rows.count) candles"
        }
        let (start, end) = (TimeText.full(candles.times[first]), TimeText.full(candles.times[last]))
        return "\(start) to \(end) UTC, \(rows.count) candles"
    }

    // MARK: - What goes where

    private var priceKeys: [ChartPanel.Key] {
        var keys: [ChartPanel.Key] = []
        for value in values {
            guard case .onPrice(let others) = value.study.entry.placement else { continue }
            let colours = Set(keys.flatMap(\.lines).map(\.colour)).count
            keys.append(key(value, without: others, firstColour: colours))
        }
        return keys
    }

    private func key(
        _ value: StudyValues, without others: [String] = [], firstColour: Int
    ) -> ChartPanel.Key {
        let outputs = value.study.entry.outputs
        let isBand = outputs == Bands.names
        let shown = outputs.indices.filter { !others.contains(outputs[$0]) }
        let lines = shown.enumerated().map { place, output in
            // The lines of a band belong together.
            let colour = firstColour + (isBand ? 0 : place)
            let isHistogram = outputs[output] == "histogram"
            return ChartPanel.Line(
                name: outputs[output],
                colour: isHistogram
                    ? ChartPanel.quiet : ChartPanel.palette[colour % ChartPanel.palette.count],
                values: value.outputs[output][rows], isHistogram: isHistogram,
                isDashed: isBand && outputs[output] == "middle")
        }
        return ChartPanel.Key(title: value.study.label, lines: lines)
    }

    // MARK: - Drawing

    private func drawTimes(
        _ time: TimeScale, top: Double, bottom: Double, into svg: inout SVGText
    ) {
        var rules = SVGPath()
        let ticks = time.ticks(atMost: 10)
        for tick in ticks { rules.vertical(time.x(tick.place), from: top, to: bottom) }
        svg.path(rules, "stroke=\"\(ChartPanel.grid)\" fill=\"none\"")
        for tick in ticks where time.x(tick.place) < Self.right - 20 {
            svg.label(
                tick.text, time.x(tick.place), bottom + 16, .middle,
                fill: tick.isDay ? ChartPanel.ink : ChartPanel.quiet, isBold: tick.isDay)
        }
        if candles.has(.time) {
            svg.label("UTC", Self.right + 6, bottom + 16, fill: ChartPanel.quiet)
        }
    }

    private func draw(
        _ panel: ChartPanel, _ time: TimeScale, isPrice: Bool, name: String,
        into svg: inout SVGText
    ) {
        let legend = Double(panel.keys.count) * 14 + 4
        let scale = scale(of: panel, isPrice: isPrice, legend: legend)
        panel.drawGrid(scale, left: Self.left, right: Self.right, into: &svg)
        svg.clip(name, Self.left, panel.top, Self.right - Self.left, panel.height)
        var content = SVGText()
        if isPrice {
            let drawing = CandleDrawing(candles: candles, rows: rows, scale: scale, time: time)
            drawing.drawVolume(bottom: panel.bottom, height: panel.height * 0.16, into: &content)
            drawing.drawCandles(into: &content)
            panel.drawLines(scale, time, into: &content)
            for value in values where value.study.entry.placement == .marks {
                drawing.drawMarks(value, into: &content)
            }
        } else {
            panel.drawLines(scale, time, into: &content)
        }
        svg.group("clip-path=\"url(#\(name))\"", content)
        svg.rectangle(
            Self.left, panel.top, Self.right - Self.left, panel.height,
            "fill=\"none\" stroke=\"#cfd8dc\"")
        panel.drawLegend(scale, left: Self.left, into: &svg)
        if isPrice { drawMarkLegend(below: panel, into: &svg) }
    }

    /// Of all that is drawn; lines far from the candles are cut off rather than flatten them.
    private func scale(of panel: ChartPanel, isPrice: Bool, legend: Double) -> ValueScale {
        var (lowest, highest) = panel.extent ?? (0, 1)
        if isPrice, let (low, high) = CandleDrawing.extent(candles, rows) {
            let reach = high - low
            lowest = panel.extent == nil ? low : max(min(low, lowest), low - reach)
            highest = panel.extent == nil ? high : min(max(high, highest), high + reach)
        }
        return ValueScale(
            lowest, highest, top: panel.top + legend,
            bottom: panel.bottom - (isPrice && candles.has(.volume) ? panel.height * 0.1 : 0))
    }

    private func drawMarkLegend(below panel: ChartPanel, into svg: inout SVGText) {
        let marks = values.filter { $0.study.entry.placement == .marks }
        for (row, value) in marks.enumerated() {
            let count = value.outputs[0][rows].count { ($0 ?? 0) != 0 }
            svg.label(
                [
                    (value.study.label, ChartPanel.ink), ("▲ bullish", ChartPanel.rising),
                    ("▼ bearish", ChartPanel.falling), ("\(count) shown", ChartPanel.quiet),
                ],
                Self.left + 6, panel.top + 14 + Double(panel.keys.count + row) * 14)
        }
    }
}
