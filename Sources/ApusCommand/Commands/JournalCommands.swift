import ArgumentParser
import Codec
import Foundation
import Journal

struct JournalCommand<Executable: ApusExecutable>: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "journal",
            abstract: "Read, verify, replay, export or repair what a run wrote down.",
            discussion: """
                DIRECTORY is one run's journal, or the directory of all runs: then its newest run is \
                meant. A journal may be read while the engine writes it.

                Examples:
                  apus journal verify .apus/journal
                  apus journal cat .apus/journal --type decision --limit 10
                  apus journal export .apus/journal --table fills > fills.csv
                  apus journal replay .apus/journal/run-1790000000
                """,
            subcommands: [
                JournalCat.self, JournalVerify.self, JournalReplayCommand<Executable>.self,
                JournalExportCommand.self, JournalRepairCommand.self,
            ])
    }
}

/// Which journal a command reads.
struct JournalPlace: ParsableArguments {
    @Argument(
        help: ArgumentHelp("Of one run, or of all runs: the newest.", valueName: "directory"),
        completion: .directory)
    var directory: String

    @Option(name: .long, help: "The lane, 0...255; needed only when there are several.")
    var lane: UInt8?

    /// The directory with the segments; one that holds a record, unless more may still come.
    func path(mayBeEmpty: Bool = false) throws -> String {
        let path = try JournalDirectory.ofRun(directory)
        if !mayBeEmpty { try JournalDirectory.requireRecords(path, lane: lane) }
        return path
    }
}

struct JournalCat: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cat",
        abstract: "Print records, one JSON object a line.",
        usage: ProcessName.usage("journal cat <directory> [<options>]"),
        discussion: """
            Every record is verified on the way. Prices, quantities and money are exact decimals.

            Examples:
              apus journal cat .apus/journal --type executionReport --instrument BTCUSDT
              apus journal cat .apus/journal --from 1000 --to 1100 | jq .
              apus journal cat .apus/journal --follow --type decision

            \(ExitStatus.table([.success, .difference, .usage, .noInput]))
            """)
    @OptionGroup var journal: JournalPlace

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Only records of this type; may be given again. "
                + JournalRecordType.allCases.map(\.name).joined(separator: ", ") + ".",
            valueName: "name"),
        completion: .list(JournalRecordType.allCases.map(\.name)))
    var type: [String] = []

    @Option(name: .long, help: "Only records of this instrument, such as BTCUSDT.")
    var instrument: String?

    @Option(name: .long, help: "First sequence number. Default: the journal's first.")
    var from: UInt64 = 0

    @Option(name: .long, help: "Last sequence number. Default: the journal's last.")
    var to: UInt64 = .max

    @Option(name: .long, help: "At most so many records, 1 or more.")
    var limit: Int?

    @Flag(name: .long, help: "Go on with what is being written, until Ctrl-C.")
    var follow = false

    func validate() throws {
        guard from <= to else { throw ValidationError("--from must not be after --to") }
        if let limit, limit < 1 { throw ValidationError("--limit takes 1 or more") }
        for name in type where JournalRecordType(name: name) == nil {
            let known = JournalRecordType.allCases.map(\.name).joined(separator: ", ")
            throw ValidationError("--type '\(name)' is none of \(known)")
        }
    }

    func run() {
        reportingFailures {
            var listing = try JournalListing(
                directory: journal.path(mayBeEmpty: follow), lane: journal.lane, filter: filter, follow: follow)
            var output = LineOutput()
            defer { output.flush() }
            while true {
                while let line = try listing.next() { output.write(line) }
                output.flush()
                if !follow || listing.isComplete { return }
                Thread.sleep(forTimeInterval: 0.05)
            }
        }
    }

    private var filter: RecordFilter {
        var filter = RecordFilter()
        filter.types = Set(type.compactMap { JournalRecordType(name: $0) })
        filter.sequences = from...to
        filter.instrument = instrument
        filter.limit = limit
        return filter
    }
}

struct JournalVerify: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check every checksum and the sequence; print the journal's hash.",
        discussion: """
            Exits with 1 when bytes are damaged or records are missing, and says where. An append \
            that was cut off by a crash is not damage; it is counted as torn bytes.

            Example:
              apus journal verify .apus/journal/run-1790000000

            \(ExitStatus.table([.success, .difference, .usage, .noInput]))
            """)
    @OptionGroup var journal: JournalPlace

    @Flag(name: .long, help: "Print the answer as JSON.")
    var json = false

    func run() {
        reportingFailures {
            let summary = try JournalSummary.verify(directory: journal.path(), lane: journal.lane)
            printText(json ? summary.json + "\n" : summary.text)
        }
    }
}

extension JournalExport.Table: ExpressibleByArgument {}

struct JournalExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Print fills, orders or trades as CSV with a header, or a capture.",
        discussion: """
            Times are nanoseconds since 1970 UTC, prices and quantities exact decimals.

            Examples:
              apus journal export .apus/journal > fills.csv
              apus journal export .apus/journal --table trades > trades.csv

            A run with `record: frames` in its journal's configuration kept the venue's messages; \
            as a capture they feed the exchange and the book again:

              apus journal export .apus/journal --table frames > today.jsonl
              apus book today.jsonl

            \(ExitStatus.table([.success, .difference, .usage, .noInput]))
            """)
    @OptionGroup var journal: JournalPlace

    @Option(name: .long, help: "fills: our executions; orders: our requests; trades: the market's; frames: a capture.")
    var table = JournalExport.Table.fills

    func run() {
        reportingFailures {
            var export = try JournalExport(
                directory: journal.path(), lane: journal.lane, table: table,
                wording: { (try? BinanceSpotBinaryText.frames(of: $0)) ?? [] })
            var output = LineOutput()
            defer { output.flush() }
            if let header = export.header { output.write(header) }
            while let row = try export.next() { output.write(row) }
        }
    }
}
