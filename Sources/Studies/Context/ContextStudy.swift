import MarketContext
import MarketModel

/// The market context of a tape, and how it came about bar by bar.
public struct ContextStudy {
    /// What is computed.
    public struct Options: Sendable {
        /// Length of the bars, a minute to a day, dividing a day.
        public var bars = Nanoseconds.seconds(900)
        /// Size of a price bin in ticks; `nil` for a round one, finer than that of a strategy's
        /// context: a profile that people look at has about a hundred rows a day.
        public var binTicks: Int64?
        /// Share of the volume in a value area, in ten-thousandths.
        public var valueAreaShare: Int64 = 7_000
        /// Asia, London, New York and their overlap; otherwise UTC days alone.
        public var hasSessions = true

        public init() {}
    }

    /// What was known when a bar closed, of its UTC day. In the instrument's prices.
    struct Moment {
        var bar: Candle
        var vwap: Double
        var deviation: Double
        var pointOfControl: Price
        var area: ValueArea
        var cumulativeDelta: Quantity
    }

    /// One session, over or still running.
    struct Session {
        var name: String
        var opens: Timestamp
        /// `nil` while it runs.
        var closes: Timestamp?
        var summary: SessionSummary?
    }

    /// The bins of one bar of the footprint.
    struct Footprint {
        var bar: Candle
        var rows: [ProfileRow]
        var isPartial: Bool
    }

    struct Level {
        var name: String
        var price: Price
        var isPartial: Bool
        /// From when on it was one.
        var since: Timestamp
    }

    let origin: String
    let instrument: Instrument
    let binSize: Price
    private(set) var moments: [Moment] = []
    private(set) var sessions: [Session] = []
    private(set) var days: [Session] = []
    private(set) var levels: [Level] = []
    /// Of the last UTC day.
    private(set) var profile: [ProfileRow] = []
    private(set) var footprints: [Footprint] = []
    private(set) var regime = Regime.unknown
    private(set) var isRegimePartial = true
    private(set) var holeCount: Int64 = 0

    /// Goes through the whole tape; takes time with its trades and, for each bar, the day's rows.
    public init(
        _ tape: TradeTape, _ options: Options = Options(),
        zoneDirectory: String = "/usr/share/zoneinfo"
    ) throws(ContextFailure) {
        origin = tape.origin
        instrument = tape.instrument
        var settings = ContextSettings()
        settings.valueAreaShare = options.valueAreaShare
        settings.footprint = .every(options.bars)
        settings.footprintBins = 4096
        settings.footprintBars = 24
        settings.regimeBars = .every(options.bars)
        settings.calendar = options.hasSessions ? .standard : .none
        let binTicks = options.binTicks ?? Self.binTicks(tape, instrument)
        settings.binTicks = binTicks
        let (size, overflow) = instrument.tickSize.raw.multipliedReportingOverflow(by: binTicks)
        if overflow { throw .outside("bin ticks", value: binTicks, allowed: 1...(.max / 2)) }
        binSize = Price(raw: size)
        let table = try Self.table(settings.calendar, tape, zoneDirectory)
        var context = try InstrumentContext(settings, sessions: table, instrument: instrument)
        if let since = tape.completeSince { context.assumeComplete(since: since) }
        var bars = CandleBuilder(instrument: instrument.index, interval: options.bars)
        if let since = tape.completeSince { bars.assumeComplete(since: since) }
        var last = TradeID.none
        for trade in tape.trades {
            if last.raw >= 0, trade.id.raw - 1 != last.raw {
                bars.markIncomplete(through: trade.venueTime)
            }
            last = trade.id
            take(trade, &context, &bars, settings.calendar.names)
        }
        if let bar = bars.current { note(bar, context) }
        conclude(context, settings.calendar.names)
    }

    private mutating func take(
        _ trade: Trade, _ context: inout InstrumentContext, _ bars: inout CandleBuilder,
        _ names: [String]
    ) {
        // A bar is noted with what was known before the trade that closes it.
        if let bar = bars.close(at: trade.venueTime) { note(bar, context) }
        _ = bars.update(trade)
        let day = context.day.pointee.opening
        _ = context.update(trade)
        if context.day.pointee.opening != day, day != .unknown {
            days.append(
                Session(
                    name: "day", opens: day, closes: day + .day,
                    summary: context.day.pointee.previous))
        }
        while let event = context.takeEvent() {
            guard case .session(let change) = event else { continue }
            let name = names[Int(change.session.raw)]
            if change.opens {
                sessions.append(Session(name: name, opens: change.time))
            } else if let open = sessions.lastIndex(where: { $0.name == name && $0.closes == nil }) {
                sessions[open].closes = change.time
                sessions[open].summary = context.session(change.session).pointee.previous
            }
        }
        // Those that were open at the first trade opened before it.
        if moments.isEmpty, sessions.isEmpty { takeOpenSessions(context, names) }
    }

    private mutating func takeOpenSessions(
        _ context: borrowing InstrumentContext, _ names: [String]
    ) {
        for (place, name) in names.enumerated() {
            let index = SessionIndex(UInt8(place))
            if !context.openSessions.contains(index) { continue }
            sessions.append(Session(name: name, opens: context.session(index).pointee.opening))
        }
    }

    private mutating func note(_ bar: Candle, _ context: borrowing InstrumentContext) {
        let day = context.day
        guard let vwap = day.pointee.vwap.value, let area = day.pointee.valueArea,
            let control = day.pointee.profile.pointOfControl
        else { return }
        moments.append(
            Moment(
                bar: bar, vwap: vwap, deviation: day.pointee.vwap.deviation,
                pointOfControl: control.low, area: area, cumulativeDelta: context.cumulativeDelta))
    }

    private mutating func conclude(
        _ context: borrowing InstrumentContext, _ names: [String]
    ) {
        regime = context.regime
        isRegimePartial = context.isRegimePartial
        holeCount = context.holeCount
        profile = context.day.pointee.profile.rows
        days.append(
            Session(
                name: "day", opens: context.day.pointee.opening, closes: nil,
                summary: Self.running(
                    context.day.pointee, isPartial: context.isPartial(context.day))))
        for (place, name) in names.enumerated() {
            let session = context.session(SessionIndex(UInt8(place)))
            if let open = sessions.lastIndex(where: { $0.name == name && $0.closes == nil }) {
                sessions[open].summary = Self.running(
                    session.pointee, isPartial: context.isPartial(session))
            }
        }
        for age in (0...context.footprint.closedCount).reversed() {
            let bar = age == 0 ? context.footprint.current : context.footprint.candle(age: age)
            guard let bar else { continue }
            footprints.append(
                Footprint(
                    bar: bar, rows: context.footprint.profile(age: age).pointee.rows,
                    isPartial: context.isPartial(footprint: age)))
        }
        noteLevels(context)
    }

    private mutating func noteLevels(_ context: borrowing InstrumentContext) {
        func add(_ name: String, _ price: Price?, _ isPartial: Bool, _ since: Timestamp) {
            guard let price else { return }
            levels.append(Level(name: name, price: price, isPartial: isPartial, since: since))
        }
        for (name, level) in [
            ("PD", context.previousDay), ("PW", context.previousWeek), ("PM", context.previousMonth),
        ] {
            guard let level else { continue }
            let since = level.candle.closeTime + Nanoseconds(1)
            add(name + "H", level.candle.high, level.isPartial, since)
            add(name + "L", level.candle.low, level.isPartial, since)
        }
        let day = context.day
        let isPartial = context.isPartial(day)
        let opening = day.pointee.opening
        add("ORH", day.pointee.openingRange.high, isPartial, opening)
        add("ORL", day.pointee.openingRange.low, isPartial, opening)
        add("IBH", day.pointee.initialBalance.high, isPartial, opening)
        add("IBL", day.pointee.initialBalance.low, isPartial, opening)
        for place in 0..<context.nakedLevels.count {
            let naked = context.nakedLevels.level(place)
            add("nPOC", naked.low, naked.isPartial, naked.session + .day)
        }
    }

    private static func running(
        _ session: borrowing SessionContext, isPartial: Bool
    ) -> SessionSummary? {
        guard let candle = session.candle, let area = session.valueArea,
            let control = session.profile.pointOfControl, let vwap = session.vwap.value
        else { return nil }
        return SessionSummary(
            candle: candle, pointOfControl: control.low, valueArea: area, vwap: vwap,
            isPartial: isPartial)
    }

    /// 1, 2 or 5 with zeros, so that the whole tape's range has about two hundred bins.
    private static func binTicks(_ tape: TradeTape, _ instrument: Instrument) -> Int64 {
        let prices = tape.trades.lazy.map(\.price.raw)
        guard let low = prices.min(), let high = prices.max() else { return 1 }
        let wanted = max((high - low) / instrument.tickSize.raw / 200, 1)
        var power: Int64 = 1
        while power <= wanted / 10 { power *= 10 }
        for factor in [1, 2, 5] as [Int64] where power * factor >= wanted { return power * factor }
        return power * 10
    }
}
