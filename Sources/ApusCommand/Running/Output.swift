import Foundation

/// Writes one line to standard output at once, also into a pipe or a file.
func printLine(_ text: String) {
    FileHandle.standardOutput.write(Data((text + "\n").utf8))
}

/// Writes one line to standard error.
func printWarning(_ text: String) {
    FileHandle.standardError.write(Data("apus: \(text)\n".utf8))
}

/// Many lines to standard output, written in large pieces.
struct LineOutput {
    private static let pieceBytes = 1 << 16
    private var pending = Data()

    mutating func write(_ line: String) {
        pending.append(contentsOf: line.utf8)
        pending.append(UInt8(ascii: "\n"))
        if pending.count >= Self.pieceBytes { flush() }
    }

    mutating func flush() {
        FileHandle.standardOutput.write(pending)
        pending.removeAll(keepingCapacity: true)
    }
}
