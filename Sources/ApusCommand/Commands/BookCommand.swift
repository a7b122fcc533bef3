import ArgumentParser
import Engine

struct Book: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Rebuild the book from recorded captures and print its top after every diff.",
        discussion: """
            Reads the files in order with the engine's own decoder, synchroniser and book, and \
            prints CSV with a header: last update id, the venue's time (ms), the receive time \
            (ns), best bid and ask with their quantities, levels on each side. Gaps, with \
            their places, and lines that are no capture lines are told on standard error.

            A capture line is a receive stamp (nanoseconds, or microseconds with 16 digits), a \
            space and the message; gzip or plain; Binance Spot or USDT-margined futures.

            Examples:
              apus book day1.jsonl.gz day2.jsonl.gz > top.csv
              apus book --symbol BTCUSDT capture.jsonl | tail -1

            \(ExitStatus.table([.success, .usage, .data, .noInput, .unwrittenOutput]))
            """)

    @Argument(
        help: ArgumentHelp("Captures, in order.", valueName: "file"),
        completion: .file(extensions: ["gz", "jsonl"]))
    var files: [String]

    @Option(
        name: .long,
        help: "Only this instrument, upper case. Default: the first one that the capture names.")
    var symbol: String?

    func run() { reportingFailures(perform) }

    private func perform() throws {
        var capture = CaptureBook(symbol: symbol)
        var output = LineOutput()
        defer { output.flush() }
        output.write(CaptureBook.heading)
        try capture.read(files) { output.write($0.text) }
        let findings = capture.findings
        let lines = findings.lines(symbol: capture.symbol)
        if findings.hasLoss {
            throw CommandFailure(lines.joined(separator: "\napus: "), .data)
        }
        for line in lines { printWarning(line) }
    }
}

extension CommandFailure {
    /// 66: no such file; 65: one that is not what it should be.
    init(_ failure: CaptureBookFailure) {
        switch failure {
        case .cannotOpen: self.init("\(failure)", .noInput)
        case .cannotRead, .lineTooLong, .malformed: self.init("\(failure)", .data)
        }
    }
}
