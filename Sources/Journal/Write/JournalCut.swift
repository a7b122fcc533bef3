import Glibc

/// What a crash leaves of a journal, for simulations: every record up to one, and no more.
package enum JournalCut {
    /// Cuts a stopped journal behind record `sequence`; `tearing` leaves the first half of the
    /// record after it, as a crash in the middle of a write does.
    package static func after(
        _ sequence: UInt64, in directory: String, tearing: Bool
    ) throws(JournalFailure) {
        for name in try SegmentFiles.list(directory) {
            let path = SegmentFiles.path(directory, name)
            guard let bytes = try read(path) else { continue }
            let first = bytes.withUnsafeBytes {
                $0.loadUnaligned(
                    fromByteOffset: SegmentLayout.firstSequenceOffset, as: UInt64.self)
            }
            if first > sequence {
                try SegmentFiles.remove(path)
                continue
            }
            if let end = end(of: sequence, in: bytes, tearing) { try SegmentFiles.cut(path, to: end) }
        }
    }

    /// Where a segment ends for a crash behind a record; `nil` when the record comes later.
    private static func end(of sequence: UInt64, in bytes: [UInt8], _ tearing: Bool) -> Int? {
        bytes.withUnsafeBytes { buffer in
            var place = SegmentLayout.headerBytes
            while place + RecordLayout.headerBytes <= buffer.count {
                let length = Int(buffer.loadUnaligned(fromByteOffset: place, as: UInt32.self))
                if length < RecordLayout.headerBytes || length > buffer.count - place { return nil }
                let number = buffer.loadUnaligned(
                    fromByteOffset: place + RecordLayout.sequenceOffset, as: UInt64.self)
                if number > sequence { return tearing ? place + length / 2 : place }
                place += length
            }
            return nil
        }
    }

    private static func read(_ path: String) throws(JournalFailure) -> [UInt8]? {
        guard let size = SegmentFiles.size(path), size >= SegmentLayout.headerBytes else {
            return nil
        }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw .system(operation: "open", path: path, errno: errno)
        }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: size)
        let count = Glibc.read(descriptor, &bytes, size)
        guard count == size else { throw .system(operation: "read", path: path, errno: errno) }
        return bytes
    }
}
