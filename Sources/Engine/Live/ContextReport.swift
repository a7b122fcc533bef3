import MarketContext
import MarketModel
import Telemetry
import TickToTrade

/// Puts market contexts into words and exact numbers.
struct ContextReport {
    let plan: TradingPlan

    /// One entry a context, in the order of the plan.
    func figures(_ published: [ContextSummary]) -> [ContextFigures] {
        zip(plan.configuration.contexts.entries, published).map(figures)
    }

    private func figures(
        _ entry: ContextPlan.Entry, _ summary: ContextSummary
    ) -> ContextFigures {
        let instrument = plan.instruments[entry.instrument]
        var figures = ContextFigures(
            instrument: instrument.symbol.text, regime: Self.name(of: summary.regime))
        var names: [String] = []
        for slot in entry.strategies where !names.contains(plan.strategyNames[slot]) {
            names.append(plan.strategyNames[slot])
        }
        figures.strategies = names
        if summary.clock != .unknown { figures.timeNanoseconds = summary.clock.nanoseconds }
        figures.day = Self.day(summary, instrument)
        figures.previousDay = Self.level(summary.previousDay, instrument)
        figures.previousWeek = Self.level(summary.previousWeek, instrument)
        figures.previousMonth = Self.level(summary.previousMonth, instrument)
        figures.nakedAbove = Self.price(summary.nakedAbove, instrument)
        figures.nakedBelow = Self.price(summary.nakedBelow, instrument)
        figures.areNakedPartial = summary.areNakedPartial
        if summary.knowsSessions {
            let sessions = entry.settings.calendar.names
            figures.sessions = sessions.indices.compactMap { place in
                summary.openSessions.contains(SessionIndex(UInt8(place))) ? sessions[place] : nil
            }
        }
        if summary.efficiency >= 0 {
            figures.efficiency = ExactDecimal(raw: Int128(summary.efficiency), scale: 4)
        }
        figures.isRegimePartial = summary.isRegimePartial
        figures.cumulativeDelta = ExactDecimal(summary.cumulativeDelta, of: instrument)
        figures.isDeltaPartial = summary.isDeltaPartial
        figures.isCatchingUp = summary.isCatchingUp
        figures.isInDoubt = summary.isInDoubt
        figures.holes = summary.holeCount
        return figures
    }

    private static func name(of regime: Regime) -> String {
        switch regime {
        case .unknown: "unknown"
        case .range: "range"
        case .trendUp: "trend_up"
        case .trendDown: "trend_down"
        }
    }

    private static func day(
        _ summary: ContextSummary, _ instrument: Instrument
    ) -> ContextFigures.DayFigures? {
        if summary.dayStart == .unknown || summary.volume.raw == 0 { return nil }
        return ContextFigures.DayFigures(
            high: ExactDecimal(summary.high, of: instrument),
            low: ExactDecimal(summary.low, of: instrument),
            last: ExactDecimal(summary.last, of: instrument),
            volume: ExactDecimal(summary.volume, of: instrument),
            delta: ExactDecimal(summary.delta, of: instrument),
            vwap: rounded(summary.vwap, instrument),
            deviation: rounded(summary.deviation, instrument),
            pointOfControl: ExactDecimal(summary.pointOfControl, of: instrument),
            binSize: ExactDecimal(summary.binSize, of: instrument),
            valueAreaHigh: ExactDecimal(summary.valueAreaHigh, of: instrument),
            valueAreaLow: ExactDecimal(summary.valueAreaLow, of: instrument),
            isPartial: summary.isDayPartial)
    }

    /// A computed price, to the digits of the instrument's tick.
    private static func rounded(_ raw: Double, _ instrument: Instrument) -> ExactDecimal {
        // Prices are below the largest Int64, and so is their average.
        ExactDecimal(raw: Int128(raw.rounded()), scale: Int(instrument.priceScale))
            .rounded(to: Int(instrument.priceDecimals))
    }

    private static func level(
        _ level: ContextSummary.Level, _ instrument: Instrument
    ) -> ContextFigures.LevelFigures? {
        if level.high.raw == 0 { return nil }
        return ContextFigures.LevelFigures(
            high: ExactDecimal(level.high, of: instrument),
            low: ExactDecimal(level.low, of: instrument),
            close: ExactDecimal(level.close, of: instrument), isPartial: level.isPartial)
    }

    private static func price(_ price: Price, _ instrument: Instrument) -> ExactDecimal? {
        price.raw == 0 ? nil : ExactDecimal(price, of: instrument)
    }
}
