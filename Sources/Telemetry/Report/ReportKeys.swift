/// The keys of report.json and what each means. `[]` stands for every element of a list.
///
/// Keys marked optional are left out when there is nothing to say.
public enum ReportKeys {
    public struct Key: Sendable {
        public let path: String
        public let isOptional: Bool
        public let meaning: String

        init(_ path: String, _ meaning: String, isOptional: Bool = false) {
            self.path = path
            self.meaning = meaning
            self.isOptional = isOptional
        }
    }

    /// The keys as a Markdown table.
    public static var markdown: String {
        let rows = all.map { key in
            "| `\(key.path)` | \(key.meaning)\(key.isOptional ? "; left out when unknown" : "") |"
        }
        return (["| key | meaning |", "|---|---|"] + rows).joined(separator: "\n")
    }

    public static let all: [Key] = run + orders + instruments + latency + connections + storage

    private static let run = [
        Key("format", "version of this layout; 1"),
        Key("run.identifier", "the run in journal and logs"),
        Key("run.mode", "emulated, testnet or live"),
        Key("run.is_dry_run", "whether orders were made ready and not sent"),
        Key("run.venue", "the exchange"),
        Key("run.configuration", "configuration file"),
        Key("run.strategies[].name", "strategy"),
        Key("run.strategies[].kind", "its kind"),
        Key("run.strategies[].is_running", "whether it ran at the end"),
        Key("run.strategies[].instruments", "symbols it trades"),
        Key("run.started_nanoseconds", "start, since 1970 UTC"),
        Key("run.ended_nanoseconds", "end, since 1970 UTC"),
        Key("run.duration_nanoseconds", "length of the run"),
        Key("run.ending", "why it ended"),
        Key("versions.apus", "this program"),
        Key("versions.swift", "compiler"),
        Key("versions.tls", "TLS library"),
        Key("versions.kernel", "Linux"),
        Key("machine.processor", "model"),
        Key("machine.cores", "online cores"),
        Key("machine.memory_bytes", "physical memory"),
        Key("machine.is_virtual", "whether under a hypervisor"),
        Key("machine.notes", "what was permitted and used"),
    ]

    private static let orders = [
        Key("orders.sent", "orders sent to the venue"),
        Key("orders.cancels_sent", "cancels sent to the venue"),
        Key("orders.canceled", "orders canceled"),
        Key("orders.expired", "orders expired"),
        Key("orders.rejected", "orders the venue refused"),
        Key("orders.denied", "rules that refused an order here"),
        Key("orders.unknown", "orders whose fate is not known"),
        Key("fills", "trades of our orders"),
        Key("rejects[].reason", "the venue's reason"),
        Key("rejects[].count", "how often"),
        Key("denials[].reason", "pre-trade rule"),
        Key("denials[].count", "how often"),
        Key("pnl.asset", "asset of profit and equity"),
        Key("pnl.gross", "realised and unrealised, before fees"),
        Key("pnl.net", "after fees"),
        Key("pnl.fees", "fees"),
        Key("pnl.fees_by_asset[].asset", "asset that commissions were paid in"),
        Key("pnl.fees_by_asset[].paid", "in that asset; a rebate is negative"),
        Key("pnl.fees_by_asset[].unvalued", "the part without a rate, not in pnl.fees"),
        Key("pnl.equity", "equity at the end", isOptional: true),
        Key("equity[].time_nanoseconds", "moment of the point"),
        Key("equity[].value", "equity or net profit then"),
        Key("halts", "times trading was halted"),
        Key("audits.completed", "comparisons with the venue that came to a result"),
        Key("audits.skipped", "comparisons left out"),
        Key("audits.differences", "differences that two comparisons in a row found"),
    ]

    private static let instruments = [
        Key("instruments[].symbol", "instrument"),
        Key("instruments[].bid", "best bid at the end", isOptional: true),
        Key("instruments[].bid_quantity", "quantity there", isOptional: true),
        Key("instruments[].ask", "best ask at the end", isOptional: true),
        Key("instruments[].ask_quantity", "quantity there", isOptional: true),
        Key("instruments[].last", "last trade's price", isOptional: true),
        Key("instruments[].is_book_valid", "whether the book was in step"),
        Key("instruments[].resyncs", "times the book was rebuilt"),
        Key("instruments[].position", "base units, short negative"),
        Key("instruments[].average_entry", "mean entry price", isOptional: true),
        Key("instruments[].unrealised", "profit of the open position", isOptional: true),
        Key("instruments[].realised", "profit of closed positions, before fees"),
        Key("instruments[].fees", "fees in the quote asset"),
        Key("instruments[].open_orders", "orders open at the end"),
        Key("resyncs", "sum over instruments"),
    ]

    private static let latency = [
        Key("latency[].stage", "stage of the path"),
        Key("latency[].count", "samples"),
        Key("latency[].minimum", "nanoseconds"),
        Key("latency[].mean", "nanoseconds"),
        Key("latency[].p50", "nanoseconds"),
        Key("latency[].p90", "nanoseconds"),
        Key("latency[].p99", "nanoseconds"),
        Key("latency[].p999", "99.9th percentile, nanoseconds"),
        Key("latency[].p9999", "99.99th percentile, nanoseconds"),
        Key("latency[].maximum", "nanoseconds"),
        Key("latency[].buckets[].value", "histogram bucket, nanoseconds", isOptional: true),
        Key("latency[].buckets[].count", "samples in it", isOptional: true),
    ]

    private static let connections = [
        Key("connections[].name", "connection"),
        Key("connections[].state", "at the end"),
        Key("connections[].reconnects", "times it was replaced"),
        Key("connections[].messages", "messages received"),
        Key("connections[].last_message_age_nanoseconds", "at the end", isOptional: true),
        Key("connections[].round_trip_nanoseconds", "of the last ping", isOptional: true),
        Key("reconnects", "sum over connections"),
    ]

    private static let storage = [
        Key("rings[].name", "ring"),
        Key("rings[].depth", "records in it at the end"),
        Key("rings[].capacity", "records it holds"),
        Key("rings[].high_water", "fullest it has been"),
        Key("rings[].dropped", "records lost"),
        Key("journal.directory", "where the journal is"),
        Key("journal.bytes", "written"),
        Key("journal.records", "written"),
        Key("journal.segment", "last segment"),
        Key("journal.syncs", "times it was forced to disk"),
        Key("journal.lag_bytes", "not yet on disk at the end"),
        Key("journal.hash", "hash over every record", isOptional: true),
    ]
}
