import MarketContext
import MarketModel

/// The day's profile beside the prices and the order flow below them.
extension ContextChart {
    /// Bars from the right edge: bought, then sold; the value area strong, the rest pale.
    func drawProfile(
        _ scale: ValueScale, _ plotRight: Double, top: Double, into svg: inout SVGText
    ) {
        guard let last = moments.last else { return }
        let rows = study.profile
        let most = Double(rows.map(\.volume.raw).max() ?? 1)
        let room = Self.profileWidth - 18
        var paths = Array(repeating: SVGPath(), count: 4)
        for row in rows where row.volume.raw > 0 {
            let upper = scale.y(value(row.low + study.binSize)) + 0.3
            let lower = max(scale.y(value(row.low)), upper + 0.6)
            let bought = Double(row.bought.raw) / most * room
            let sold = Double(row.sold.raw) / most * room
            let isValue = row.low >= last.area.low && row.low < last.area.high
            let start = plotRight + 14
            paths[isValue ? 0 : 2].box(start, upper, start + bought, lower)
            paths[isValue ? 1 : 3].box(start + bought, upper, start + bought + sold, lower)
        }
        svg.rectangle(
            plotRight, top, Self.right - plotRight, 400, "fill=\"#ffffff\" fill-opacity=\"0.6\"")
        let colours = [ChartPanel.rising, ChartPanel.falling, ChartPanel.rising, ChartPanel.falling]
        for (kind, path) in paths.enumerated() {
            svg.path(path, "fill=\"\(colours[kind])\" fill-opacity=\"\(kind < 2 ? "0.75" : "0.3")\"")
        }
        for (price, colour, dashes) in [
            (last.pointOfControl + Price(raw: study.binSize.raw / 2), Self.controlColour, ""),
            (last.area.high, Self.areaColour, "stroke-dasharray=\"3 2\" "),
            (last.area.low, Self.areaColour, "stroke-dasharray=\"3 2\" "),
        ] {
            var path = SVGPath()
            path.horizontal(scale.y(value(price)), from: plotRight, to: Self.right)
            svg.path(path, "stroke=\"\(colour)\" \(dashes)fill=\"none\"")
        }
        var edge = SVGPath()
        edge.vertical(plotRight, from: top, to: top + 400)
        svg.path(edge, "stroke=\"#cfd8dc\" fill=\"none\"")
        svg.label(
            [("bought", ChartPanel.rising), ("sold", ChartPanel.falling)], plotRight + 14, top + 14)
    }

    /// Bought less sold of each bar, and its sum since the beginning.
    func drawFlow(_ time: TimeScale, _ plotRight: Double, top: Double, into svg: inout SVGText) {
        let unit = Double(DecimalScale.power(TradeTape.scale))
        let deltas: [Double?] = moments.map { Double($0.bar.delta.raw) / unit }
        let most = deltas.compactMap { $0?.magnitude }.max() ?? 1
        let sums = moments.map { Double($0.cumulativeDelta.raw) / unit }
        let panel = ChartPanel(
            top: top, height: 110,
            keys: [
                .init(
                    title: "delta of each bar",
                    lines: [
                        .init(
                            name: "delta", colour: ChartPanel.quiet, values: deltas[...],
                            isHistogram: true, isDashed: false)
                    ])
            ])
        let scale = ValueScale(-most, most, top: top + 18, bottom: top + 108)
        panel.drawGrid(scale, left: Self.left, right: Self.right, into: &svg)
        panel.drawLines(scale, time, into: &svg)
        // The sum has a scale of its own: its course counts, not its size.
        if let low = sums.min(), let high = sums.max() {
            let own = ValueScale(low, high, top: top + 18, bottom: top + 108)
            var path = SVGPath()
            for (place, sum) in sums.enumerated() { path.point(time.x(place), own.y(sum)) }
            svg.path(path, "stroke=\"\(ChartPanel.ink)\" stroke-width=\"1.3\" fill=\"none\"")
            svg.label(
                "sum \(own.text(sums.last ?? 0))", plotRight + 14, top + 14, fill: ChartPanel.ink)
        }
        panel.drawLegend(scale, left: Self.left, into: &svg)
        svg.rectangle(
            Self.left, top, Self.right - Self.left, 110, "fill=\"none\" stroke=\"#cfd8dc\"")
    }
}
