/// The report as one HTML file: style and plots inline, nothing fetched, light and dark.
extension RunReport {
    public var page: String {
        let title = HTML.escaped("apus run \(run.identifier)")
        let plot = PercentilePlot(stages: latency).svg
        let curve = EquityPlot(points: equity, asset: pnl.asset).svg
        let body = [
            "<h1>\(title)</h1>", lead, tiles,
            part("Equity (\(HTML.escaped(pnl.asset)))", curve),
            part("Latency by percentile", plot),
            part("Latency", table(LatencyTable.table(of: latency))),
            part("Instruments", table(instrumentTable)),
            part("Rejected by the venue", reasons(rejects)),
            part("Denied by pre-trade risk", reasons(denials)),
            part("Connections", table(connectionTable)), part("Rings", table(ringTable)),
            part("Journal", paragraphs(journalText)),
            part("Machine and versions", paragraphs(machineText)),
        ].joined(separator: "\n")
        return HTMLPage(title: "apus run \(run.identifier)", body: body).text
    }

    private var lead: String {
        let words = [
            run.world, run.venue, FigureText.duration(run.durationNanoseconds),
            "ended by " + run.ending, "started " + FigureText.moment(run.startedNanoseconds),
            run.configuration,
        ]
        return "<p class=\"lead\">" + HTML.escaped(words.joined(separator: " · ")) + "</p>"
    }

    private var tiles: String {
        let figures: [(String, String)] = [
            ("net", pnl.net.signedMoney + " " + pnl.asset),
            ("fees", pnl.fees.rounded(to: 2).description),
            ("orders", FigureText.count(orders.sent)), ("fills", FigureText.count(fills)),
            ("rejected", FigureText.count(orders.rejected)),
            ("denied", FigureText.count(orders.denied)),
            ("unknown", FigureText.count(orders.unknown)), ("reconnects", "\(reconnects)"),
            ("resyncs", "\(resyncs)"), ("halts", "\(halts)"),
        ]
        return "<dl class=\"tiles\">"
            + figures.map {
                "<div><dt>\($0.0)</dt><dd>\(HTML.escaped($0.1))</dd></div>"
            }.joined() + "</dl>"
    }

    private func part(_ title: String, _ body: String) -> String {
        body.isEmpty ? "" : "<section><h2>\(title)</h2>\n\(body)</section>"
    }

    private func paragraphs(_ text: String) -> String {
        text.split(separator: "\n").map { "<p>\(HTML.escaped(String($0)))</p>" }.joined()
    }

    private func reasons(_ counts: [ReasonCount]) -> String {
        guard !counts.isEmpty else { return "" }
        var table = TextTable([.init("reason", .left), .init("count")])
        for one in counts { table.append([one.reason, FigureText.count(one.count)]) }
        return self.table(table)
    }

    private func table(_ table: TextTable) -> String { HTMLPage.table(table) }
}
