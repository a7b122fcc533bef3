import MarketContext
import MarketModel

/// The footprint of the newest bars: what was sold and bought at each price, bar by bar.
///
/// Sold on the left of a cell, bought on the right; a cell is the stronger tinted the more it leans
/// to one side, and each bar's point of control is framed.
public struct FootprintChart {
    private static let width = 1_000.0
    private static let left = 10.0
    private static let right = 912.0
    private static let top = 48.0
    private static let rowHeight = 15.0
    private static let mostRows: Int64 = 34

    private let bars: ArraySlice<ContextStudy.Footprint>
    private let binSize: Int64
    private let title: String
    private let unit = Double(DecimalScale.power(TradeTape.scale))
    private let decimals: Int

    /// The newest `count` bars, 1...12, or as many as there are. Bins are put together where there
    /// would be too many rows.
    public init(_ study: ContextStudy, title: String, newest count: Int = 8) {
        bars = study.footprints.suffix(max(1, min(count, 12)))
        self.title = title
        decimals = Int(study.instrument.priceDecimals)
        let prices = bars.flatMap { $0.rows.map(\.low.raw) }
        let extent = (prices.max() ?? 0) - (prices.min() ?? 0)
        var size = study.binSize.raw
        for factor in [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000] as [Int64] {
            size = study.binSize.raw * factor
            if extent / size < Self.mostRows { break }
        }
        binSize = size
    }

    private struct Cell {
        var bought: Int64 = 0
        var sold: Int64 = 0
        var volume: Int64 { bought + sold }
        var lean: Double { volume == 0 ? 0 : Double(bought - sold) / Double(volume) }
    }

    /// The file's text.
    public var svg: String {
        let cells = bars.map { bar in
            bar.rows.reduce(into: [Int64: Cell]()) { cells, row in
                cells[row.low.raw / binSize, default: Cell()].bought += row.bought.raw
                cells[row.low.raw / binSize, default: Cell()].sold += row.sold.raw
            }
        }
        let keys = cells.flatMap(\.keys)
        guard let lowest = keys.min(), let highest = keys.max() else {
            return SVGText.document(width: Self.width, height: 60, title: title, content: SVGText())
        }
        let height = Double(highest - lowest + 1) * Self.rowHeight
        let bottom = Self.top + height
        var svg = SVGText()
        svg.rectangle(0, 0, Self.width, bottom + 52, "fill=\"#ffffff\"")
        svg.label(title, Self.left, 19, fill: ChartPanel.ink, isBold: true)
        svg.label(
            [("sold", ChartPanel.falling), ("×", ChartPanel.quiet), ("bought", ChartPanel.rising)],
            Self.right, 19, .end)
        drawPrices(lowest, highest, into: &svg)
        let pitch = (Self.right - Self.left) / Double(bars.count)
        for (place, bar) in bars.enumerated() {
            draw(
                bar, cells[place], from: Self.left + Double(place) * pitch, pitch: pitch,
                highest: highest, bottom: bottom, into: &svg)
        }
        return SVGText.document(width: Self.width, height: bottom + 52, title: title, content: svg)
    }

    private func y(_ bin: Int64, _ highest: Int64) -> Double {
        Self.top + Double(highest - bin) * Self.rowHeight
    }

    private func drawPrices(_ lowest: Int64, _ highest: Int64, into svg: inout SVGText) {
        var rules = SVGPath()
        for bin in lowest...highest {
            rules.horizontal(y(bin, highest) + Self.rowHeight, from: Self.left, to: Self.right)
            let text = NumberText.decimal(Double(bin * binSize) / unit, places: decimals)
            svg.label(text, Self.right + 8, y(bin, highest) + 11, fill: ChartPanel.quiet)
        }
        svg.path(rules, "stroke=\"\(ChartPanel.grid)\" fill=\"none\"")
    }

    private func draw(
        _ footprint: ContextStudy.Footprint, _ cells: [Int64: Cell], from x: Double, pitch: Double,
        highest: Int64, bottom: Double, into svg: inout SVGText
    ) {
        let (inner, middle) = (pitch - 8, x + pitch / 2)
        let most = cells.values.map(\.volume).max() ?? 1
        let bar = footprint.bar
        svg.label(
            TimeText.clock(bar.openTime) + (footprint.isPartial ? " ~" : ""), middle, 38, .middle,
            fill: ChartPanel.ink, isBold: true)
        for (bin, cell) in cells.sorted(by: { $0.key < $1.key }) where cell.volume > 0 {
            let top = y(bin, highest)
            let colour = cell.lean >= 0 ? ChartPanel.rising : ChartPanel.falling
            let weight = 0.08 + 0.5 * cell.lean.magnitude * (Double(cell.volume) / Double(most)).squareRoot()
            svg.rectangle(
                x + 4, top + 0.5, inner, Self.rowHeight - 1,
                "fill=\"\(colour)\" fill-opacity=\"\(SVGText.hundredths(weight))\"")
            if cell.volume == most {
                svg.rectangle(
                    x + 4, top + 0.5, inner, Self.rowHeight - 1,
                    "fill=\"none\" stroke=\"\(ContextChart.controlColour)\" stroke-width=\"1.2\"")
            }
            svg.label(amount(cell.sold), middle - 7, top + 11, .end, fill: ChartPanel.ink)
            svg.label("×", middle, top + 11, .middle, fill: "#b0bec5")
            svg.label(amount(cell.bought), middle + 7, top + 11, fill: ChartPanel.ink)
        }
        drawBody(bar, x, highest, into: &svg)
        let delta = Double(bar.delta.raw) / unit
        svg.label(
            (delta > 0 ? "+" : "") + NumberText.decimal(delta, places: 2), middle, bottom + 18, .middle,
            fill: delta >= 0 ? ChartPanel.rising : ChartPanel.falling, isBold: true)
        svg.label(amount(bar.volume.raw), middle, bottom + 34, .middle, fill: ChartPanel.quiet)
        if x == Self.left {
            svg.label("delta", Self.right + 8, bottom + 18, fill: ChartPanel.quiet)
            svg.label("volume", Self.right + 8, bottom + 34, fill: ChartPanel.quiet)
        }
    }

    /// From open to close, at the left edge of the bar's cells.
    private func drawBody(
        _ bar: Candle, _ x: Double, _ highest: Int64, into svg: inout SVGText
    ) {
        func place(_ price: Price) -> Double {
            Self.top + (Double(highest + 1) - Double(price.raw) / Double(binSize)) * Self.rowHeight
        }
        let (open, close) = (place(bar.open), place(bar.close))
        var body = SVGPath()
        body.box(x + 1, min(open, close), x + 3.4, max(open, close, min(open, close) + 1))
        let colour = bar.close >= bar.open ? ChartPanel.rising : ChartPanel.falling
        svg.path(body, "fill=\"\(colour)\"")
    }

    private func amount(_ raw: Int64) -> String {
        NumberText.decimal(Double(raw) / unit, places: 2)
    }
}
