import Foundation

/// Writes one line to standard output at once, also into a pipe or a file; ends the command when
/// that fails.
func printLine(_ text: String) { printText(text + "\n") }

/// Writes text that brings its own line ends.
func printText(_ text: String) {
    let failure = StandardStream.write(text, to: STDOUT_FILENO)
    if failure != 0 { endUnwritten(failure) }
}

/// Writes one line to standard error, if that is possible.
func printWarning(_ text: String) {
    _ = StandardStream.write("apus: \(text)\n", to: STDERR_FILENO, patience: 1_000)
}

/// Many lines to standard output, written in large pieces.
struct LineOutput {
    private static let pieceBytes = 1 << 16
    private var pending: [UInt8] = []

    mutating func write(_ line: String) {
        pending.append(contentsOf: line.utf8)
        pending.append(UInt8(ascii: "\n"))
        if pending.count >= Self.pieceBytes { flush() }
    }

    mutating func flush() {
        let failure = pending.withUnsafeBytes { StandardStream.write($0, to: STDOUT_FILENO) }
        if failure != 0 { endUnwritten(failure) }
        pending.removeAll(keepingCapacity: true)
    }
}

private func endUnwritten(_ failure: Int32) -> Never {
    CommandFailure(
        "standard output cannot be written: \(String(cString: strerror(failure)))",
        .unwrittenOutput
    ).exit()
}
