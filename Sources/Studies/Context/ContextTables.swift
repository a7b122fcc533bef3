import MarketContext
import MarketModel

/// A context study as text for a terminal: levels, sessions, profile. A `~` behind a number says
/// that trades of it are missing.
public struct ContextTables {
    private let study: ContextStudy
    private let decimals: Int
    private let unit: Double

    public init(_ study: ContextStudy) {
        self.study = study
        decimals = Int(study.instrument.priceDecimals)
        unit = Double(DecimalScale.power(TradeTape.scale))
    }

    /// The levels of the last day, then days and sessions.
    public var summary: [String] {
        var lines = [heading, ""]
        lines += aligned([["level", "price", "since (UTC)"]] + levels, left: [0, 2])
        lines.append("")
        lines += aligned([sessionHeading] + (study.days + study.sessions).map(row), left: [0, 1, 2])
        if lines.contains(where: { $0.contains("~") }) { lines += ["", "~ trades of it are missing"] }
        return lines
    }

    /// The profile of the last day, from the highest price down.
    public var profile: [String] {
        let most = study.profile.map(\.volume.raw).max() ?? 1
        let area = study.moments.last?.area
        let control = study.moments.last?.pointOfControl
        let rows = study.profile.reversed().map { one -> [String] in
            let mark = one.low == control ? "POC"
                : area.map { one.low >= $0.low && one.low < $0.high } == true ? "value area" : ""
            let width = Int((Double(one.volume.raw) / Double(most) * 30).rounded())
            return [
                price(one.low), amount(one.bought), amount(one.sold), signed(one.delta),
                "\(one.tradeCount)", String(repeating: "█", count: width), mark,
            ]
        }
        return aligned(
            [["price", "bought", "sold", "delta", "trades", "volume", ""]] + rows, left: [5, 6])
    }

    /// The bars with what was known at their closes, as CSV; prices are exact, the VWAP to 1e-8.
    public var bars: [String] {
        ["open_time,open,high,low,close,volume,delta,vwap,deviation,poc,val,vah,is_partial"]
            + study.moments.map { one in
                let bar = one.bar
                return [
                    "\(bar.openTime.milliseconds)", exact(bar.open.raw), exact(bar.high.raw),
                    exact(bar.low.raw), exact(bar.close.raw), exact(bar.volume.raw),
                    exact(bar.delta.raw), exact(Int64(one.vwap.rounded())),
                    exact(Int64(one.deviation.rounded())), exact(one.pointOfControl.raw),
                    exact(one.area.low.raw), exact(one.area.high.raw), bar.isPartial ? "1" : "0",
                ].joined(separator: ",")
            }
    }

    private var heading: String {
        var words = "\(study.moments.count) bars, bins of \(price(study.binSize))"
        words += ", regime \(name(study.regime))" + (study.isRegimePartial ? "~" : "")
        if study.holeCount > 0 { words += ", \(study.holeCount) holes in the trades" }
        return words
    }

    // MARK: - Rows

    private var levels: [[String]] {
        var rows: [[String]] = []
        if let day = study.days.last, let summary = day.summary {
            let mark = summary.isPartial ? "~" : ""
            for (name, value) in [
                ("VWAP", Price(raw: Int64(summary.vwap.rounded()))),
                ("POC", summary.pointOfControl), ("VAH", summary.valueArea.high),
                ("VAL", summary.valueArea.low), ("day high", summary.candle.high),
                ("day low", summary.candle.low),
            ] { rows.append([name, price(value) + mark, TimeText.full(day.opens)]) }
        }
        return rows + study.levels.map { level in
            [level.name, price(level.price) + (level.isPartial ? "~" : ""), TimeText.full(level.since)]
        }
    }

    private var sessionHeading: [String] {
        ["session", "opens (UTC)", "closes", "high", "low", "vwap", "poc", "val", "vah", "volume", "delta"]
    }

    private func row(_ session: ContextStudy.Session) -> [String] {
        let start = [
            session.name, TimeText.full(session.opens), session.closes.map(TimeText.clock) ?? "runs",
        ]
        guard let summary = session.summary else {
            return start + Array(repeating: "-", count: sessionHeading.count - 3)
        }
        let mark = summary.isPartial ? "~" : ""
        let prices = [
            summary.candle.high, summary.candle.low, Price(raw: Int64(summary.vwap.rounded())),
            summary.pointOfControl, summary.valueArea.low, summary.valueArea.high,
        ]
        return start + prices.map { price($0) + mark }
            + [amount(summary.candle.volume) + mark, signed(summary.candle.delta) + mark]
    }

    // MARK: - Pieces

    private func price(_ price: Price) -> String {
        NumberText.decimal(Double(price.raw) / unit, places: decimals, separator: "")
    }

    private func amount(_ quantity: Quantity) -> String {
        NumberText.decimal(Double(quantity.raw) / unit, places: 3, separator: "")
    }

    private func signed(_ quantity: Quantity) -> String {
        (quantity.raw > 0 ? "+" : "") + amount(quantity)
    }

    private func exact(_ raw: Int64) -> String {
        let scale = DecimalScale.power(TradeTape.scale)
        var fraction = "\(raw.magnitude % UInt64(scale))"
        fraction = String(repeating: "0", count: TradeTape.scale - fraction.count) + fraction
        while fraction.last == "0" { fraction.removeLast() }
        let whole = (raw < 0 ? "-" : "") + "\(raw.magnitude / UInt64(scale))"
        return fraction.isEmpty ? whole : whole + "." + fraction
    }

    private func name(_ regime: Regime) -> String {
        switch regime {
        case .unknown: "unknown"
        case .range: "range"
        case .trendUp: "trend up"
        case .trendDown: "trend down"
        }
    }

    /// Columns two blanks apart; those of `left` begin together, others end together.
    private func aligned(_ rows: [[String]], left: Set<Int>) -> [String] {
        let count = rows.first?.count ?? 0
        let widths = (0..<count).map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let cells = row.enumerated().map { column, cell in
                let blanks = String(repeating: " ", count: widths[column] - cell.count)
                return left.contains(column) ? cell + blanks : blanks + cell
            }
            var line = cells.joined(separator: "  ")
            while line.last == " " { line.removeLast() }
            return line
        }
    }
}
