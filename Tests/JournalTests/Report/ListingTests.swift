import MarketModel
import Testing

@testable import Journal

struct ListingTests {
    private func everything() throws -> TemporaryDirectory {
        let directory = TemporaryDirectory()
        let journal = try Journal(
            directory: directory.path, lane: 0, epoch: 1,
            options: JournalOptions(segmentBytes: 4096), now: Sample.time)
        let writer = TestWriter(journal)
        writer.putAll()
        journal.stop()
        return directory
    }

    private func lines(
        _ directory: TemporaryDirectory, _ filter: RecordFilter = RecordFilter()
    ) throws -> [String] {
        var listing = try JournalListing(directory: directory.path, filter: filter)
        var lines: [String] = []
        while let line = try listing.next() { lines.append(line) }
        return lines
    }

    @Test func `lines have the documented keys and decimals of the instrument's scale`() throws {
        let directory = try everything()
        let lines = try lines(directory)
        #expect(lines.count == 23)
        let time = "\"time\":1700000000000000000"
        #expect(
            lines[3] == "{\"seq\":4,\"type\":\"trade\",\(time),\"venueTime\":5,"
                + "\"instrument\":\"BTCUSDT\",\"id\":77,\"price\":\"65123.45\","
                + "\"quantity\":\"1.50000\",\"aggressor\":\"sell\",\"count\":2,\"aggregate\":true}")
        #expect(
            lines[5].hasSuffix(
                "\"bids\":[[\"1.00\",\"0.00001\"],[\"2.00\",\"0.00002\"]],"
                    + "\"asks\":[[\"3.00\",\"0.00003\"]]}"))
        #expect(lines[14].hasSuffix("\"head\":\"cdab000000000000\",\"tail\":\"\"}"))
        #expect(lines[15].hasSuffix("\"request\":8,\"requestTime\":9,\"crc32c\":10}"))
        #expect(lines[20].hasSuffix("\"kind\":\"asset\",\"index\":1,\"name\":\"BNB\"}"))
        #expect(lines[17].hasSuffix("\"text\":\"note \\\"x\\\"\"}"))
    }

    @Test func `before an instrument's record numbers are at scale 8`() throws {
        let directory = TemporaryDirectory()
        let journal = try Journal(
            directory: directory.path, lane: 0, epoch: 1,
            options: JournalOptions(segmentBytes: 4096), now: Sample.time)
        let writer = TestWriter(journal)
        writer.put(.trade, Sample.trade)
        journal.stop()
        let line = try #require(try lines(directory).first)
        #expect(line.contains("\"instrument\":\"#3\""))
        #expect(line.contains("\"price\":\"0.06512345\""))
    }

    @Test func `filters choose by type, sequence, instrument and number`() throws {
        let directory = try everything()
        var filter = RecordFilter()
        filter.types = [.trade, .note]
        #expect(try lines(directory, filter).count == 2)
        filter = RecordFilter()
        filter.sequences = 3...5
        #expect(try lines(directory, filter).count == 3)
        filter = RecordFilter()
        filter.instrument = "BTCUSDT"
        #expect(try lines(directory, filter).count == 9)
        filter.limit = 2
        #expect(try lines(directory, filter).count == 2)
        filter.instrument = "ETHUSDT"
        #expect(try lines(directory, filter).isEmpty)
    }

    @Test func `tables have one row for each record of their kind`() throws {
        let directory = try everything()
        for table in JournalExport.Table.allCases {
            var export = try JournalExport(directory: directory.path, table: table)
            guard let header = export.header else {
                let line = try export.next()
                #expect(line?.hasSuffix(#" {"e":"trade"}"#) == true)
                continue
            }
            let columns = header.split(separator: ",").count
            let next = try export.next()
            let row = try #require(next)
            #expect(row.split(separator: ",", omittingEmptySubsequences: false).count == columns)
            let end1 = try export.next()
            #expect(end1 == nil)
        }
        var fills = try JournalExport(directory: directory.path, table: .fills)
        let fill = try fills.next()
        #expect(
            fill
                == "8,1700000000000000000,0,BTCUSDT,ap-0000010000000005,99,4,buy,1.99,1.00000,"
                + "1.00000,0.00000012,#1,1")
    }

    @Test func `the summary counts every type, and the hash does not depend on segments`() throws {
        let directory = try everything()
        let summary = try JournalSummary.verify(directory: directory.path)
        #expect(summary.records == 23)
        #expect(summary.recordsByType.count == 23)
        #expect(summary.firstSequence == 1 && summary.lastSequence == 23)
        #expect(summary.hash.utf8.count == 16)
        #expect(summary.json.hasPrefix("{\"directory\":"))
        #expect(try hash(segmentBytes: 4096) == hash(segmentBytes: 1 << 20))
        #expect(try hash(segmentBytes: 4096) != hash(segmentBytes: 4096, last: 7))
    }

    private func hash(segmentBytes: Int, last: UInt8 = 6) throws -> String {
        let directory = TemporaryDirectory()
        let journal = try Journal(
            directory: directory.path, lane: 0, epoch: 1,
            options: JournalOptions(segmentBytes: segmentBytes), now: Sample.time)
        let writer = TestWriter(journal)
        for _ in 0..<20 {
            writer.put(text: [UInt8](repeating: 5, count: 700))
            journal.turn(now: Sample.time)
        }
        writer.put(text: [last])
        journal.stop()
        return try JournalSummary.verify(directory: directory.path).hash
    }
}
