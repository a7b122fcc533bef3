import Glibc

/// What becomes of a segment that lies behind the cut, wholly or from a byte on.
struct SegmentBehindCut: Equatable, Sendable {
    private let path: String
    private let range: Range<Int>
    /// The file that will keep its bytes; `nil` when there are none.
    let keptPath: String?

    /// - Parameter range: from the cut to the last byte that is not 0.
    init(
        _ name: SegmentName, _ range: Range<Int>, in directory: String,
        _ window: inout SegmentWindow
    ) throws(JournalFailure) {
        path = SegmentFiles.path(directory, name)
        self.range = range
        let isHead = range.lowerBound == 0 && range.upperBound <= SegmentLayout.headerBytes
        let isSpare = isHead ? try window.isSpare() : false
        keptPath = range.isEmpty || isSpare ? nil : Self.unusedPath(path, range.lowerBound)
    }

    /// Moves the bytes; when they are part of a file they are on the disk before they leave it.
    func setAside() throws(JournalFailure) {
        guard let keptPath else {
            return range.lowerBound == 0
                ? try SegmentFiles.remove(path) : try SegmentFiles.cut(path, to: range.lowerBound)
        }
        if range.lowerBound == 0 {
            guard rename(path, keptPath) == 0 else {
                throw .system(operation: "rename", path: path, errno: errno)
            }
        } else {
            try SegmentFiles.copy(range, of: path, to: keptPath)
            try SegmentFiles.cut(path, to: range.lowerBound)
        }
    }

    /// `<segment>.cut-<byte>`, with a number when an earlier repair left one of the name.
    private static func unusedPath(_ path: String, _ offset: Int) -> String {
        let first = "\(path).cut-\(offset)"
        var candidate = first
        var number = 2
        while SegmentFiles.size(candidate) != nil {
            candidate = "\(first)-\(number)"
            number += 1
        }
        return candidate
    }
}

extension SegmentWindow {
    /// Whether the head says that the segment was prepared and never used.
    fileprivate mutating func isSpare() throws(JournalFailure) -> Bool {
        let count = min(byteCount, SegmentLayout.headerBytes)
        guard let head = try bytes(at: 0, count: count) else { return true }
        return SegmentHeader.read(head, count: count, name: name) == .spare
    }
}

extension SegmentFiles {
    /// Copies a range of a file to a new file, to the disk.
    fileprivate static func copy(
        _ range: Range<Int>, of path: String, to target: String
    ) throws(JournalFailure) {
        let source = open(path, O_RDONLY | O_CLOEXEC)
        guard source >= 0 else { throw .system(operation: "open", path: path, errno: errno) }
        defer { close(source) }
        let copy = open(target, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard copy >= 0 else { throw .system(operation: "create", path: target, errno: errno) }
        defer { close(copy) }
        var offset = off_t(range.lowerBound)
        while Int(offset) < range.upperBound {
            let count = sendfile(copy, source, &offset, range.upperBound - Int(offset))
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                throw .system(operation: "copy", path: target, errno: count < 0 ? errno : EIO)
            }
        }
        guard fsync(copy) == 0 else {
            throw .system(operation: "sync", path: target, errno: errno)
        }
    }
}
