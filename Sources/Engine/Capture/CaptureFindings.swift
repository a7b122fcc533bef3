import MarketModel

/// What a reader of captures has met besides good lines, and what it means for the book.
public struct CaptureFindings: Sendable, Equatable {
    /// A hole in the recorded updates.
    public struct Gap: Sendable, Equatable {
        public var place: String
        public var expected: Int64
        public var found: Int64

        public init(place: String, expected: Int64, found: Int64) {
            self.place = place
            self.expected = expected
            self.found = found
        }
    }

    /// Lines that are stamp, space and message; those that are not, and where the first is.
    public internal(set) var messageCount = 0
    public internal(set) var otherLineCount = 0
    public internal(set) var firstOtherLine: String?
    /// Diffs of the wanted instrument, and those of them that reached the book.
    public internal(set) var diffCount = 0
    public internal(set) var appliedCount = 0
    public internal(set) var snapshotCount = 0
    /// Instruments with diffs, and the first holes; bounded.
    public internal(set) var symbols: Set<String> = []
    public internal(set) var gapCount = 0
    public internal(set) var gaps: [Gap] = []
    /// Files that begin before the one in front of them ends.
    public internal(set) var filesOutOfOrder: [String] = []

    static let listed = 20
    private var newestTime = Timestamp.unknown

    /// Whether rows are missing that a whole capture would have given.
    public var hasLoss: Bool {
        appliedCount == 0 || gapCount > 0 || !filesOutOfOrder.isEmpty
    }

    // MARK: - Collecting

    mutating func addOther(_ place: @autoclosure () -> String) {
        otherLineCount += 1
        if firstOtherLine == nil { firstOtherLine = place() }
    }

    mutating func addMessage(at time: Timestamp, isFirstOf path: String?) {
        messageCount += 1
        if let path, newestTime != .unknown, time < newestTime { filesOutOfOrder.append(path) }
        if newestTime == .unknown || newestTime < time { newestTime = time }
    }

    mutating func addSymbol(_ symbol: String) {
        if symbols.count < Self.listed { symbols.insert(symbol) }
    }

    mutating func addGap(_ place: String, expected: Int64, found: Int64) {
        gapCount += 1
        if gaps.count < Self.listed {
            gaps.append(Gap(place: place, expected: expected, found: found))
        }
    }

    // MARK: - Telling

    /// One line each, for the operator; `symbol` is the instrument that was wanted or found.
    public func lines(symbol: String?) -> [String] {
        var lines: [String] = []
        if otherLineCount > 0, messageCount > 0 {
            lines.append(
                "lines left out, being no 'receive_stamp message': \(otherLineCount), the first "
                    + "at \(firstOtherLine ?? "-")")
        }
        lines += filesOutOfOrder.map {
            "\($0) begins before the file in front of it ends; give the files in the order in "
                + "which they were recorded"
        }
        lines += gaps.map {
            "\($0.place): gap, update \($0.expected) was expected and \($0.found) came; nothing "
                + "is printed from here to the next snapshot"
        }
        if gapCount > gaps.count { lines.append("further gaps: \(gapCount - gaps.count)") }
        if let emptiness = emptiness(symbol) { lines.append(emptiness) }
        return lines
    }

    /// Why no row came out, if none did.
    private func emptiness(_ symbol: String?) -> String? {
        if appliedCount > 0 { return nil }
        if messageCount == 0 {
            return "no capture: none of the \(otherLineCount) lines is a receive stamp, a space "
                + "and a message"
        }
        if diffCount == 0 {
            let others = symbols.sorted().joined(separator: ", ")
            let wanted = symbol.map { " of \($0)" } ?? ""
            return others.isEmpty
                ? "no depth diff\(wanted) in \(messageCount) messages"
                : "no depth diff\(wanted); the capture has \(others)"
        }
        if snapshotCount == 0 {
            return "no snapshot (a message with lastUpdateId) to begin a book with; "
                + "\(diffCount) diffs unused"
        }
        return "no diff continues a snapshot; \(diffCount) diffs unused"
    }
}
