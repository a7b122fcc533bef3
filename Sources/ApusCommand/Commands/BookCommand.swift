import ArgumentParser
import Engine
import Foundation

struct Book: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Rebuild the book from recorded captures and print its top after every diff.",
        discussion: """
            Reads the files in order with the engine's own decoder, synchroniser and book, and
            prints CSV with a header: last update id, the venue's time (ms), the receive time
            (ns), best bid and ask with their quantities, levels on each side. Gaps and
            resynchronisations are told on standard error at the end.

            A capture line is a receive stamp (nanoseconds, or microseconds with 16 digits), a
            space and the message; gzip or plain; Binance Spot or USDT-margined futures.

            Examples:
              apus book day1.jsonl.gz day2.jsonl.gz > top.csv
              apus book --symbol BTCUSDT capture.jsonl | tail -1
            """)

    @Argument(
        help: ArgumentHelp("Captures, in order.", valueName: "file"),
        completion: .file(extensions: ["gz", "jsonl"]))
    var files: [String]

    @Option(
        name: .long,
        help: "Only this instrument, upper case. Default: the first one that the capture names.")
    var symbol: String?

    func run() throws {
        do {
            try perform()
        } catch let failure as CaptureBookFailure {
            CommandFailure("\(failure)", exitCode: 65).exit()
        }
    }

    private func perform() throws {
        var capture = CaptureBook(symbol: symbol)
        var output = LineOutput()
        defer { output.flush() }
        output.write(CaptureBook.heading)
        try capture.read(files) { output.write($0.text) }
        if capture.gapCount > 0 || capture.resyncCount > 0 {
            printWarning("\(capture.gapCount) gaps, \(capture.resyncCount) resynchronisations")
        }
    }
}
