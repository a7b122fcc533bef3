import Machine
import MarketModel

/// What a run came to: the content of report.json, and the source of report.txt and report.html.
///
/// The keys are stable within a `format`; ``ReportKeys`` documents each, and a test compares the
/// two. Money, prices and quantities are decimal strings, durations nanoseconds.
public struct RunReport: Codable, Sendable, Equatable {
    public var format = 1
    public var run: RunFigures
    public var versions: VersionFigures
    public var machine: MachineFigures
    public var orders: OrderTotals
    public var fills: Int64
    /// Refused by the venue.
    public var rejects: [ReasonCount]
    /// Refused here.
    public var denials: [ReasonCount]
    public var pnl: ProfitFigures
    public var instruments: [InstrumentFigures]
    public var latency: [StageFigures]
    public var connections: [ConnectionFigures]
    public var reconnects: Int64
    public var resyncs: Int64
    public var halts: Int64
    public var audits: AuditFigures
    public var rings: [RingFigures]
    public var journal: JournalFigures
    public var equity: [EquityPoint]

    /// The report of a run from its final snapshot (with latency buckets, for the plot) and its
    /// equity over time, of which at most 2000 points are kept, extremes included.
    public init(
        final snapshot: EngineSnapshot, run: RunFigures, versions: VersionFigures,
        machine: MachineFigures, equity: [EquityPoint]
    ) {
        let totals = snapshot.totals
        self.run = run
        self.versions = versions
        self.machine = machine
        orders = OrderTotals(totals)
        fills = totals.fills
        rejects = totals.rejected.filter { $0.count > 0 }
        denials = totals.denied.filter { $0.count > 0 }
        pnl = ProfitFigures(totals)
        instruments = snapshot.instruments
        latency = snapshot.latencies.filter { $0.count > 0 }
        connections = snapshot.connections
        reconnects = snapshot.connections.reduce(0) { $0 + $1.reconnects }
        resyncs = snapshot.instruments.reduce(0) { $0 + $1.resyncs }
        halts = totals.halts
        audits = snapshot.audits
        rings = snapshot.rings
        journal = snapshot.journal
        self.equity = EquitySeries.thinned(equity, columns: 1000)
    }
}

/// Which run it was.
public struct RunFigures: Codable, Sendable, Equatable {
    /// The identifier in journal and logs.
    public var identifier: String
    public var mode: EngineMode
    /// Requests were made ready and not sent.
    public var isDryRun: Bool
    public var venue: String
    /// Configuration file.
    public var configuration: String
    public var strategies: [StrategyFigures]
    public var startedNanoseconds: Int64
    public var endedNanoseconds: Int64
    public var durationNanoseconds: Int64
    /// Why it ended: `duration`, `interrupt`, `command`, or what went wrong.
    public var ending: String

    var world: String { mode.words(isDryRun: isDryRun) }

    public init(
        identifier: String, mode: EngineMode, venue: String, configuration: String,
        strategies: [StrategyFigures], started: Timestamp, ended: Timestamp, ending: String,
        isDryRun: Bool = false
    ) {
        self.identifier = identifier
        self.mode = mode
        self.isDryRun = isDryRun
        self.venue = venue
        self.configuration = configuration
        self.strategies = strategies
        startedNanoseconds = started.nanoseconds
        endedNanoseconds = ended.nanoseconds
        durationNanoseconds = (ended - started).count
        self.ending = ending
    }
}

/// What ran.
public struct VersionFigures: Codable, Sendable, Equatable {
    public var apus: String
    public var swift: String
    public var tls: String
    public var kernel: String

    public init(apus: String, swift: String, tls: String, kernel: String) {
        self.apus = apus
        self.swift = swift
        self.tls = tls
        self.kernel = kernel
    }
}

/// What it ran on.
public struct MachineFigures: Codable, Sendable, Equatable {
    public var processor: String
    public var cores: Int
    public var memoryBytes: Int64
    public var isVirtual: Bool
    /// What was permitted and used: pinning, priority, huge pages, transports.
    public var notes: [String]

    public init(
        processor: String, cores: Int, memoryBytes: Int64, isVirtual: Bool, notes: [String] = []
    ) {
        self.processor = processor
        self.cores = cores
        self.memoryBytes = memoryBytes
        self.isVirtual = isVirtual
        self.notes = notes
    }

    public init(_ report: MachineReport, notes: [String] = []) {
        self.init(
            processor: report.processor, cores: report.coreCount,
            memoryBytes: Int64(report.memoryBytes), isVirtual: report.isVirtual, notes: notes)
    }
}

/// Orders by what became of them.
public struct OrderTotals: Codable, Sendable, Equatable {
    public var sent: Int64
    public var cancelsSent: Int64
    public var canceled: Int64
    public var expired: Int64
    public var rejected: Int64
    public var denied: Int64
    public var unknown: Int64

    init(_ totals: TotalFigures) {
        sent = totals.ordersSent
        cancelsSent = totals.cancelsSent
        canceled = totals.canceled
        expired = totals.expired
        rejected = totals.rejects
        denied = totals.denials
        unknown = totals.unknown
    }
}

/// Profit of the run.
public struct ProfitFigures: Codable, Sendable, Equatable {
    public var asset: String
    public var gross: ExactDecimal
    public var net: ExactDecimal
    public var fees: ExactDecimal
    /// As they were paid.
    public var feesByAsset: [AssetFees]
    public var equity: ExactDecimal?

    init(_ totals: TotalFigures) {
        asset = totals.asset
        gross = totals.pnlGross
        net = totals.pnlNet
        fees = totals.fees
        feesByAsset = totals.feesByAsset
        equity = totals.equity
    }
}
