import Telemetry

/// Results of the control socket as tables for a terminal.
public enum ControlText {
    /// `apus status`: the state in a few lines.
    public static func status(_ snapshot: EngineSnapshot) -> String {
        var text = "\(snapshot.run)  \(snapshot.world)  \(snapshot.state.rawValue)"
        if let reason = snapshot.reason { text += " (\(reason))" }
        text += "  up \(FigureText.clock(snapshot.uptimeNanoseconds))\n"
        let totals = snapshot.totals
        text += "net \(totals.pnlNet.signedMoney) \(totals.asset), gross "
        text += "\(totals.pnlGross.signedMoney), fees \(totals.fees.rounded(to: 2))\n"
        text += "orders \(totals.ordersSent), fills \(totals.fills), rejected \(totals.rejects), "
        text += "denied \(totals.denials), unknown \(totals.unknown), halts \(totals.halts)\n"
        text += fees(totals)
        let audits = snapshot.audits
        text += "audits \(audits.completed), skipped \(audits.skipped), "
        text += "differences \(audits.differences)\n"
        if !snapshot.connections.isEmpty { text += "\n" + connections(snapshot.connections) }
        if !snapshot.budgets.isEmpty {
            let budgets = snapshot.budgets.map { "\($0.name) \($0.used) of \($0.limit)" }
            text += "rate limits: " + budgets.joined(separator: ", ") + "\n"
        }
        if !snapshot.instruments.isEmpty { text += "\n" + instruments(snapshot.instruments) }
        if !snapshot.contexts.isEmpty { text += "\n" + contexts(snapshot.contexts) }
        return text
    }

    /// Commissions as they were paid, when any were.
    private static func fees(_ totals: TotalFigures) -> String {
        if totals.feesByAsset.isEmpty { return "" }
        let parts = totals.feesByAsset.map { one in
            let rest = one.unvalued.raw == 0 ? "" : " (\(one.unvalued.shortened()) without a rate)"
            return "\(one.paid.shortened()) \(one.asset)\(rest)"
        }
        return "commissions " + parts.joined(separator: ", ") + "\n"
    }

    /// One row a connection.
    public static func connections(_ figures: [ConnectionFigures]) -> String {
        var table = TextTable([
            .init("connection", .left), .init("state", .left), .init("reconnects"),
            .init("messages"), .init("last"), .init("round trip"),
        ])
        for one in figures {
            table.append([
                one.name, one.state.rawValue, String(one.reconnects),
                FigureText.count(one.messages), duration(one.lastMessageAgeNanoseconds),
                duration(one.roundTripNanoseconds),
            ])
        }
        return table.text
    }

    /// One row an instrument.
    public static func instruments(_ figures: [InstrumentFigures]) -> String {
        var table = TextTable([
            .init("instrument", .left), .init("bid"), .init("ask"), .init("book", .left),
            .init("position"), .init("unrealised"), .init("realised"), .init("open orders"),
        ])
        for one in figures {
            table.append([
                one.symbol, text(one.bid), text(one.ask), one.isBookValid ? "valid" : "invalid",
                one.position.description, one.unrealised?.signedMoney ?? "-",
                one.realised.signedMoney, String(one.openOrders),
            ])
        }
        return table.text
    }

    /// `apus context show`, and in `apus status`: one row a market context.
    public static func contexts(_ figures: [ContextFigures]) -> String {
        guard !figures.isEmpty else { return "no strategy looks at a market context\n" }
        var text = ContextText.table(of: figures).text
        if text.contains("~") { text += "~ trades of it are missing\n" }
        return text
    }

    /// `apus orders`.
    public static func orders(_ figures: [OrderFigures]) -> String {
        guard !figures.isEmpty else { return "no open orders\n" }
        var table = TextTable([
            .init("order", .left), .init("instrument", .left), .init("strategy", .left),
            .init("side", .left), .init("type", .left), .init("state", .left), .init("price"),
            .init("quantity"), .init("filled"), .init("age"),
        ])
        for one in figures {
            table.append([
                one.order, one.instrument, one.strategy ?? "-", one.side.rawValue, one.type,
                one.state, one.price.description, one.quantity.description,
                one.filled.description, FigureText.duration(one.ageNanoseconds),
            ])
        }
        return table.text
    }

    /// `apus positions`.
    public static func positions(_ figures: [PositionFigures]) -> String {
        guard !figures.isEmpty else { return "no positions\n" }
        var table = TextTable([
            .init("instrument", .left), .init("position"), .init("entry"), .init("mark"),
            .init("unrealised"), .init("realised"), .init("fees"), .init("asset", .left),
        ])
        for one in figures {
            table.append([
                one.instrument, one.position.description, text(one.averageEntry), text(one.mark),
                one.unrealised?.signedMoney ?? "-", one.realised.signedMoney,
                one.fees.rounded(to: 4).description, one.asset,
            ])
        }
        return table.text
    }

    /// `apus market`: one row an instrument.
    public static func market(_ figures: [MarketFigures]) -> String {
        var table = TextTable([
            .init("instrument", .left), .init("price"), .init("change 24 h"), .init("low 24 h"),
            .init("high 24 h"), .init("volume 24 h"), .init("in quote"), .init("spread"),
            .init("bps"), .init("volatility"),
        ])
        func number(_ value: Double?, _ unit: String = "") -> String {
            value.map { FigureText.decimal($0, places: 2) + unit } ?? "-"
        }
        for one in figures {
            let change = number(one.changePercent, " %")
            table.append([
                one.symbol, text(one.price), (one.changePercent ?? 0) > 0 ? "+" + change : change,
                text(one.low), text(one.high), text(one.volume), text(one.quoteVolume?.rounded(to: 0)),
                text(one.spread), number(one.spreadBasisPoints), number(one.volatilityPercent, " %"),
            ])
        }
        return table.text
    }

    /// `apus latency`: the table of the panel and of the exit report.
    public static func latencies(_ figures: [StageFigures]) -> String {
        LatencyTable.table(of: figures).text
    }

    /// The limits in force.
    public static func limits(_ settings: [LimitSetting]) -> String {
        var table = TextTable([
            .init("scope", .left), .init("name", .left), .init("limit", .left), .init("value"),
            .init("unit", .left),
        ])
        for one in settings {
            table.append([
                one.scope.rawValue, one.name ?? "-", one.limit, text(one.value), one.unit,
            ])
        }
        return table.text
    }

    /// `apus halt` and `apus cancel-all`: what was cancelled and how fast.
    public static func cancels(_ outcome: CancelOutcome) -> String {
        var text = "\(outcome.state.rawValue): \(outcome.cancelsConfirmed) of "
        text += "\(outcome.cancelsSent) cancels confirmed"
        if let sent = outcome.lastSentAfterNanoseconds {
            text += ", last sent after \(FigureText.duration(sent))"
        }
        if let confirmed = outcome.lastConfirmedAfterNanoseconds {
            text += ", last confirmed after \(FigureText.duration(confirmed))"
        }
        if outcome.cancelsConfirmed < outcome.cancelsSent {
            text += "\nthe venue has not confirmed the others; they are settled as soon as it "
            text += "answers (apus orders lists them)"
        }
        return text + "\n"
    }

    private static func duration(_ nanoseconds: Int64?) -> String {
        nanoseconds.map(FigureText.duration) ?? "-"
    }

    private static func text(_ value: ExactDecimal?) -> String { value?.description ?? "-" }
}
