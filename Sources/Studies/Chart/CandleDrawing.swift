import Indicators

/// The candles of a chart: bodies and wicks, volumes at the foot, marks of patterns.
///
/// A series without opens, highs and lows is a line of closes.
struct CandleDrawing {
    let candles: CandleSeries
    let rows: Range<Int>
    let scale: ValueScale
    let time: TimeScale

    private static let needed: [SampleColumn] = [.open, .high, .low, .close]

    private static func areWhole(_ candles: CandleSeries) -> Bool {
        needed.allSatisfy(candles.has)
    }

    /// The lowest and highest price; `nil` without closes.
    static func extent(_ candles: CandleSeries, _ rows: Range<Int>) -> (Double, Double)? {
        let isWhole = areWhole(candles)
        guard let lows = candles.numbers[isWhole ? .low : .close]?[rows].min(),
            let highs = candles.numbers[isWhole ? .high : .close]?[rows].max()
        else { return nil }
        return (lows, highs)
    }

    func drawCandles(into svg: inout SVGText) {
        if !Self.areWhole(candles) {
            drawCloses(into: &svg)
            return
        }
        var paths = [(SVGPath(), SVGPath()), (SVGPath(), SVGPath())]
        let half = max(time.pitch * 0.36, 0.35)
        for (place, row) in rows.enumerated() {
            let bar = candles.bar(row)
            let kind = bar.close >= bar.open ? 0 : 1
            let x = time.x(place)
            paths[kind].0.vertical(x, from: scale.y(bar.high), to: scale.y(bar.low))
            let upper = scale.y(max(bar.open, bar.close))
            let lower = max(scale.y(min(bar.open, bar.close)), upper + 0.8)
            paths[kind].1.box(x - half, upper, x + half, lower)
        }
        for (path, colour) in zip(paths, [ChartPanel.rising, ChartPanel.falling]) {
            svg.path(path.0, "stroke=\"\(colour)\" fill=\"none\"")
            svg.path(path.1, "fill=\"\(colour)\"")
        }
    }

    private func drawCloses(into svg: inout SVGText) {
        var path = SVGPath()
        for (place, row) in rows.enumerated() where candles.has(.close) {
            path.point(time.x(place), scale.y(candles.number(.close, row)))
        }
        svg.path(path, "stroke=\"\(ChartPanel.ink)\" fill=\"none\"")
    }

    func drawVolume(bottom: Double, height: Double, into svg: inout SVGText) {
        guard let volumes = candles.numbers[.volume]?[rows], let most = volumes.max(), most > 0
        else { return }
        var path = SVGPath()
        let half = max(time.pitch * 0.36, 0.35)
        for (place, volume) in volumes.enumerated() {
            let x = time.x(place)
            path.box(x - half, bottom - volume / most * height, x + half, bottom)
        }
        svg.path(path, "fill=\"#b0bec5\" fill-opacity=\"0.45\"")
    }

    /// Triangles: below a candle for a positive value, above it for a negative one.
    func drawMarks(_ value: StudyValues, into svg: inout SVGText) {
        var (up, down) = (SVGPath(), SVGPath())
        for (place, row) in rows.enumerated() {
            let number = value.outputs[0][row] ?? 0
            let x = time.x(place)
            if number > 0 {
                let y = scale.y(candles.number(.low, row)) + 5
                triangle(x, y, y + 7, into: &up)
            } else if number < 0 {
                let y = scale.y(candles.number(.high, row)) - 5
                triangle(x, y, y - 7, into: &down)
            }
        }
        svg.path(up, "fill=\"\(ChartPanel.rising)\" stroke=\"#00695c\" stroke-width=\"0.6\"")
        svg.path(down, "fill=\"\(ChartPanel.falling)\" stroke=\"#b71c1c\" stroke-width=\"0.6\"")
    }

    private func triangle(_ x: Double, _ tip: Double, _ base: Double, into path: inout SVGPath) {
        path.point(x, tip)
        path.point(x - 4, base)
        path.point(x + 4, base)
        path.close()
    }
}
