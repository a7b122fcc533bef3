import MarketModel
import Testing

@testable import Journal

/// A journal of format version 1: the same file with that number in its head, and the records that
/// have grown since at their former size.
struct FormerVersionTests {
    private let directory = TemporaryDirectory()

    init() throws {
        let journal = try Journal(
            directory: directory.path, lane: 0, epoch: 1,
            options: JournalOptions(segmentBytes: 8192), now: Sample.time)
        let writer = TestWriter(journal)
        writer.put(head: bytes(of: Sample.instrument, without: [240..<264]), .instrument)
        writer.put(.trade, Sample.trade)
        var request = Sample.request
        request.terms.quoteQuantity = Price(raw: 777)
        writer.put(head: bytes(of: request, without: [40..<48, 56..<72, 89..<92]), .decision)
        writer.put(head: bytes(of: Sample.report, without: [80..<88]), .executionReport)
        journal.stop()
        setVersion(1)
    }

    private func setVersion(_ version: UInt8) {
        let file = SegmentName(lane: 0, number: 1).file
        var bytes = directory.read(file)
        bytes[SegmentLayout.versionOffset] = version
        bytes.withUnsafeMutableBytes { buffer in
            let sum = SegmentLayout.checksum(
                UnsafeRawPointer(buffer.baseAddress!), firstSequence: 1)
            buffer.storeBytes(of: sum, toByteOffset: SegmentLayout.checksumOffset, as: UInt32.self)
        }
        directory.write(bytes, to: file)
    }

    @Test func `every record of version 1 reads as it was written`() throws {
        var reader = try JournalReader(directory: directory.path)
        let instrument = try reader.next()?.payload(as: Instrument.self)
        #expect(instrument?.symbol == Sample.instrument.symbol)
        #expect(instrument?.tickSize == Sample.instrument.tickSize)
        #expect(instrument?.takerFee == Sample.instrument.takerFee)
        #expect(instrument?.maxIcebergParts == 0)
        let trade = try reader.next()?.payload(as: Trade.self)
        #expect(trade == Sample.trade)
        let request = try reader.next()?.payload(as: OrderRequest.self)
        var expected = Sample.request
        expected.terms.quoteQuantity = Price(raw: 777)
        #expect(request == expected)
        let report = try reader.next()?.payload(as: ExecutionReport.self)
        #expect(report == Sample.report)
        #expect(try reader.next() == nil)
    }

    @Test func `verify and cat take it`() throws {
        let summary = try JournalSummary.verify(directory: directory.path)
        #expect(summary.records == 4 && summary.formatVersion == 1)
        #expect(summary.text.contains("format: version 1, for reading only"))
        var listing = try JournalListing(directory: directory.path)
        var lines: [String] = []
        while let line = try listing.next() { lines.append(line) }
        #expect(lines.count == 4)
        #expect(lines[2].contains(#""price":"2.50""#), "\(lines[2])")
        #expect(lines[2].contains(#""quoteQuantity":"7.77""#), "\(lines[2])")
    }

    @Test func `what takes an account over asks for the present version`() throws {
        let path = directory.path + "/" + SegmentName(lane: 0, number: 1).file
        #expect(throws: JournalFailure.olderVersion(file: path, version: 1)) {
            try JournalVersions.requirePresent(in: directory.path)
        }
        setVersion(2)
        try JournalVersions.requirePresent(in: directory.path)
    }

    @Test func `versions before the first and behind the present are refused by their number`() throws {
        let path = directory.path + "/" + SegmentName(lane: 0, number: 1).file
        for version in [0, 3, 255] as [UInt8] {
            setVersion(version)
            let refusal = JournalFailure.unsupportedVersion(file: path, version: UInt32(version))
            #expect(throws: refusal) { try records(in: directory) }
        }
    }
}

/// A record's bytes without some of them.
private func bytes<Record: BitwiseCopyable>(of record: Record, without: [Range<Int>]) -> [UInt8] {
    withUnsafeBytes(of: record) { all in
        all.prefix(MemoryLayout<Record>.size).indices
            .filter { index in without.allSatisfy { !$0.contains(index) } }.map { all[$0] }
    }
}
