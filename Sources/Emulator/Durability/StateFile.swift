import CZlib
import Glibc

/// An append-only file of checksummed records, all words little-endian:
/// `length u32, CRC-32 of the bytes u32, CRC-32 of these two u32, bytes`.
///
/// A record is in the page cache once `append` returns, so killing the process loses nothing;
/// whether a crash of the machine does, ``synchronize()`` decides.
final class StateFile {
    private(set) var path: String
    private let descriptor: Int32
    private(set) var size = 0

    static let headSize = 12
    /// No record is longer.
    private static let longest = 1 << 30

    /// Opens a file, or makes an empty one in its place.
    init(path: String, isNew: Bool) throws(StateLogFailure) {
        self.path = path
        let flags = isNew ? O_CREAT | O_TRUNC : 0
        descriptor = Glibc.open(path, O_RDWR | O_CLOEXEC | flags, 0o600)
        if descriptor < 0 { throw .cannotOpen(path: path, errno: errno) }
    }

    deinit { Glibc.close(descriptor) }

    /// Hands every whole record to `body` with the number of records before it, and cuts an
    /// unfinished end off; the bytes that were cut.
    ///
    /// What a crash can leave at the end is a part of a record, or a whole one whose bytes never
    /// reached the disk. Everything else that is wrong is damage: refused.
    func read(
        _ body: (ArraySlice<UInt8>, Int) throws(StateLogFailure) -> Bool
    ) throws(StateLogFailure) -> Int {
        let bytes = try contents()
        var offset = 0
        var count = 0
        while offset + Self.headSize <= bytes.count {
            let length = Self.word(bytes, offset)
            guard Self.checksum(of: bytes[offset..<(offset + 8)]) == Self.word(bytes, offset + 8),
                length <= Self.longest
            else { throw .corrupt(path: path, offset: offset) }
            let start = offset + Self.headSize
            let end = start + Int(length)
            guard end <= bytes.count else { break }
            let payload = bytes[start..<end]
            guard Self.checksum(of: payload) == Self.word(bytes, offset + 4) else {
                if end < bytes.count { throw .corrupt(path: path, offset: offset) }
                break
            }
            guard try body(payload, count) else { throw .corrupt(path: path, offset: offset) }
            offset = end
            count += 1
        }
        if offset < bytes.count, ftruncate(descriptor, off_t(offset)) != 0 {
            throw .cannotWrite(path: path, errno: errno)
        }
        guard lseek(descriptor, off_t(offset), SEEK_SET) >= 0 else {
            throw .cannotOpen(path: path, errno: errno)
        }
        size = offset
        return bytes.count - offset
    }

    func append(_ payload: [UInt8]) throws(StateLogFailure) {
        var frame: [UInt8] = []
        frame.reserveCapacity(payload.count + Self.headSize)
        Self.append(UInt32(payload.count), to: &frame)
        Self.append(Self.checksum(of: payload[...]), to: &frame)
        Self.append(Self.checksum(of: frame[...]), to: &frame)
        frame.append(contentsOf: payload)
        var written = 0
        while written < frame.count {
            let count = frame.withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress! + written, frame.count - written)
            }
            if count < 0, errno == EINTR { continue }
            if count <= 0 { throw .cannotWrite(path: path, errno: errno) }
            written += count
        }
        size += frame.count
    }

    /// Takes another name, and the place of what had it.
    func move(to newPath: String) throws(StateLogFailure) {
        if rename(path, newPath) != 0 { throw .cannotWrite(path: newPath, errno: errno) }
        path = newPath
    }

    /// Waits until everything is on the disk.
    func synchronize() throws(StateLogFailure) {
        if fdatasync(descriptor) != 0 { throw .cannotWrite(path: path, errno: errno) }
    }

    private func contents() throws(StateLogFailure) -> [UInt8] {
        let size = lseek(descriptor, 0, SEEK_END)
        guard size >= 0, lseek(descriptor, 0, SEEK_SET) == 0 else {
            throw .cannotOpen(path: path, errno: errno)
        }
        var bytes = [UInt8](repeating: 0, count: size)
        var filled = 0
        while filled < bytes.count {
            let space = bytes.count - filled
            let count = bytes.withUnsafeMutableBytes {
                Glibc.read(descriptor, $0.baseAddress! + filled, space)
            }
            if count < 0, errno == EINTR { continue }
            if count <= 0 { throw .cannotOpen(path: path, errno: errno) }
            filled += count
        }
        return bytes
    }

    private static func word(_ bytes: [UInt8], _ offset: Int) -> UInt32 {
        (0..<4).reduce(0) { $0 | UInt32(bytes[offset + $1]) << UInt32(8 * $1) }
    }

    private static func append(_ word: UInt32, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: word.littleEndian) { bytes.append(contentsOf: $0) }
    }

    private static func checksum(of bytes: ArraySlice<UInt8>) -> UInt32 {
        bytes.withUnsafeBytes { buffer in
            UInt32(
                truncatingIfNeeded: crc32(
                    0, buffer.baseAddress?.assumingMemoryBound(to: UInt8.self),
                    uInt(buffer.count)))
        }
    }
}
