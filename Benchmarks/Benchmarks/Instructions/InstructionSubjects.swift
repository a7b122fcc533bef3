import CFloor
import Foundation
import Journal
import Wire

/// The work whose instructions are counted, each behind a C function of its name.
///
/// Under callgrind the functions' inclusive costs are what the work costs, to the instruction and
/// run after run, where times are too noisy: `scripts/instructions`.
package enum InstructionSubjects {
    /// Operations behind each name: costs are for so many.
    package static let operations = 200

    private typealias Counted = (
        (@convention(c) (UnsafeMutableRawPointer?, Int) -> Void)?, UnsafeMutableRawPointer?, Int
    ) -> Void

    /// Does all of it once. `directory` is for certificates and a journal.
    package static func run(directory: String) throws {
        let codec = try CodecBench()
        let names: [Counted] = [
            cfloor_counted_trade, cfloor_counted_agg_trade, cfloor_counted_book_ticker,
            cfloor_counted_depth, cfloor_counted_execution_report, cfloor_counted_candle,
            cfloor_counted_new_report, cfloor_counted_position, cfloor_counted_answer,
            cfloor_counted_refusal,
        ]
        let contests = codec.contests + AccountCodecBench(codec).contests
        for (counted, contest) in zip(names, contests) { count(counted, contest.ours) }
        let orders = try OrderCodecBench()
        count(cfloor_counted_encode, orders.contest.ours)
        count(cfloor_counted_encode_spare, orders.spareContest.ours)
        count(cfloor_counted_encode_signed, orders.signedContest(isPrimed: true).ours)
        count(cfloor_counted_encode_signed_spare, orders.signedSpareContest.ours)
        let book = try BookBench()
        count(cfloor_counted_book_level, book.single.ours)
        count(cfloor_counted_book_diff, book.diff.ours)
        count(cfloor_counted_indicators, try IndicatorBench().contests[0].ours)
        count(cfloor_counted_checks, try RiskBench().contests[0].ours)
        let files = try SampleCertificates.make(in: directory)
        // Without the processor's widest instructions, which the counter does not know.
        let channels = try ChannelBench(files, .preferred)
        count(cfloor_counted_seal, channels.sealing("apus"))
        count(cfloor_counted_open, channels.opening("apus"))
        try countJournal(directory)
    }

    private static func countJournal(_ directory: String) throws {
        let journal = try Journal(
            directory: directory + "/journal", lane: 0, epoch: 1,
            options: JournalOptions(segmentBytes: 1 << 20))
        defer { journal.stop() }
        guard let writer = journal.takeWriter() else { return }
        count(cfloor_counted_journal, JournalBench(writer).contest.ours)
    }

    /// Once to warm up, once behind the name.
    private static func count(_ counted: Counted, _ contestant: Contestant) {
        contestant.prepare?(operations)
        contestant.run(operations)
        contestant.prepare?(operations)
        let body = Unmanaged.passRetained(Body(contestant.run))
        defer { body.release() }
        counted(
            { context, count in
                guard let context else { return }
                Unmanaged<Body>.fromOpaque(context).takeUnretainedValue().run(count)
            }, body.toOpaque(), operations)
    }

    private final class Body {
        let run: (Int) -> Void

        init(_ run: @escaping (Int) -> Void) { self.run = run }
    }
}
