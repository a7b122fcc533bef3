import Foundation
import Journal
import Testing

/// A journal that an engine cannot take over, and what an operator does about it.
@Suite("Journal repair", .serialized, .timeLimit(.minutes(3)))
struct JournalRepairTests {
    @Test func `an engine refuses a damaged journal, and trades on with the repaired one`() throws {
        let (folder, exchange) = try tradedFolder()
        defer { folder.remove() }
        defer { exchange.interrupt() }
        let run = try newestRun(folder)
        // The second snapshot is where a recovery begins; damage behind it meets every reader.
        let place = try damagedPlace(in: run)
        try flipByte(in: segment(place.segment, of: run), at: place.offset + 44)

        let arguments = ["run", "--config", folder.path("demo.yaml"), "--plain"]
        let refused = try folder.apus(arguments)
        #expect(refused.status == 70, "\(refused.errors)")
        let file = "apus-0-\(String(format: "%08d", place.segment)).journal"
        #expect(refused.errors.contains("\(file): corrupt at byte \(place.offset), record"))
        #expect(refused.errors.contains("apus journal repair"))
        #expect(try newestRun(folder) == run, "a run was begun")

        // What verify says is what repair takes.
        let verified = try folder.apus(["journal", "verify", run])
        #expect(verified.status == 1)
        #expect(verified.errors.contains("\(file): corrupt at byte \(place.offset), record"))
        let wrong = try folder.apus(["journal", "repair", run, "--until", "\(place.offset + 8)"])
        #expect(wrong.status == 1 && wrong.errors.contains("lies behind the damage"))
        let between = try folder.apus(["journal", "repair", run, "--until", "\(place.offset - 8)"])
        #expect(between.status == 64 && between.errors.contains("the nearest: "), "\(between.errors)")
        #expect(between.errors.contains(", \(place.offset)"), "\(between.errors)")

        let until = ["--until", "\(place.offset)"]
        let dry = try folder.apus(["journal", "repair", run, "--dry-run"] + until)
        #expect(dry.status == 0 && dry.output.contains("nothing was changed"), "\(dry.errors)")
        #expect(try folder.apus(["journal", "verify", run]).status == 1)
        let repaired = try folder.apus(["journal", "repair", run] + until)
        #expect(repaired.status == 0, "\(repaired.errors)")
        #expect(repaired.output.contains("kept aside: \(run)/\(file).cut-\(place.offset)"))
        #expect(try folder.apus(["journal", "verify", run]).status == 0)

        let second = try CommandLineProcess(folder, arguments)
        defer { second.send(SIGKILL) }
        _ = try #require(second.line(containing: "  trading  "), "\(second.errors)")
        #expect(second.errors.contains("account taken over"), "\(second.errors)")
        // Orders that were placed behind the cut are known by their ids at the venue.
        #expect(second.errors.contains("orders whose records are lost"), "\(second.errors)")
        #expect(try holdsAll(folder), "\(second.errors)")
        #expect(!second.errors.contains("trades that are not ours"), "\(second.errors)")
        #expect(!second.errors.contains("balance differs"), "\(second.errors)")
        let busy = try folder.apus(["journal", "repair", run] + until)
        #expect(busy.status == 66 && busy.errors.contains("while an engine runs"), "\(busy.errors)")
        second.send(SIGINT)
        #expect(second.finish() == 0, "\(second.errors)")
    }

    @Test func `an engine refuses a journal of the former version by its number`() throws {
        let (folder, exchange) = try tradedFolder()
        defer { folder.remove() }
        defer { exchange.interrupt() }
        let run = try newestRun(folder)
        for name in try FileManager.default.contentsOfDirectory(atPath: run)
        where name.hasSuffix(".journal") {
            try FormerVersion.mark("\(run)/\(name)")
        }
        let refused = try folder.apus(["run", "--config", folder.path("demo.yaml"), "--plain"])
        #expect(refused.status == 70)
        #expect(refused.errors.contains("format version 1"), "\(refused.errors)")
        #expect(refused.errors.contains("reconciliation.account: fresh"))
        let replayed = try folder.apus(["journal", "replay", run])
        #expect(replayed.status == 1 && replayed.errors.contains("format version 1"))
        #expect(try folder.apus(["journal", "verify", run]).status == 0)
    }

    // MARK: - Parts

    /// Whether a running engine's positions are what all trades of the account come to.
    private func holdsAll(_ folder: WorkFolder) throws -> Bool {
        let desk = try #require(EngineDesk(folder.path(".apus/control.sock")))
        _ = try desk.halt()
        let deadline = ContinuousClock.now + .seconds(20)
        while try desk.status().openOrders > 0 { try #require(ContinuousClock.now < deadline) }
        let ledger = try ExchangeLedger(folder)
        try ledger.update()
        let status = try desk.status()
        return ExchangeLedger.symbols.allSatisfy {
            status.position(of: $0) == ledger.holdings[$0]?.quantity ?? 0
        }
    }

    /// An exchange and the journal of an engine that was killed while it traded.
    private func tradedFolder() throws -> (WorkFolder, Process) {
        let folder = try WorkFolder()
        try folder.edit("demo.yaml") {
            $0.replacingOccurrences(of: "account: fresh ", with: "account: take_over ")
                .replacingOccurrences(of: "requote_ticks: 50 ", with: "requote_ticks: 2 ")
                .replacingOccurrences(of: "refresh: 50ms", with: "refresh: 5ms")
        }
        let exchange = try folder.exchange()
        let engine = try CommandLineProcess(
            folder, ["run", "--config", folder.path("demo.yaml"), "--plain"])
        for _ in 0..<4 { _ = try #require(engine.line(containing: "  trading  "), "\(engine.errors)") }
        engine.send(SIGKILL)
        _ = engine.finish()
        return (folder, exchange)
    }

    private func newestRun(_ folder: WorkFolder) throws -> String {
        let runs = folder.path(".apus/journal")
        let names = try FileManager.default.contentsOfDirectory(atPath: runs)
            .filter { $0.hasPrefix("run-") }.sorted()
        return runs + "/" + (try #require(names.last))
    }

    /// A record behind the newest snapshot, with records behind itself.
    private func damagedPlace(in run: String) throws -> JournalPlace {
        let snapshot = try #require(try JournalReader.lastPlace(of: .snapshot, in: run))
        var reader = try JournalReader.reading(run, from: snapshot)
        var place = snapshot
        // Balances have been told by then: what they do not explain is asked for.
        var balances = 0
        while balances < 20 {
            let next = try reader.next().map { ($0.segment, $0.offset, $0.type == .balance) }
            let (segment, offset, isBalance) = try #require(next)
            place.segment = segment
            place.offset = offset
            if isBalance { balances += 1 }
        }
        return place
    }

    private func segment(_ number: UInt32, of run: String) -> String {
        run + "/apus-0-" + String(format: "%08d", number) + ".journal"
    }

    private func flipByte(in file: String, at offset: Int) throws {
        let handle = try FileHandle(forUpdating: URL(fileURLWithPath: file))
        defer { try? handle.close() }
        try handle.seek(toOffset: UInt64(offset))
        let byte = try #require(try handle.read(upToCount: 1)?.first)
        try handle.seek(toOffset: UInt64(offset))
        try handle.write(contentsOf: [byte ^ 1])
    }
}

/// The number of format version 1 in a segment's head, and a checksum that fits.
private enum FormerVersion {
    static func mark(_ file: String) throws {
        let handle = try FileHandle(forUpdating: URL(fileURLWithPath: file))
        defer { try? handle.close() }
        var head = [UInt8](try handle.read(upToCount: 64) ?? Data())
        try #require(head.count == 64)
        head[8] = 1
        let sum = crc32c(head[..<12] + head[16...])
        head.replaceSubrange(12..<16, with: withUnsafeBytes(of: sum.littleEndian) { Array($0) })
        try handle.seek(toOffset: 0)
        try handle.write(contentsOf: head)
    }

    private static func crc32c(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        var sum = ~UInt32(0)
        for byte in bytes {
            sum ^= UInt32(byte)
            for _ in 0..<8 {
                let isOdd = sum & 1 == 1
                sum >>= 1
                if isOdd { sum ^= 0x82F6_3B78 }
            }
        }
        return ~sum
    }
}
