/// The live panel as lines of text: a pure function of a snapshot and the terminal's size.
///
/// Everything an operator must not miss comes first. Where the terminal is small, stages of the
/// latency table go first, the most telling last, then rings and journal, then instruments, which
/// the panel counts.
public enum PanelLayout {
    /// The smallest width drawn in full; narrower terminals see fewer columns, and below 80 clipped
    /// lines.
    public static let comfortableWidth = 110

    /// Exactly `height` lines or fewer, each of at most `width` characters.
    public static func lines(
        for snapshot: EngineSnapshot, width: Int, height: Int
    ) -> [String] {
        styledLines(for: snapshot, width: width, height: height).map(\.plain)
    }

    static func styledLines(
        for snapshot: EngineSnapshot, width: Int, height: Int
    ) -> [StyledLine] {
        let fixed = [
            header(snapshot), rule("connections", width),
            connections(snapshot.connections, isNarrow: width < comfortableWidth),
            rule("profit and orders", width), totals(snapshot),
        ].flatMap { $0 }
        var instruments = instrumentLines(
            snapshot.instruments, isNarrow: width < comfortableWidth)
        let rings = rule("rings and journal", width) + rings(snapshot)
        let stages = snapshot.latencies.filter { $0.count > 0 }
        let room = Room(
            height: height - fixed.count, market: 1 + instruments.count, latency: 2 + stages.count,
            rings: rings.count)
        if instruments.count > room.market - 1 {
            instruments = instrumentLines(
                mostTelling(snapshot.instruments), isNarrow: width < comfortableWidth)
        }
        var all = fixed + rule("market", width) + shortened(instruments, to: room.market - 1)
        if room.latency > 0 {
            let shown = LatencyTable.mostTelling(room.latency - 2, of: stages)
            all += rule("latency", width) + table(LatencyTable.table(of: shown))
        }
        let contexts = contextLines(snapshot.contexts)
        let left = height - all.count - room.rings
        if !contexts.isEmpty, left > 3 { all += shortened(contexts, to: left) }
        if room.rings > 0 { all += rings }
        return all.prefix(max(0, height)).map { $0.clipped(to: width) }
    }

    /// Lines of the parts below the fixed ones, rules and headings included; 0: left out.
    private struct Room {
        let market: Int
        let latency: Int
        let rings: Int

        /// From what there is and what each part would take.
        init(height: Int, market wanted: Int, latency full: Int, rings: Int) {
            let left = max(height, 0)
            let fair = max(left - full - rings, left / 2, 4)
            market = min(wanted, fair, max(left, 2))
            let rest = left - market
            self.rings = rest >= rings + min(full, 6) ? rings : 0
            let latency = min(full, rest - self.rings)
            self.latency = latency > 2 ? latency : 0
        }
    }

    // MARK: - Parts

    private static func header(_ snapshot: EngineSnapshot) -> [StyledLine] {
        var line = StyledLine("apus ", .bold)
        line.append(snapshot.run + "  ")
        let stands = snapshot.mode == .live || snapshot.isDryRun
        line.append(snapshot.world, stands ? .bad : .plain)
        line.append("  ")
        line.append(snapshot.state.rawValue.uppercased(), style(of: snapshot.state))
        if let reason = snapshot.reason { line.append(" (\(reason))", .warning) }
        line.append("  up " + FigureText.clock(snapshot.uptimeNanoseconds))
        var lines = [line]
        if !snapshot.machine.isEmpty { lines.append(StyledLine(snapshot.machine, .dim)) }
        if !snapshot.strategies.isEmpty { lines.append(strategies(snapshot.strategies)) }
        return lines
    }

    /// As many strategies as are named one by one.
    private static let namedStrategies = 4

    /// Names of a few; of many the number, and the names of those that are stopped.
    private static func strategies(_ figures: [StrategyFigures]) -> StyledLine {
        var line = StyledLine("strategies")
        var named = figures
        if figures.count > namedStrategies {
            named.removeAll(where: \.isRunning)
            line.append("  \(figures.count - named.count) ")
            line.append("running", .good)
        }
        for one in named {
            line.append("  \(one.name) ")
            line.append(one.isRunning ? "running" : "stopped", one.isRunning ? .good : .warning)
        }
        return line
    }

    /// Books that are not valid first, then what holds a position or orders, else in order: what
    /// finds no room matters least.
    private static func mostTelling(_ figures: [InstrumentFigures]) -> [InstrumentFigures] {
        func rank(_ one: InstrumentFigures) -> Int {
            if !one.isBookValid { return 0 }
            return one.position.raw != 0 || one.openOrders > 0 ? 1 : 2
        }
        return (0...2).flatMap { place in figures.filter { rank($0) == place } }
    }

    private static func style(of state: EngineState) -> TextStyle {
        switch state {
        case .trading: .good
        case .starting: .warning
        case .halted, .stopping: .bad
        }
    }

    private static func rule(_ title: String, _ width: Int) -> [StyledLine] {
        let length = max(0, min(width, 110) - title.count - 4)
        var line = StyledLine("── ", .dim)
        line.append(title, .title)
        line.append(" " + String(repeating: "─", count: length), .dim)
        return [line]
    }

    private static func connections(
        _ figures: [ConnectionFigures], isNarrow: Bool
    ) -> [StyledLine] {
        figures.map { one in
            var line = StyledLine("● ", style(of: one.state))
            line.append(padded(one.name, isNarrow ? 8 : 12) + padded(one.state.rawValue, 12))
            line.append("last " + padded(age(one.lastMessageAgeNanoseconds), 9))
            if !isNarrow { line.append("round trip " + padded(age(one.roundTripNanoseconds), 9)) }
            line.append("messages " + padded(FigureText.count(one.messages), 12))
            line.append("reconnects \(one.reconnects)", one.reconnects > 0 ? .warning : .plain)
            return line
        }
    }

    private static func style(of state: ConnectionFigures.State) -> TextStyle {
        switch state {
        case .open: .good
        case .connecting, .handshaking, .closing: .warning
        case .closed: .bad
        }
    }

    private static func totals(_ snapshot: EngineSnapshot) -> [StyledLine] {
        let totals = snapshot.totals
        let rates = snapshot.rates
        var money = StyledLine("net ")
        money.append(
            totals.pnlNet.signedMoney + " " + totals.asset, totals.pnlNet.raw < 0 ? .bad : .good)
        money.append("   gross " + totals.pnlGross.signedMoney)
        money.append("   fees " + totals.fees.rounded(to: 2).description)
        if let equity = totals.equity {
            money.append("   equity " + equity.rounded(to: 2).description)
        }
        var orders = StyledLine()
        orders.append("orders " + counted(totals.ordersSent, rates.orders))
        orders.append("   cancels " + counted(totals.cancelsSent, rates.cancels))
        orders.append("   fills " + counted(totals.fills, rates.fills))
        orders.append("   market " + FigureText.rate(rates.marketMessages))
        var refusals = StyledLine()
        refusals.append(
            "rejected " + counted(totals.rejects, rates.rejects),
            totals.rejects > 0 ? .warning : .plain)
        refusals.append("   denied " + counted(totals.denials, rates.denials))
        refusals.append("   unknown \(totals.unknown)", totals.unknown > 0 ? .bad : .plain)
        refusals.append("   halts \(totals.halts)", totals.halts > 0 ? .warning : .plain)
        let reasons = (totals.rejected + totals.denied).filter { $0.count > 0 }
            .sorted { ($1.count, $0.reason) < ($0.count, $1.reason) }
            .prefix(4).map { "\($0.reason) \($0.count)" }
        if !reasons.isEmpty { refusals.append("   " + reasons.joined(separator: ", "), .dim) }
        return [money, orders, refusals]
    }

    private static func instrumentLines(
        _ figures: [InstrumentFigures], isNarrow: Bool
    ) -> [StyledLine] {
        let columns: [(column: TextTable.Column, isVital: Bool, text: (InstrumentFigures) -> String)]
        columns = [
            (.init("instrument", .left), true, { $0.symbol }),
            (.init("bid qty"), false, { text($0.bidQuantity) }),
            (.init("bid"), true, { text($0.bid) }), (.init("ask"), true, { text($0.ask) }),
            (.init("ask qty"), false, { text($0.askQuantity) }),
            (.init("book", .left), true, { $0.isBookValid ? "valid" : "INVALID" }),
            (.init("position"), true, { $0.position.description }),
            (.init("unreal."), true, { $0.unrealised?.signedMoney ?? "-" }),
            (.init("realised"), true, { $0.realised.signedMoney }),
            (.init("open"), true, { String($0.openOrders) }),
            (.init("resyncs"), false, { String($0.resyncs) }),
        ]
        let shown = columns.filter { $0.isVital || !isNarrow }
        var table = TextTable(shown.map(\.column))
        for one in figures { table.append(shown.map { $0.text(one) }) }
        return table.lines().enumerated().map { index, line in
            let isInvalid = index > 0 && !figures[index - 1].isBookValid
            return StyledLine(line, index == 0 ? .dim : isInvalid ? .bad : .plain)
        }
    }

    /// What strategies see of the markets, where there is room.
    private static func contextLines(_ figures: [ContextFigures]) -> [StyledLine] {
        if figures.isEmpty { return [] }
        return ContextText.table(of: figures).lines().enumerated().map { index, line in
            let isPartial = index > 0 && figures[index - 1].isUnsure
            return StyledLine(line, index == 0 ? .dim : isPartial ? .warning : .plain)
        }
    }

    private static func table(_ table: TextTable) -> [StyledLine] {
        table.lines().enumerated().map { StyledLine($1, $0 == 0 ? .dim : .plain) }
    }

    private static func rings(_ snapshot: EngineSnapshot) -> [StyledLine] {
        var line = StyledLine()
        for ring in snapshot.rings {
            line.append(line.pieces.isEmpty ? "" : "   ")
            line.append("\(ring.name) \(ring.depth)/\(ring.capacity) high \(ring.highWater)")
            if ring.dropped > 0 { line.append(" dropped \(ring.dropped)", .bad) }
        }
        let journal = snapshot.journal
        let written = StyledLine(
            "journal \(FigureText.bytes(journal.bytes)), \(FigureText.count(journal.records)) "
                + "records, segment \(journal.segment), syncs \(journal.syncs), lag "
                + FigureText.bytes(journal.lagBytes))
        return line.pieces.isEmpty ? [written] : [line, written]
    }

    // MARK: - Pieces

    /// The first lines, with a note in place of what does not fit.
    private static func shortened(_ lines: [StyledLine], to count: Int) -> [StyledLine] {
        guard lines.count > count else { return lines }
        let shown = lines.prefix(max(1, count - 1))
        return shown + [StyledLine("… \(lines.count - shown.count) more", .dim)]
    }

    private static func counted(_ count: Int64, _ rate: Double) -> String {
        "\(FigureText.count(count)) (\(FigureText.rate(rate)))"
    }

    private static func age(_ nanoseconds: Int64?) -> String {
        nanoseconds.map(FigureText.duration) ?? "-"
    }

    private static func text(_ value: ExactDecimal?) -> String { value?.description ?? "-" }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.count))
    }
}
