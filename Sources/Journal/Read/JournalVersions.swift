/// Which versions of the format a journal holds.
public enum JournalVersions {
    /// Throws `olderVersion` when a segment is not of the present version: its account and its
    /// decisions mean something else there. Reads the segments' heads.
    public static func requirePresent(
        in directory: String, lane: UInt8? = nil
    ) throws(JournalFailure) {
        for name in try SegmentFiles.list(directory) where lane == nil || name.lane == lane {
            let path = SegmentFiles.path(directory, name)
            var window = try SegmentWindow(path: path, name: name, capacity: 1 << 12)
            let count = min(window.byteCount, SegmentLayout.headerBytes)
            guard let head = try window.bytes(at: 0, count: count),
                case .valid(let header) = SegmentHeader.read(head, count: count, name: name),
                header.version < SegmentLayout.version
            else { continue }
            throw .olderVersion(file: path, version: header.version)
        }
    }
}
