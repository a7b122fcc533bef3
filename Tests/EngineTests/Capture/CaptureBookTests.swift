import Engine
import Foundation
import MarketModel
import Testing
import TickToTrade

@Suite struct CaptureBookTests {
    /// Every row of every golden file: best levels and level counts after each applied diff.
    @Test(arguments: [
        (["binance_spot_btcusdt_20240808", "binance_spot_btcusdt_20240809"], 6_493, 298_094),
        (["binance_usdm_btcusdt_20240718", "binance_usdm_btcusdt_20240719"], nil, nil),
        (["binance_usdm_btcusdt_20240808"], 6_547, 443_262),
    ] as [([String], Int?, Int?)])
    func `the book of a recorded capture equals the golden one line by line`(
        captures: [String], rowCount: Int?, levelChanges: Int?
    ) throws {
        let golden = Self.shared("golden/book/\(captures[0])_top.csv.gz")
        let files = captures.map { Self.shared("data/ws/\($0).jsonl.gz") }
        for file in files + [golden] where !FileManager.default.isReadableFile(atPath: file) {
            print("skipped: \(file) is not there")
            return
        }
        let expected = try Self.unzipped(golden).split(separator: "\n")
        var capture = CaptureBook()
        var lines = [CaptureBook.heading]
        try capture.read(files) { lines.append($0.text) }
        #expect(lines.count == expected.count)
        if let rowCount { #expect(lines.count == rowCount + 1) }
        if let levelChanges { #expect(capture.levelChangeCount == levelChanges) }
        for (number, (line, golden)) in zip(lines, expected).enumerated() where line != golden {
            Issue.record("row \(number): \(line), golden \(golden)")
            break
        }
        let gaps = capture.gapCount
        let resyncs = capture.resyncCount
        #expect(gaps == 0)
        #expect(resyncs == 0)
        #expect(capture.symbol == "BTCUSDT")
        let isCrossed = capture.book.isCrossed
        #expect(!isCrossed)
    }

    private func write(_ text: String) throws -> String {
        let path = FileManager.default.temporaryDirectory
            .appendingPathComponent("capture-book-\(UUID().uuidString).jsonl").path
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    private func diff(_ first: Int, _ last: Int, symbol: String = "BTCUSDT") -> String {
        """
        17231612540000000\(last) {"stream":"x@depth@100ms","data":{"e":"depthUpdate",\
        "E":\(last),"s":"\(symbol)","U":\(first),"u":\(last),\
        "b":[["5.10000000","\(last).00000000"]],"a":[]}}
        """
    }

    private let snapshot = """
        1723161254000000099 {"lastUpdateId":12,"bids":[["5.00000000","1.50000000"]],"asks":[]}
        """

    @Test func `a gap stops the rows until a snapshot comes, other instruments are passed over`()
        throws
    {
        let path = try write(
            [
                diff(10, 11), "no capture line", diff(12, 13), diff(14, 14, symbol: "ETHUSDT"),
                snapshot, diff(14, 15), diff(17, 18), diff(19, 19),
                snapshot.replacingOccurrences(of: ":12,", with: ":18,"), diff(20, 21),
            ].joined(separator: "\n") + "\n")
        defer { try? FileManager.default.removeItem(atPath: path) }
        var capture = CaptureBook()
        var rows: [CaptureBook.Row] = []
        try capture.read([path]) { rows.append($0) }
        #expect(rows.map(\.updateID) == [13, 15, 19, 21])
        #expect(rows[0].text == "13,13,1723161254000000013,5.10000000,13.00000000,,,2,0")
        let counts = (capture.gapCount, capture.resyncCount)
        #expect(counts == (1, 1))
    }

    @Test func `a gap is told with its place, and lines that are none with their number`() throws {
        let path = try write(
            ["rubbish", snapshot, diff(12, 13), "", diff(15, 16)].joined(separator: "\n") + "\n")
        defer { try? FileManager.default.removeItem(atPath: path) }
        var capture = CaptureBook()
        try capture.read([path]) { _ in }
        let findings = capture.findings
        #expect(findings.hasLoss)
        #expect(findings.gaps == [.init(place: "\(path):5", expected: 14, found: 15)])
        let lines = findings.lines(symbol: "BTCUSDT")
        #expect(lines.count == 2)
        #expect(lines.first?.hasSuffix("message': 2, the first at \(path):1") == true)
    }

    @Test func `why no row comes out is said`() throws {
        func lines(_ text: [String], symbol: String? = nil) throws -> [String] {
            let path = try write(text.joined(separator: "\n") + "\n")
            defer { try? FileManager.default.removeItem(atPath: path) }
            var capture = CaptureBook(symbol: symbol)
            try capture.read([path]) { _ in Issue.record("no row was to come") }
            let findings = capture.findings
            #expect(findings.hasLoss)
            return findings.lines(symbol: capture.symbol)
        }
        #expect(
            try lines(["# Read me", "text"]) == [
                "no capture: none of the 2 lines is a receive stamp, a space and a message"
            ])
        #expect(
            try lines([snapshot, diff(12, 13), diff(1, 2, symbol: "ETHUSDT")], symbol: "btcusdt")
                == ["no depth diff of btcusdt; the capture has BTCUSDT, ETHUSDT"])
        #expect(
            try lines([diff(12, 13)]) == [
                "no snapshot (a message with lastUpdateId) to begin a book with; 1 diffs unused"
            ])
        #expect(
            try lines([snapshot, diff(20, 21)]).last == "no diff continues a snapshot; 1 diffs unused"
        )
    }

    @Test func `files in the wrong order are told`() throws {
        let early = snapshot.replacingOccurrences(of: "1254000000099", with: "1254000000009")
        let first = try write([early, diff(12, 13)].joined(separator: "\n") + "\n")
        let second = try write(diff(14, 15) + "\n")
        defer {
            for path in [first, second] { try? FileManager.default.removeItem(atPath: path) }
        }
        var capture = CaptureBook()
        try capture.read([second, first]) { _ in }
        #expect(capture.findings.filesOutOfOrder == [first])
        var ordered = CaptureBook()
        try ordered.read([first, second]) { _ in }
        #expect(!ordered.findings.hasLoss)
        #expect(ordered.findings.lines(symbol: nil).isEmpty)
    }

    @Test func `a capture with microsecond stamps and no line end at its end is read`() throws {
        let path = try write(
            """
            1693440000000001 {"lastUpdateId":12,"bids":[["5.0","1"]],"asks":[["6.0","2"]]}
            1693440000000002 \(diff(13, 13).split(separator: " ", maxSplits: 1)[1])
            """)
        defer { try? FileManager.default.removeItem(atPath: path) }
        var capture = CaptureBook(symbol: "BTCUSDT")
        var rows: [String] = []
        try capture.read([path]) { rows.append($0.text) }
        #expect(rows == ["13,13,1693440000000002000,5.1,13,6.0,2,2,1"])
    }

    @Test func `a damaged depth message is reported with its file and line`() throws {
        let path = try write(diff(1, 2) + "\n" + diff(3, 4).dropLast(4) + "\n")
        defer { try? FileManager.default.removeItem(atPath: path) }
        var capture = CaptureBook()
        do {
            try capture.read([path]) { _ in }
            Issue.record("should be refused")
        } catch let failure as CaptureBookFailure {
            guard case .malformed(path, 2, _) = failure else {
                Issue.record("not \(failure)")
                return
            }
        }
    }

    @Test func `a file that is absent or no gzip inside is reported`() throws {
        var capture = CaptureBook()
        #expect(throws: CaptureBookFailure.cannotOpen(path: "/nowhere/x", errno: ENOENT)) {
            try capture.read(["/nowhere/x"]) { _ in }
        }
        let path = FileManager.default.temporaryDirectory
            .appendingPathComponent("capture-book-\(UUID().uuidString).gz").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 0xFF, 0xFF, 0xFF]).write(
            to: URL(fileURLWithPath: path))
        #expect(throws: CaptureBookFailure.cannotRead(path: path)) {
            try capture.read([path]) { _ in }
        }
    }

    private static func unzipped(_ path: String) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/zcat")
        process.arguments = [path]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let bytes = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func shared(_ path: String) -> String {
        if let named = ProcessInfo.processInfo.environment["APUS_SHARED"] {
            return "\(named)/\(path)"
        }
        var checkout = URL(fileURLWithPath: #filePath)
        for _ in 0..<4 { checkout.deleteLastPathComponent() }
        return checkout.deletingLastPathComponent()
            .appendingPathComponent("shared").appendingPathComponent(path).path
    }
}
