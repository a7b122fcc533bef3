import Glibc

/// Why a journal could not be opened, written, read or cut.
public indirect enum JournalFailure: Error, Equatable, Sendable, CustomStringConvertible {
    /// The system refused; `errno` is its number.
    case system(operation: String, path: String, errno: Int32)
    /// An option outside its range.
    case invalidOption(String)
    /// The directory holds no segment (of this lane).
    case noJournal(directory: String)
    /// The directory holds several lanes: one must be named.
    case severalLanes([UInt8])
    /// Another process writes this lane's journal.
    case inUse(directory: String, lane: UInt8)
    /// The file's head is none of ours.
    case notASegment(file: String)
    /// Written by a newer engine.
    case unsupportedVersion(file: String, version: UInt32)
    /// Written by an older engine, whose orders and account lie differently: for reading only.
    case olderVersion(file: String, version: UInt32)
    /// Bytes before the end are not what was written; `sequence` is the first record lost.
    case corrupt(file: String, offset: Int, sequence: UInt64)
    /// What the numbers of an account stand for is nowhere in the run.
    case undescribed(file: String)
    /// Records are missing between two segments.
    case gap(file: String, expected: UInt64, found: UInt64)
    /// No record begins or ends at the byte where the journal was to be cut; the nearest that do.
    case notABoundary(file: String, offset: Int, before: Int?, after: Int?)
    /// The damage lies before the byte where the journal was to be cut, and would stay.
    case behindDamage(offset: Int, JournalFailure)
    /// The kernel refused the journal's thread.
    case threadRefused(errno: Int32)

    public var description: String {
        switch self {
        case .system(let operation, let path, let errno):
            "\(operation) \(path): \(String(cString: strerror(errno)))"
        case .invalidOption(let text): text
        case .noJournal(let directory): "\(directory): no journal"
        case .severalLanes(let lanes): "several lanes, name one: \(lanes)"
        case .inUse(let directory, let lane):
            "\(directory): lane \(lane) is being written by another process"
        case .notASegment(let file): "\(file): not a journal segment"
        case .unsupportedVersion(let file, let version):
            "\(file): format version \(version), this engine reads versions "
                + "\(SegmentLayout.oldestVersion) to \(SegmentLayout.version)"
        case .olderVersion(let file, let version):
            "\(file): format version \(version); this engine takes over and replays version "
                + "\(SegmentLayout.version) only. `apus journal verify`, `cat` and `export` read "
                + "older ones too; to take over or replay it use the engine that wrote it"
        case .corrupt(let file, let offset, let sequence):
            "\(file): corrupt at byte \(offset), record \(sequence)"
        case .undescribed(let file):
            "\(file): the account in it cannot be read, no record says what its numbers stand for"
        case .gap(let file, let expected, let found):
            "\(file): starts at record \(found), \(expected) was expected"
        case .notABoundary(let file, let offset, let before, let after):
            "\(file): no record begins or ends at byte \(offset); the nearest: "
                + [before, after].compactMap { $0.map(String.init) }.joined(separator: ", ")
        case .behindDamage(let offset, let damage):
            "byte \(offset) lies behind the damage, which would stay: \(damage)"
        case .threadRefused(let errno): "journal thread: \(String(cString: strerror(errno)))"
        }
    }
}
