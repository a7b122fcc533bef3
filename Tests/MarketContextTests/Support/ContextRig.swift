import MarketContext
import MarketModel

/// Contexts to compare: all that one says, as text.
enum ContextRig {
    static let instrument: Instrument = {
        func name(_ text: String) -> ShortName {
            guard let name = ShortName(text) else { preconditionFailure("\(text) is short") }
            return name
        }
        var instrument = Instrument(
            symbol: name("BTCUSDT"), base: name("BTC"), quote: name("USDT"),
            index: Tape.instrument, baseAsset: AssetIndex(0), quoteAsset: AssetIndex(1))
        instrument.tickSize = Price(raw: 1)
        return instrument
    }()

    static let plan: SessionPlan? = {
        var zones: [String: TimeZoneRules] = [:]
        for name in SessionCalendar.standard.zones {
            zones[name] = try? SystemZones.rules(name)
        }
        return try? SessionPlan(.standard, zones: zones)
    }()

    /// The standard sessions around the time of the tapes.
    static let boundaries = plan?.boundaries(
        from: CivilDate(year: 2024, month: 7, day: 1),
        through: CivilDate(year: 2024, month: 12, day: 1)) ?? []

    static func table() throws -> SessionTable { try SessionTable(boundaries, sessionCount: 4) }

    /// With the standard sessions; bins of `binTicks` raw prices.
    static func settings(binTicks: Int64 = 5) -> ContextSettings {
        var settings = ContextSettings()
        settings.binTicks = binTicks
        settings.regimePeriod = 6
        settings.calendar = .standard
        return settings
    }

    static func context(_ settings: ContextSettings = settings()) throws -> InstrumentContext {
        try InstrumentContext(settings, sessions: try table(), instrument: instrument)
    }

    /// Everything that a context says.
    static func words(_ context: borrowing InstrumentContext) -> [String] {
        var words = [
            "\(context.clock) \(context.completeSince) \(context.lastTradeID)",
            "\(context.cumulativeDelta) \(context.regime) \(context.efficiency ?? -1)",
            "\(String(describing: context.previousDay))",
            "\(String(describing: context.previousWeek))",
            "\(String(describing: context.previousMonth))",
            "\(String(describing: context.currentWeek))",
            "\(String(describing: context.currentMonth))",
            "open \(context.openSessions.raw)",
        ]
        for index in 0..<context.nakedLevels.count {
            words.append("naked \(context.nakedLevels.level(index))")
        }
        for number in 0...4 {
            let session =
                number == 0 ? context.day : context.session(SessionIndex(UInt8(number - 1)))
            words += ["session \(number) partial \(context.isPartial(session))"]
            words += Self.words(session.pointee)
        }
        for age in 0...context.footprint.closedCount {
            words.append("footprint \(age)")
            words += context.footprint.profile(age: age).pointee.rows.map { "\($0)" }
        }
        return words
    }

    private static func words(_ session: borrowing SessionContext) -> [String] {
        [
            "\(session.isOpen) \(session.opening) \(String(describing: session.candle))",
            "\(session.vwap) \(session.openingRange) \(session.initialBalance)",
            "\(String(describing: session.valueArea)) \(String(describing: session.previous))",
            "\(session.profile.outsideVolume) \(session.profile.rows)",
        ]
    }
}
