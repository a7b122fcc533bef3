import CZlib
import Glibc

/// The lines of a file, plain or gzip, without their ends.
struct TextLines: ~Copyable {
    private let path: String
    private let file: gzFile
    private var part = [CChar](repeating: 0, count: 1 << 12)
    /// The number of the line returned last, from 1.
    private(set) var number = 0

    init(path: String) throws(TableFailure) {
        // A directory can be opened but not read: told by the first read.
        guard let file = gzopen(path, "rb") else {
            throw .cannotOpen(path: path, reason: String(cString: strerror(errno)))
        }
        self.path = path
        self.file = file
        gzbuffer(file, 1 << 18)
    }

    deinit { gzclose(file) }

    mutating func next() throws(TableFailure) -> String? {
        var bytes: [UInt8] = []
        number += 1
        while gzgets(file, &part, Int32(part.count)) != nil {
            for character in part {
                if character == 0 { break }
                bytes.append(UInt8(bitPattern: character))
            }
            if bytes.last == UInt8(ascii: "\n") {
                bytes.removeLast()
                if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
                return String(decoding: bytes, as: UTF8.self)
            }
        }
        var code: Int32 = Z_OK
        _ = gzerror(file, &code)
        if code != Z_OK && code != Z_STREAM_END { throw .cannotRead(path: path) }
        return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
    }
}
