import ArgumentParser
import Engine
import Foundation
import Journal
import MarketModel

struct JournalRepairCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "repair",
        abstract: "End a damaged journal before its damage.",
        usage: ProcessName.usage("journal repair <directory> --until <offset> [<options>]"),
        discussion: """
            An engine does not take over a journal that is damaged in its middle. `journal verify` \
            names the segment and the byte. The repair keeps every record before that byte and sets \
            the rest aside in files beside the segments: nothing is thrown away. The next run takes \
            the account over as of the last record that is kept and books the fills since of the \
            orders that stay. Fills of orders that were placed behind the cut are told as trades \
            that are not ours: compare the positions with the venue's trades.

            Refused while an engine uses the journal, at a byte where no record begins or ends, and \
            behind the damage. Begin with --dry-run.

            Examples:
              apus journal verify .apus/journal/run-1790000000
              apus journal repair .apus/journal/run-1790000000 --until 81064 --dry-run
              apus journal repair .apus/journal/run-1790000000 --until 81064

            \(ExitStatus.table([.success, .difference, .usage, .noInput]))
            """)
    @OptionGroup var journal: JournalPlace

    @Option(
        name: .long,
        help: ArgumentHelp(
            "The first byte of the segment that goes; 0: the whole segment.", valueName: "offset"))
    var until: Int

    @Option(
        name: .long,
        help: ArgumentHelp(
            "The number in the segment's name. Default: the damaged one, or the last.",
            valueName: "number"))
    var segment: UInt32?

    @Flag(name: .long, help: "Only say what would be kept and what would go.")
    var dryRun = false

    func validate() throws {
        guard until >= 0 else { throw ValidationError("--until takes 0 or more") }
    }

    func run() {
        reportingFailures {
            let place = try JournalDirectory.ofRun(journal.directory)
            let lock = try JournalDirectory.lockRuns(above: place)
            defer { withExtendedLifetime(lock) {} }
            let repair = try JournalRepair.run(
                place, lane: journal.lane, until: until, segment: segment, isDryRun: dryRun)
            printText(repair.text(isDryRun: dryRun))
        }
    }
}

extension JournalRepair {
    fileprivate func text(isDryRun: Bool) -> String {
        var lines = [
            "journal: \(directory) lane \(lane), segment \(place.segment) "
                + (isDryRun ? "would end" : "ends") + " at byte \(place.offset)",
            "kept: \(kept.text)", "lost: \(lost.text), \(lostBytes) bytes",
        ]
        lines.append(
            lastSnapshot == 0
                ? "account: no snapshot is kept; the next run takes over an earlier run's account"
                : "account: taken over from the snapshot in record \(lastSnapshot) on")
        lines += setAside.map { (isDryRun ? "would keep aside: " : "kept aside: ") + $0 }
        lines.append(
            "then: compare `apus positions` with the venue's trades since \(kept.lastTime.text); a "
                + "start does not book those of orders that were placed behind the cut")
        if isDryRun { lines.append("dry run: nothing was changed") }
        return lines.joined(separator: "\n") + "\n"
    }
}

extension JournalRepair.Records {
    fileprivate var text: String {
        if count == 0 { return "no record" }
        return "\(count) records, sequences \(firstSequence)...\(lastSequence), "
            + "times \(firstTime.text)...\(lastTime.text)"
    }
}

extension Timestamp {
    /// UTC to the second.
    fileprivate var text: String {
        Date(timeIntervalSince1970: Double(nanoseconds) / 1e9).formatted(.iso8601)
    }
}
