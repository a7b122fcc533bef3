import Engine
import Foundation
import Telemetry

/// How far a download is, on standard error: a bar on a terminal, a line now and then elsewhere.
struct ProgressLine {
    private let isTerminal: Bool
    private let started = ContinuousClock.now
    private var nextLine: ContinuousClock.Instant
    private var remarks = 0
    private var shown = ""

    /// Between two plain lines.
    private static let interval = Duration.seconds(5)
    private static let barWidth = 20

    init() {
        let kind = ProcessInfo.processInfo.environment["TERM"] ?? ""
        isTerminal = isatty(STDERR_FILENO) == 1 && !kind.isEmpty && kind != "dumb"
        nextLine = started + Self.interval
    }

    mutating func show(_ progress: HistoryProgress) {
        let now = ContinuousClock.now
        for remark in progress.remarks.dropFirst(remarks) {
            clear()
            write("apus: \(remark)\n")
        }
        remarks = progress.remarks.count
        if isTerminal {
            let text = bar(progress, now - started)
            if text != shown { write("\r\u{1B}[K" + text) }
            shown = text
        } else if now >= nextLine {
            nextLine = now + Self.interval
            write(words(progress, now - started) + "\n")
        }
    }

    /// Leaves the terminal's line empty.
    mutating func clear() {
        if !shown.isEmpty { write("\r\u{1B}[K") }
        shown = ""
    }

    private func bar(_ progress: HistoryProgress, _ elapsed: Duration) -> String {
        let filled = Int(progress.share * Double(Self.barWidth))
        let bar = String(repeating: "#", count: filled)
            + String(repeating: ".", count: Self.barWidth - filled)
        return "[\(bar)] " + words(progress, elapsed)
    }

    private func words(_ progress: HistoryProgress, _ elapsed: Duration) -> String {
        let seconds = Double(elapsed.components.seconds)
            + Double(elapsed.components.attoseconds) / 1e18
        let rate = seconds > 0 ? Double(progress.added) / seconds : 0
        return "\(Int(progress.share * 100)) %  series \(progress.seriesDone)/\(progress.series)  "
            + "\(FigureText.count(Int64(progress.added))) new bars, \(FigureText.rate(rate))  "
            + FigureText.clock(Int64(seconds * 1e9))
    }

    private func write(_ text: String) {
        _ = StandardStream.write(text, to: STDERR_FILENO, patience: 200)
    }
}
