/// The words of `/proc/cmdline`, by name.
public struct KernelCommandLine: Sendable, Equatable {
    private let words: [String: String]

    /// A word given twice counts as the kernel reads it: the last one.
    public init(_ text: String) {
        var words: [String: String] = [:]
        for word in text.split(whereSeparator: \.isWhitespace) {
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            words[String(parts[0])] = parts.count == 2 ? String(parts[1]) : ""
        }
        self.words = words
    }

    /// The value, empty for a word that stands alone, `nil` when it is not there.
    public subscript(_ name: String) -> String? { words[name] }
}

/// Which interrupts are whose, as `/proc/interrupts` tells.
enum InterruptTable {
    /// The numbers of the lines that name an interface, its device or its bus address.
    ///
    /// Drivers write their queues as `eth0-rx-0`, `virtio2-input.0` or `mlx5_comp3@pci:0000:03:00.0`,
    /// and newer kernels the bus address in the chip's name.
    static func numbers(in text: String, of names: [String]) -> [Int] {
        text.split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ")
            guard let first = words.first, first.hasSuffix(":"), let number = Int(first.dropLast())
            else { return nil }
            return words.dropFirst().contains { word in names.contains { belongs(word, to: $0) } }
                ? number : nil
        }
    }

    private static func belongs(_ word: Substring, to name: String) -> Bool {
        if name.isEmpty { return false }
        if word.hasPrefix(name) {
            // eth1 is not eth10.
            guard let next = word.dropFirst(name.count).first else { return true }
            return !next.isLetter && !next.isNumber
        }
        return name.contains(":") && word.hasSuffix(name)
    }
}

/// `/proc/swaps`: how many bytes of swap are on, and how many of them in use.
enum SwapTable {
    static func bytes(in text: String) -> (total: Int, used: Int) {
        var total = 0
        var used = 0
        for line in text.split(separator: "\n").dropFirst() {
            let words = line.split(whereSeparator: \.isWhitespace)
            // A file's name may hold blanks: count from the end.
            guard words.count >= 5, let size = Int(words[words.count - 3]),
                let taken = Int(words[words.count - 2]),
                case let (bytes, isTooLarge) = size.multipliedReportingOverflow(by: 1024),
                !isTooLarge, taken >= 0, taken <= size
            else { continue }
            total = total.addingReportingOverflow(bytes).partialValue
            used = used.addingReportingOverflow(taken &* 1024).partialValue
        }
        return (total, used)
    }
}
