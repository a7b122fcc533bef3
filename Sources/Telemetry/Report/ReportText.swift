/// The report for people who read plain text.
extension RunReport {
    public var text: String {
        let parts = [
            summary, reasons("rejected by the venue", rejects), reasons("denied here", denials),
            section("instruments", instrumentTable.text),
            section("latency", LatencyTable.table(of: latency).text),
            section("connections", connectionTable.text), section("rings", ringTable.text),
            section("journal", journalText), section("machine", machineText),
        ]
        return parts.filter { !$0.isEmpty }.joined(separator: "\n")
    }

    private var summary: String {
        var text = "apus run \(run.identifier): \(run.world), \(run.venue), "
        text += "\(FigureText.duration(run.durationNanoseconds)), ended by \(run.ending)\n"
        text += "started \(FigureText.moment(run.startedNanoseconds)), "
        text += "configuration \(run.configuration)\n"
        for one in run.strategies {
            text += "strategy \(one.name) (\(one.kind)) on "
            text += one.instruments.joined(separator: ", ") + "\n"
        }
        text += "\nnet \(pnl.net.signedMoney) \(pnl.asset), gross \(pnl.gross.signedMoney), "
        text += "fees \(pnl.fees.rounded(to: 2))"
        if let equity = pnl.equity { text += ", equity \(equity.rounded(to: 2))" }
        text += "\norders \(orders.sent), cancels \(orders.cancelsSent), fills \(fills), canceled "
        text += "\(orders.canceled), expired \(orders.expired), rejected \(orders.rejected), "
        text += "denied \(orders.denied), unknown \(orders.unknown)\n"
        for one in pnl.feesByAsset {
            text += "commissions in \(one.asset) \(one.paid.shortened())"
            if one.unvalued.raw != 0 { text += ", \(one.unvalued.shortened()) without a rate" }
            text += "\n"
        }
        text += "audits \(audits.completed), skipped \(audits.skipped), "
        text += "differences \(audits.differences)\n"
        text += "reconnects \(reconnects), resyncs \(resyncs), halts \(halts)\n"
        return text
    }

    private func section(_ title: String, _ body: String) -> String {
        body.isEmpty ? "" : title + "\n" + body
    }

    private func reasons(_ title: String, _ counts: [ReasonCount]) -> String {
        guard !counts.isEmpty else { return "" }
        var table = TextTable([.init("reason", .left), .init("count")])
        for one in counts { table.append([one.reason, String(one.count)]) }
        return section(title, table.text)
    }

    var instrumentTable: TextTable {
        var table = TextTable([
            .init("instrument", .left), .init("position"), .init("entry"), .init("realised"),
            .init("unrealised"), .init("fees"), .init("resyncs"),
        ])
        for one in instruments {
            table.append([
                one.symbol, one.position.description, one.averageEntry?.description ?? "-",
                one.realised.signedMoney, one.unrealised?.signedMoney ?? "-",
                one.fees.rounded(to: 4).description, String(one.resyncs),
            ])
        }
        return table
    }

    var connectionTable: TextTable {
        var table = TextTable([
            .init("connection", .left), .init("messages"), .init("reconnects"),
            .init("round trip"),
        ])
        for one in connections {
            table.append([
                one.name, FigureText.count(one.messages), String(one.reconnects),
                one.roundTripNanoseconds.map(FigureText.duration) ?? "-",
            ])
        }
        return table
    }

    var ringTable: TextTable {
        var table = TextTable([
            .init("ring", .left), .init("capacity"), .init("high water"), .init("dropped"),
        ])
        for one in rings {
            table.append([
                one.name, String(one.capacity), String(one.highWater), String(one.dropped),
            ])
        }
        return table
    }

    var journalText: String {
        let size = FigureText.bytes(journal.bytes)
        return "\(journal.directory): \(FigureText.count(journal.records)) records, \(size), "
            + "\(journal.syncs) syncs, hash \(journal.hash ?? "-")\n"
    }

    var machineText: String {
        let cores = "\(machine.cores) cores, \(FigureText.bytes(machine.memoryBytes))"
        var text = "\(machine.processor), \(cores)\(machine.isVirtual ? ", virtual" : "")\n"
        text += "apus \(versions.apus), Swift \(versions.swift), \(versions.tls), "
        text += "Linux \(versions.kernel)\n"
        return text + machine.notes.map { $0 + "\n" }.joined()
    }
}
