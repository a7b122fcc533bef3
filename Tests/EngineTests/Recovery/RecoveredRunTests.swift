import Foundation
import Journal
import MarketModel
import Testing
import TickToTrade

@testable import Engine

/// What a run leaves behind for the next one, whatever its journal looks like at that moment. Found by
/// simulation: seeds 2, 169 and 327 with small segments and a disk that fills up.
struct RecoveredRunTests {
    private static let midnight = Timestamp(nanoseconds: 20_000 * Nanoseconds.day.count)

    private func inDirectory(_ use: (String) throws -> Void) throws {
        let path = NSTemporaryDirectory() + "apus-recovered-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: path) }
        try use(path)
    }

    /// A run in segments of 4 KiB, written by hand.
    private final class Run {
        let journal: Journal
        private var writer: JournalWriter

        init(_ path: String) throws {
            journal = try Journal(
                directory: path, lane: 0, epoch: 1,
                options: JournalOptions(segmentBytes: 4096, syncInterval: nil), now: midnight)
            guard let writer = journal.takeWriter() else { fatalError("it is taken once") }
            self.writer = writer
        }

        func put<Payload>(
            _ type: JournalRecordType, _ payload: Payload, tail: [UInt8] = [],
            at time: Timestamp = midnight
        ) {
            var payload = payload
            let isTaken = withUnsafeBytes(of: &payload) { head in
                tail.withUnsafeBytes { tail in
                    writer.append(
                        type, time: time, venueTime: time, head: head.baseAddress,
                        headCount: head.count, tail: tail.baseAddress, tailCount: tail.count)
                }
            }
            #expect(isTaken)
            journal.turn(now: time)
        }

        func describe(_ instrument: Instrument = RecoverySamples.btc) {
            put(.instrument, instrument)
            put(.name, JournalName(.account, 0), tail: Array("mine".utf8))
            for (slot, asset) in ["BTC", "USDT"].enumerated() {
                put(.name, JournalName(.asset, UInt16(slot)), tail: Array(asset.utf8))
            }
            put(.name, JournalName(.strategy, 0), tail: Array("maker".utf8))
        }

        /// Fills the segment that is being written.
        func fillSegment() {
            let segment = journal.status.segment
            let note = [UInt8](repeating: 32, count: 40)
            while journal.status.segment == segment { put(.note, UInt64(0), tail: note) }
        }
    }

    private func account(day: Int64) -> [UInt8] {
        var account = AccountSnapshot()
        account.day = day
        account.strategyDayStarts = [.zero]
        account.lastTradeIDs = [7]
        account.balances = [ToldBalance(), ToldBalance()]
        return account.bytes
    }

    @Test func `an account that begins a segment is described by the segment before`() throws {
        try inDirectory { directory in
            let run = try Run(directory + "/run-1")
            run.describe()
            let described = run.journal.status.segment
            run.fillSegment()
            run.put(.snapshot, UInt64(0), tail: account(day: 20_000))
            #expect(run.journal.status.segment > described)
            run.journal.stop()
            guard let found = try RecoveredRun.read(directory + "/run-1") else {
                Issue.record("nothing to recover")
                return
            }
            let lastTrade = found.state.pointee.newestTrade(in: InstrumentIndex(0))
            #expect(lastTrade == 7)
        }
    }

    @Test func `an account that nothing describes is refused, not taken for none`() throws {
        try inDirectory { directory in
            let run = try Run(directory + "/run-1")
            run.put(.snapshot, UInt64(0), tail: account(day: 20_000))
            run.journal.stop()
            var failure: JournalFailure?
            do throws(JournalFailure) {
                _ = try RecoveredRun.read(directory + "/run-1")
            } catch {
                failure = error
            }
            #expect(failure == .undescribed(file: directory + "/run-1"))
        }
    }

    /// Found by fuzzing: the lane's own preconditions ended the start.
    @Test func `an instrument that no lane can have traded describes nothing`() throws {
        var coarse = RecoverySamples.btc
        coarse.priceScale = 2
        coarse.quantityScale = 5
        var fine = RecoverySamples.btc
        fine.priceScale = 200
        var stepless = RecoverySamples.btc
        stepless.tickSize = .zero
        for instrument in [coarse, fine, stepless] {
            try inDirectory { directory in
                let run = try Run(directory + "/run-1")
                run.describe(instrument)
                run.put(.snapshot, UInt64(0), tail: account(day: 20_000))
                run.journal.stop()
                #expect(throws: JournalFailure.undescribed(file: directory + "/run-1")) {
                    _ = try RecoveredRun.read(directory + "/run-1")
                }
            }
        }
    }

    @Test func `a start that found no room for a segment leaves the account of the run before`() throws {
        try inDirectory { directory in
            let run = try Run(directory + "/run-1")
            run.describe()
            run.put(.snapshot, UInt64(0), tail: account(day: 20_000))
            run.journal.stop()
            var options = JournalOptions(segmentBytes: 4096)
            options.disk = JournalDisk(
                reserve: { _, _ in ENOSPC }, cut: { _, _ in 0 }, force: { _ in 0 })
            #expect(throws: JournalFailure.self) {
                try Journal(
                    directory: directory + "/run-2", lane: 0, epoch: 2, options: options,
                    now: Self.midnight)
            }
            guard let found = try EarlierRuns.newest(in: directory, where: { $0 == "mine" }) else {
                Issue.record("nothing to recover")
                return
            }
            let name = found.directory
            #expect(name == directory + "/run-1")
        }
    }

    @Test func `a day that began behind the last snapshot has begun for the next run too`() throws {
        try inDirectory { directory in
            let run = try Run(directory + "/run-1")
            run.describe()
            // RSK-08: what was lost before the crash must count until the next midnight.
            run.put(.snapshot, UInt64(0), tail: account(day: 19_999))
            run.put(.timer, Self.midnight, at: Self.midnight + .seconds(1))
            run.journal.stop()
            guard let found = try RecoveredRun.read(directory + "/run-1") else {
                Issue.record("nothing to recover")
                return
            }
            let day = found.snapshot()?.day
            #expect(day == 20_000)
        }
    }
}
