/// Bytes of a connection cut into lines; a line that grows beyond its limit is reported once.
struct LineBuffer {
    enum Next: Equatable {
        case none
        case line([UInt8])
        /// The current line exceeds the limit; the connection cannot be trusted to recover.
        case tooLong
    }

    let limit: Int
    private var bytes: [UInt8] = []
    private var searched = 0

    init(limit: Int) { self.limit = limit }

    var isEmpty: Bool { bytes.isEmpty }

    /// Everything there was searched, and no whole line is left.
    var needsMore: Bool { searched == bytes.count }

    mutating func append(_ more: some Sequence<UInt8>) { bytes.append(contentsOf: more) }

    /// The next whole line without its newline; empty lines are skipped.
    mutating func next() -> Next {
        while true {
            guard let end = bytes[searched...].firstIndex(of: UInt8(ascii: "\n")) else {
                searched = bytes.count
                return bytes.count > limit ? .tooLong : .none
            }
            guard end <= limit else { return .tooLong }
            var line = Array(bytes[..<end])
            bytes.removeFirst(end + 1)
            searched = 0
            if line.last == UInt8(ascii: "\r") { line.removeLast() }
            if !line.isEmpty { return .line(line) }
        }
    }
}
