import CZlib
import Glibc

/// Why a recorded capture cannot be read.
public enum CaptureBookFailure: Error, Equatable, Sendable, CustomStringConvertible {
    case cannotOpen(path: String, errno: Int32)
    case cannotRead(path: String)
    case lineTooLong(path: String, line: Int)
    /// A depth message that does not decode.
    case malformed(path: String, line: Int, reason: String)

    public var description: String {
        switch self {
        case .cannotOpen(let path, let errno):
            "\(path) cannot be opened: \(String(cString: strerror(errno)))"
        case .cannotRead(let path):
            "\(path) cannot be read to its end: damaged gzip data, or no file"
        case .lineTooLong(let path, let line): "\(path):\(line): longer than 64 MB"
        case .malformed(let path, let line, let reason): "\(path):\(line): \(reason)"
        }
    }
}

/// The lines of a file, plain or gzip, one at a time in one growing buffer.
///
/// After each line at least 64 bytes are readable, as the decoders want it.
struct GzipLines: ~Copyable {
    private static let slack = 64
    private static let longest = 64 << 20

    private let path: String
    private let file: gzFile
    private var buffer: UnsafeMutablePointer<UInt8>
    private var capacity = 1 << 20
    /// The number of the line returned last, from 1.
    private(set) var number = 0

    init(path: String) throws(CaptureBookFailure) {
        // A directory can be opened but not read: told by the first read.
        guard let file = gzopen(path, "rb") else {
            throw .cannotOpen(path: path, errno: errno)
        }
        self.path = path
        self.file = file
        buffer = .allocate(capacity: capacity)
        buffer.initialize(repeating: 0, count: capacity)
        gzbuffer(file, 1 << 18)
    }

    deinit {
        gzclose(file)
        buffer.deallocate()
    }

    /// The next line without its end; valid until the next call. `nil` at the end of the file.
    mutating func next() throws(CaptureBookFailure) -> UnsafeBufferPointer<UInt8>? {
        var count = 0
        number += 1
        while true {
            let room = capacity - Self.slack - count
            let part = UnsafeMutableRawPointer(buffer + count).assumingMemoryBound(to: CChar.self)
            guard gzgets(file, part, Int32(room)) != nil else {
                var code: Int32 = Z_OK
                _ = gzerror(file, &code)
                if code != Z_OK && code != Z_STREAM_END { throw .cannotRead(path: path) }
                return count == 0 ? nil : UnsafeBufferPointer(start: buffer, count: count)
            }
            count += strlen(part)
            if count > 0, buffer[count - 1] == UInt8(ascii: "\n") {
                return UnsafeBufferPointer(start: buffer, count: count - 1)
            }
            if count >= capacity - Self.slack - 1 { try grow(keeping: count) }
        }
    }

    private mutating func grow(keeping count: Int) throws(CaptureBookFailure) {
        guard capacity < Self.longest else { throw .lineTooLong(path: path, line: number) }
        let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: 2 * capacity)
        larger.initialize(repeating: 0, count: 2 * capacity)
        larger.update(from: buffer, count: count)
        buffer.deallocate()
        buffer = larger
        capacity *= 2
    }
}
