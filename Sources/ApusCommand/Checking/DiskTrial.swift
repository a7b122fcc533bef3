import Foundation

/// How fast a directory's disk writes and syncs, tried with a file that never has a name.
struct DiskTrial {
    let bytesPerSecond: Int64
    /// The longest of a few syncs of one page, as the journal's thread makes them.
    let syncNanoseconds: Int64

    private static let pieceBytes = 1 << 20
    private static let pieceCount = 8
    private static let syncCount = 8
    private static let pageBytes = 4_096
    /// `O_TMPFILE` of Linux, which Swift does not import: its macro is a sum.
    private static let unnamed = Int32(0o20_000_000) | O_DIRECTORY

    /// `nil` where the file system has no such files or the disk is full.
    init?(in directory: String) {
        let file = open(directory, Self.unnamed | O_RDWR | O_CLOEXEC, 0o600)
        guard file >= 0 else { return nil }
        defer { close(file) }
        let piece = [UInt8](repeating: 0x5A, count: Self.pieceBytes)
        let started = ContinuousClock.now
        for index in 0..<Self.pieceCount
        where pwrite(file, piece, piece.count, off_t(index * piece.count)) != piece.count {
            return nil
        }
        guard fdatasync(file) == 0 else { return nil }
        let written = Self.nanoseconds(since: started)
        var longest: Int64 = 0
        for index in 0..<Self.syncCount {
            let place = off_t(index * Self.pageBytes)
            guard pwrite(file, piece, Self.pageBytes, place) == Self.pageBytes else { return nil }
            let began = ContinuousClock.now
            guard fdatasync(file) == 0 else { return nil }
            longest = max(longest, Self.nanoseconds(since: began))
        }
        let bytes = Int64(Self.pieceBytes * Self.pieceCount)
        bytesPerSecond = bytes * 1_000_000_000 / max(written, 1)
        syncNanoseconds = longest
    }

    private static func nanoseconds(since start: ContinuousClock.Instant) -> Int64 {
        Int64((ContinuousClock.now - start) / .nanoseconds(1))
    }
}
