import MarketContext
import MarketModel

/// A context study as a picture: candles with the day's VWAP and value area as they developed,
/// sessions above them, the last day's profile beside them, order flow below.
public struct ContextChart {
    /// What is drawn besides the candles.
    public struct Parts: OptionSet, Sendable {
        public let rawValue: Int
        public init(rawValue: Int) { self.rawValue = rawValue }

        public static let vwap = Parts(rawValue: 1)
        public static let profile = Parts(rawValue: 2)
        public static let sessions = Parts(rawValue: 4)
        public static let levels = Parts(rawValue: 8)
        public static let flow = Parts(rawValue: 16)
        public static let all: Parts = [.vwap, .profile, .sessions, .levels, .flow]
    }

    /// The most bars that one picture shows.
    public static let mostBars = 400

    static let width = 1_020.0
    static let left = 10.0
    static let right = 890.0
    static let profileWidth = 150.0
    private static let top = 30.0
    private static let stripHeight = 15.0
    private static let priceHeight = 400.0
    private static let flowHeight = 110.0
    private static let gap = 10.0
    private static let foot = 26.0

    static let vwapColour = "#2962ff"
    static let controlColour = "#ef6c00"
    static let areaColour = "#8e24aa"
    private static let sessionColours = [
        "asia": "#00897b", "london": "#2962ff", "new_york": "#ef6c00", "overlap": "#8e24aa",
    ]

    let study: ContextStudy
    let moments: ArraySlice<ContextStudy.Moment>
    private let parts: Parts
    private let title: String
    private let unit = Double(DecimalScale.power(TradeTape.scale))

    /// The newest `count` bars, 1...``mostBars``, or as many as there are.
    public init(_ study: ContextStudy, _ parts: Parts = .all, title: String, newest count: Int = 192) {
        self.study = study
        self.parts = parts
        self.title = title
        moments = study.moments.suffix(max(1, min(count, Self.mostBars)))
    }

    /// The file's text.
    public var svg: String {
        let names = parts.contains(.sessions) ? sessionNames : []
        let strips = Double(names.count) * Self.stripHeight + (names.isEmpty ? 0 : 4)
        let top = Self.top + strips
        let priceBottom = top + Self.priceHeight
        let bottom = parts.contains(.flow) ? priceBottom + Self.gap + Self.flowHeight : priceBottom
        let plotRight = parts.contains(.profile) ? Self.right - Self.profileWidth : Self.right
        let time = TimeScale(
            moments.map(\.bar.openTime), count: moments.count, left: Self.left, right: plotRight)
        var svg = SVGText()
        svg.rectangle(0, 0, Self.width, bottom + Self.foot, "fill=\"#ffffff\"")
        svg.label(title, Self.left, 19, fill: ChartPanel.ink, isBold: true)
        svg.label(span, Self.right, 19, .end, fill: ChartPanel.quiet)
        drawTimes(time, plotRight, top: top, bottom: bottom, into: &svg)
        drawSessions(names, time, plotRight, priceBottom: bottom, into: &svg)
        let scale = scale(top: top + 22, bottom: priceBottom - 6)
        drawPrices(scale, time, plotRight, top: top, into: &svg)
        if parts.contains(.profile) { drawProfile(scale, plotRight, top: top, into: &svg) }
        svg.rectangle(
            Self.left, top, Self.right - Self.left, Self.priceHeight,
            "fill=\"none\" stroke=\"#cfd8dc\"")
        drawLegend(top: top, into: &svg)
        if parts.contains(.flow) {
            drawFlow(time, plotRight, top: priceBottom + Self.gap, into: &svg)
        }
        return SVGText.document(
            width: Self.width, height: bottom + Self.foot, title: title, content: svg)
    }

    private var span: String {
        guard let first = moments.first, let last = moments.last else { return "no bars" }
        let length = (first.bar.closeTime - first.bar.openTime).count / 60_000_000_000 + 1
        let (start, end) = (first.bar.openTime, last.bar.closeTime + Nanoseconds(1))
        return "\(TimeText.full(start)) to \(TimeText.full(end)) UTC, bars of \(length) min"
    }

    func value(_ price: Price) -> Double { Double(price.raw) / unit }

    /// Of candles, lines near them and, where the profile is drawn, its rows.
    private func scale(top: Double, bottom: Double) -> ValueScale {
        var low = moments.map { value($0.bar.low) }.min() ?? 0
        var high = moments.map { value($0.bar.high) }.max() ?? 1
        if parts.contains(.vwap) {
            low = min(low, moments.map { ($0.vwap - 2 * $0.deviation) / unit }.min() ?? low)
            high = max(high, moments.map { ($0.vwap + 2 * $0.deviation) / unit }.max() ?? high)
        }
        return ValueScale(low, high, top: top, bottom: bottom)
    }

    // MARK: - Times and sessions

    private func drawTimes(
        _ time: TimeScale, _ plotRight: Double, top: Double, bottom: Double, into svg: inout SVGText
    ) {
        var rules = SVGPath()
        let ticks = time.ticks(atMost: 9)
        for tick in ticks { rules.vertical(time.x(tick.place), from: top, to: bottom) }
        svg.path(rules, "stroke=\"\(ChartPanel.grid)\" fill=\"none\"")
        for tick in ticks where time.x(tick.place) < plotRight - 16 {
            svg.label(
                tick.text, time.x(tick.place), bottom + 16, .middle,
                fill: tick.isDay ? ChartPanel.ink : ChartPanel.quiet, isBold: tick.isDay)
        }
        svg.label("UTC", Self.right + 8, bottom + 16, fill: ChartPanel.quiet)
    }

    private var sessionNames: [String] {
        var names: [String] = []
        for session in study.sessions where !names.contains(session.name) { names.append(session.name) }
        return ["asia", "london", "new_york", "overlap"].filter(names.contains)
    }

    /// A strip for each session above the prices, its name in the first; a tint below.
    private func drawSessions(
        _ names: [String], _ time: TimeScale, _ plotRight: Double, priceBottom: Double,
        into svg: inout SVGText
    ) {
        for (row, name) in names.enumerated() {
            let y = Self.top + Double(row) * Self.stripHeight
            let colour = Self.sessionColours[name] ?? ChartPanel.quiet
            var labelled = false
            for session in study.sessions where session.name == name {
                guard let (start, end) = stretch(session, time) else { continue }
                svg.rectangle(
                    start, y, end - start, Self.stripHeight - 3, "fill=\"\(colour)\" fill-opacity=\"0.22\"")
                // The overlap is where two tints lie upon each other.
                if name != "overlap" {
                    let top = Self.top + Double(names.count) * Self.stripHeight + 4
                    svg.rectangle(
                        start, top, end - start, priceBottom - top,
                        "fill=\"\(colour)\" fill-opacity=\"0.045\"")
                }
                if end - start > 46, !labelled || names.count < 3 {
                    svg.label(
                        name.replacing("_", with: " "), start + 4, y + 10, fill: colour)
                    labelled = true
                }
            }
        }
    }

    private func stretch(
        _ session: ContextStudy.Session, _ time: TimeScale
    ) -> (Double, Double)? {
        let first = moments.firstIndex { $0.bar.closeTime >= session.opens }
        let last = moments.lastIndex { $0.bar.openTime < session.closes ?? .never }
        guard let first, let last, first <= last else { return nil }
        let half = time.pitch / 2
        return (
            time.x(first - moments.startIndex) - half, time.x(last - moments.startIndex) + half
        )
    }

    // MARK: - Prices

    private func drawPrices(
        _ scale: ValueScale, _ time: TimeScale, _ plotRight: Double, top: Double,
        into svg: inout SVGText
    ) {
        let tags = tags(scale, top: top)
        drawGrid(scale, top: top, avoiding: tags.map(\.y), into: &svg)
        svg.clip("prices", Self.left, top, plotRight - Self.left, Self.priceHeight)
        var content = SVGText()
        if parts.contains(.vwap) { drawBands(scale, time, into: &content) }
        drawLevels(scale, time, plotRight, into: &content)
        drawCandles(scale, time, into: &content)
        if parts.contains(.profile) {
            let dashes = "stroke-dasharray=\"3 2\" "
            drawSteps(Self.areaColour, dashes, scale, time, into: &content) { value($0.area.high) }
            drawSteps(Self.areaColour, dashes, scale, time, into: &content) { value($0.area.low) }
            drawSteps(Self.controlColour, "", scale, time, into: &content) {
                value($0.pointOfControl)
            }
        }
        if parts.contains(.vwap) {
            draw(Self.vwapColour, "stroke-width=\"1.6\" ", scale, time, into: &content) {
                $0.vwap / unit
            }
        }
        svg.group("clip-path=\"url(#prices)\"", content)
        for tag in tags {
            svg.label(tag.text, Self.right + 8, tag.y + 3.5, fill: tag.colour, isBold: true)
        }
    }

    private func drawGrid(
        _ scale: ValueScale, top: Double, avoiding taken: [Double], into svg: inout SVGText
    ) {
        var rules = SVGPath()
        let ticks = scale.ticks(atMost: 8).filter { tick in
            (top + 6...top + Self.priceHeight - 4).contains(scale.y(tick.value))
        }
        for tick in ticks { rules.horizontal(scale.y(tick.value), from: Self.left, to: Self.right) }
        svg.path(rules, "stroke=\"\(ChartPanel.grid)\" fill=\"none\"")
        for tick in ticks where !taken.contains(where: { abs($0 - scale.y(tick.value)) < 13 }) {
            svg.label(tick.text, Self.right + 8, scale.y(tick.value) + 3.5, fill: ChartPanel.quiet)
        }
    }

    private func drawCandles(_ scale: ValueScale, _ time: TimeScale, into svg: inout SVGText) {
        var wicks = [SVGPath(), SVGPath()]
        var bodies = [SVGPath(), SVGPath()]
        let half = min(max(time.pitch * 0.34, 0.35), 9)
        for (place, moment) in moments.enumerated() {
            let bar = moment.bar
            let kind = bar.close >= bar.open ? 0 : 1
            let x = time.x(place)
            wicks[kind].vertical(x, from: scale.y(value(bar.high)), to: scale.y(value(bar.low)))
            let upper = scale.y(value(max(bar.open, bar.close)))
            let lower = max(scale.y(value(min(bar.open, bar.close))), upper + 0.8)
            bodies[kind].box(x - half, upper, x + half, lower)
        }
        for (kind, colour) in [ChartPanel.rising, ChartPanel.falling].enumerated() {
            svg.path(wicks[kind], "stroke=\"\(colour)\" fill=\"none\"")
            svg.path(bodies[kind], "fill=\"\(colour)\"")
        }
    }

    /// The deviations around the VWAP: one as an area, two as thin lines.
    private func drawBands(_ scale: ValueScale, _ time: TimeScale, into svg: inout SVGText) {
        for day in daily {
            var path = SVGPath()
            for (place, one) in day { path.point(time.x(place), scale.y((one.vwap + one.deviation) / unit)) }
            for (place, one) in day.reversed() {
                path.point(time.x(place), scale.y((one.vwap - one.deviation) / unit))
            }
            path.close()
            svg.path(path, "fill=\"\(Self.vwapColour)\" fill-opacity=\"0.08\"")
        }
        let thin = "stroke-opacity=\"0.45\" stroke-width=\"0.8\" "
        draw(Self.vwapColour, thin, scale, time, into: &svg) { ($0.vwap + 2 * $0.deviation) / unit }
        draw(Self.vwapColour, thin, scale, time, into: &svg) { ($0.vwap - 2 * $0.deviation) / unit }
    }

    /// The moments by UTC day: what is of a day does not go on to the next.
    private var daily: [[(place: Int, moment: ContextStudy.Moment)]] {
        var days: [[(place: Int, moment: ContextStudy.Moment)]] = []
        for (place, moment) in moments.enumerated() {
            let day = moment.bar.openTime.utcDay
            if days.last?.last?.moment.bar.openTime.utcDay != day { days.append([]) }
            days[days.count - 1].append((place, moment))
        }
        return days
    }

    private func draw(
        _ colour: String, _ attributes: String, _ scale: ValueScale, _ time: TimeScale,
        into svg: inout SVGText, _ number: (ContextStudy.Moment) -> Double
    ) {
        var path = SVGPath()
        for day in daily {
            path.gap()
            for (place, moment) in day { path.point(time.x(place), scale.y(number(moment))) }
        }
        svg.path(path, "stroke=\"\(colour)\" stroke-linejoin=\"round\" \(attributes)fill=\"none\"")
    }

    /// The same for what jumps from bin to bin.
    private func drawSteps(
        _ colour: String, _ attributes: String, _ scale: ValueScale, _ time: TimeScale,
        into svg: inout SVGText, _ number: (ContextStudy.Moment) -> Double
    ) {
        var path = SVGPath()
        for day in daily {
            path.gap()
            var last: Double?
            for (place, moment) in day {
                let y = scale.y(number(moment))
                if y == last, place != day.last?.place { continue }
                if let last { path.point(time.x(place), last) }
                path.point(time.x(place), y)
                last = y
            }
        }
        svg.path(path, "stroke=\"\(colour)\" stroke-linejoin=\"round\" \(attributes)fill=\"none\"")
    }

    // MARK: - Levels

    private func drawLevels(
        _ scale: ValueScale, _ time: TimeScale, _ plotRight: Double, into svg: inout SVGText
    ) {
        if !parts.contains(.levels) { return }
        for level in shownLevels {
            let first = moments.firstIndex { $0.bar.closeTime >= level.since } ?? moments.startIndex
            var path = SVGPath()
            path.horizontal(
                scale.y(value(level.price)), from: time.x(first - moments.startIndex), to: plotRight)
            let dashes = level.name == "nPOC" ? "1 3" : "6 3"
            let colour = level.name == "nPOC" ? Self.controlColour : ChartPanel.quiet
            svg.path(path, "stroke=\"\(colour)\" stroke-dasharray=\"\(dashes)\" fill=\"none\"")
        }
    }

    /// One line for those of the same price, with two of their names.
    private var shownLevels: [ContextStudy.Level] {
        var shown: [ContextStudy.Level] = []
        for level in study.levels {
            if let same = shown.firstIndex(where: { $0.price == level.price }) {
                if !shown[same].name.contains("/") { shown[same].name += "/" + level.name }
            } else {
                shown.append(level)
            }
        }
        return shown
    }

    private struct Tag {
        var text: String
        var colour: String
        var y: Double
    }

    /// The names of the last moment's lines on the right, apart from each other.
    private func tags(_ scale: ValueScale, top: Double) -> [Tag] {
        var tags: [Tag] = []
        func add(_ name: String, _ number: Double, _ colour: String, _ isPartial: Bool) {
            let y = scale.y(number)
            if y < top || y > top + Self.priceHeight { return }
            let text = "\(name) \(scale.text(number))\(isPartial ? "~" : "")"
            tags.append(Tag(text: text, colour: colour, y: y))
        }
        let isPartial = study.days.last?.summary?.isPartial ?? true
        if let last = moments.last {
            if parts.contains(.vwap) { add("VWAP", last.vwap / unit, Self.vwapColour, isPartial) }
            if parts.contains(.profile) {
                add("POC", value(last.pointOfControl), Self.controlColour, isPartial)
                add("VAH", value(last.area.high), Self.areaColour, isPartial)
                add("VAL", value(last.area.low), Self.areaColour, isPartial)
            }
        }
        if parts.contains(.levels) {
            for level in shownLevels {
                let colour = level.name == "nPOC" ? Self.controlColour : ChartPanel.ink
                add(level.name, value(level.price), colour, level.isPartial)
            }
        }
        tags.sort { $0.y < $1.y }
        for place in tags.indices.dropFirst() {
            tags[place].y = max(tags[place].y, tags[place - 1].y + 12)
        }
        return tags
    }

    private func drawLegend(top: Double, into svg: inout SVGText) {
        var words: [(text: String, fill: String)] = []
        if parts.contains(.vwap) { words += [("— VWAP of the day, 1 and 2 deviations", Self.vwapColour)] }
        if parts.contains(.profile) {
            words += [("— POC", Self.controlColour), ("┄ VAH, VAL", Self.areaColour)]
        }
        if parts.contains(.levels) { words += [("┄ earlier periods", ChartPanel.quiet)] }
        if !words.isEmpty { svg.label(words, Self.left + 6, top + 14) }
    }
}
