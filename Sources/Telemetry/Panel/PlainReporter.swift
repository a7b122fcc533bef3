import MarketModel

/// One line a second or so for pipes and logs, in place of the panel.
public struct PlainReporter: Sendable {
    private let interval: Nanoseconds
    private var next: Timestamp?
    private var lastState: EngineState?

    /// At most one line per `interval`, and one at every change of state.
    public init(interval: Nanoseconds = .seconds(1)) { self.interval = interval }

    /// The line for `snapshot`, or `nil` when it is not yet time.
    public mutating func line(for snapshot: EngineSnapshot) -> String? {
        if let next, snapshot.time < next, snapshot.state == lastState { return nil }
        next = snapshot.time + interval
        lastState = snapshot.state
        return Self.text(snapshot)
    }

    /// The figures of one moment on one line.
    public static func text(_ snapshot: EngineSnapshot) -> String {
        let totals = snapshot.totals
        var words = [
            String(FigureText.moment(snapshot.timeNanoseconds).dropFirst(11).prefix(12)),
            (snapshot.isDryRun ? "DRY RUN  " : "") + snapshot.state.rawValue
                + (snapshot.reason.map { " (\($0))" } ?? ""),
        ]
        for one in snapshot.instruments.prefix(2) {
            let prices = "\(one.bid?.description ?? "-")/\(one.ask?.description ?? "-")"
            words.append("\(one.symbol) \(prices) pos \(one.position)")
        }
        if snapshot.instruments.count > 2 {
            words.append("+\(snapshot.instruments.count - 2) instruments")
        }
        words.append("net \(totals.pnlNet.signedMoney) \(totals.asset)")
        words.append("orders \(totals.ordersSent) (\(FigureText.rate(snapshot.rates.orders)))")
        words.append("fills \(totals.fills) (\(FigureText.rate(snapshot.rates.fills)))")
        words.append("rejected \(totals.rejects)")
        words.append("denied \(totals.denials)")
        words.append("market \(FigureText.rate(snapshot.rates.marketMessages))")
        if let stage = snapshot.latencies.first(where: { $0.stage == "tickToOrder" }),
            stage.count > 0
        {
            words.append(
                "tick to order p50 \(FigureText.duration(stage.p50)) "
                    + "p99 \(FigureText.duration(stage.p99))")
        }
        return words.joined(separator: "  ")
    }
}
