import Glibc
import MarketModel
import Synchronization

/// A lane's sign of life: one word in a small mapped file, for another process to watch.
///
/// The word is 0 before the first turn, the time of the last turn while the lane runs, and the
/// negative of it once the lane has ended with no order open. A lane that stands still, whatever
/// the threads around it do, leaves it as it is. A beat is a plain store; on a file system in
/// memory, such as `/run`, no page of it is ever under write-back.
public struct Heartbeat: @unchecked Sendable {
    // SAFETY: the mapping lives as long as the process; the word is an atomic with one writer.
    @usableFromInline let word: UnsafeMutablePointer<Atomic<Int64>>

    /// Opens the file, mode 0600, or makes it; what an earlier run has left in it stays until the
    /// lane's first beat.
    init(path: String) throws(StartFailure) {
        func refusal(_ cause: String) -> StartFailure {
            .unusable("the heartbeat \(path) cannot be used (watchdog.heartbeat): \(cause)")
        }
        let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { throw refusal(String(cString: strerror(errno))) }
        defer { close(file) }
        // Blocks of its own: a store into a hole of a full disk would end the process.
        let code = posix_fallocate(file, 0, HeartbeatReading.fileBytes)
        guard code == 0 else { throw refusal(String(cString: strerror(code))) }
        let memory = mmap(
            nil, HeartbeatReading.fileBytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE,
            file, 0)
        guard let memory, memory != MAP_FAILED else {
            throw refusal(String(cString: strerror(errno)))
        }
        let mark = memory.load(as: UInt64.self)
        guard mark == 0 || mark == HeartbeatReading.mark else {
            munmap(memory, HeartbeatReading.fileBytes)
            throw refusal("it is another kind of file")
        }
        memory.storeBytes(
            of: Int64(getpid()), toByteOffset: HeartbeatReading.processOffset, as: Int64.self)
        memory.storeBytes(of: HeartbeatReading.mark, as: UInt64.self)
        word = (memory + HeartbeatReading.beatOffset)
            .bindMemory(to: Atomic<Int64>.self, capacity: 1)
    }

    /// The lane lives. The lane's thread only.
    @inlinable @inline(__always)
    func beat(_ now: Timestamp) { word.pointee.store(now.nanoseconds, ordering: .relaxed) }

    /// The lane ends and leaves nothing open. The lane's thread only.
    @inlinable
    func end(_ now: Timestamp) { word.pointee.store(-now.nanoseconds, ordering: .relaxed) }
}

/// What a heartbeat file says at one moment.
struct HeartbeatReading: Equatable, Sendable {
    /// See ``Heartbeat``.
    var beat: Int64
    var process: Int64

    static let fileBytes = 4_096
    /// "apusbeat" in the file's order.
    static let mark: UInt64 = 0x7461_6562_7375_7061
    static let beatOffset = 8
    static let processOffset = 16

    init(beat: Int64, process: Int64 = 0) {
        self.beat = beat
        self.process = process
    }

    /// `nil` when there is no such file, or when it is none of a heartbeat.
    init?(path: String) {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var words: (UInt64, Int64, Int64) = (0, 0, 0)
        let count = withUnsafeMutableBytes(of: &words) { pread(file, $0.baseAddress, $0.count, 0) }
        guard count == MemoryLayout.size(ofValue: words), words.0 == Self.mark else { return nil }
        (beat, process) = (words.1, words.2)
    }
}
