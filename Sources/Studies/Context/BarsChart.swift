import MarketContext
import MarketModel

/// The same trades as bars of different kinds, one below the other; each bar is equally wide,
/// however long it took.
public struct BarsChart {
    private static let width = 1_000.0
    private static let left = 10.0
    private static let right = 910.0
    private static let panelHeight = 150.0
    private static let gap = 12.0

    private let series: [(title: String, bars: [Candle])]
    private let title: String
    private let unit = Double(DecimalScale.power(TradeTape.scale))

    /// Of the tape's first UTC day, about as many bars of each kind.
    public init(_ tape: TradeTape, title: String) throws(ContextFailure) {
        self.title = title
        let day = tape.trades.first?.venueTime.utcDay
        let trades = tape.trades.prefix { $0.venueTime.utcDay == day }
        let instrument = tape.instrument.index
        var time = CandleBuilder(instrument: instrument, timeframe: .minutes(15))
        var timeBars: [Candle] = []
        for trade in trades {
            if case .closed(let bar) = time.update(trade) { timeBars.append(bar) }
        }
        let wanted = Int64(max(timeBars.count, 1))
        let volume = trades.reduce(Int64(0)) { $0 + $1.quantity.raw }
        let heights = timeBars.map { $0.high.raw - $0.low.raw }.sorted()
        let height = Price(raw: max(heights.isEmpty ? 1 : heights[heights.count / 2], 1))
        var volumes = try ActivityBars(
            .volume(Quantity(raw: max(volume / wanted, 1))), instrument: instrument)
        var ranges = try ActivityBars(.range(height), instrument: instrument)
        var bricks = try RenkoBars(height: height, instrument: instrument)
        var imbalances = try ImbalanceBars(
            of: .volume, shortest: 20, longest: 300, span: 10, instrument: instrument)
        var (volumeBars, rangeBars, brickBars) = ([Candle](), [Candle](), [Candle]())
        var imbalanceBars: [Candle] = []
        for trade in trades {
            if let bar = volumes.update(trade) { volumeBars.append(bar) }
            if let bar = ranges.update(trade) { rangeBars.append(bar) }
            if let bar = imbalances.update(trade) { imbalanceBars.append(bar) }
            if let run = bricks.update(trade) { brickBars += (0..<run.count).map { run.brick($0) } }
        }
        series = [
            ("15 minutes", timeBars), ("equal volume", volumeBars), ("equal range", rangeBars),
            ("imbalance of volume", imbalanceBars), ("Renko", brickBars),
        ]
    }

    /// The file's text.
    public var svg: String {
        let height = 30 + Double(series.count) * (Self.panelHeight + Self.gap)
        var svg = SVGText()
        svg.rectangle(0, 0, Self.width, height, "fill=\"#ffffff\"")
        svg.label(title, Self.left, 19, fill: ChartPanel.ink, isBold: true)
        for (place, one) in series.enumerated() {
            let top = 30 + Double(place) * (Self.panelHeight + Self.gap)
            draw(one.bars, one.title, top: top, into: &svg)
        }
        return SVGText.document(width: Self.width, height: height, title: title, content: svg)
    }

    private func draw(_ bars: [Candle], _ name: String, top: Double, into svg: inout SVGText) {
        let low = Double(bars.map(\.low.raw).min() ?? 0) / unit
        let high = Double(bars.map(\.high.raw).max() ?? 1) / unit
        let panel = ChartPanel(top: top, height: Self.panelHeight, keys: [])
        let scale = ValueScale(low, high, top: top + 16, bottom: top + Self.panelHeight - 2)
        panel.drawGrid(scale, left: Self.left, right: Self.right, into: &svg)
        let time = TimeScale(
            bars.map(\.openTime), count: max(bars.count, 1), left: Self.left, right: Self.right)
        for (isRising, colour) in [(true, ChartPanel.rising), (false, ChartPanel.falling)] {
            var (wicks, bodies) = (SVGPath(), SVGPath())
            let half = max(time.pitch * 0.36, 0.35)
            for (place, bar) in bars.enumerated() where (bar.close >= bar.open) == isRising {
                let x = time.x(place)
                wicks.vertical(
                    x, from: scale.y(Double(bar.high.raw) / unit),
                    to: scale.y(Double(bar.low.raw) / unit))
                let upper = scale.y(Double(max(bar.open, bar.close).raw) / unit)
                let lower = scale.y(Double(min(bar.open, bar.close).raw) / unit)
                bodies.box(x - half, upper, x + half, max(lower, upper + 0.8))
            }
            svg.path(wicks, "stroke=\"\(colour)\" fill=\"none\"")
            svg.path(bodies, "fill=\"\(colour)\"")
        }
        svg.rectangle(
            Self.left, top, Self.right - Self.left, Self.panelHeight,
            "fill=\"none\" stroke=\"#cfd8dc\"")
        svg.label(
            [(name, ChartPanel.ink), ("\(bars.count) bars", ChartPanel.quiet)], Self.left + 6, top + 14)
    }
}
