import CZlib
import Glibc
import MarketModel

/// Why a capture cannot be read.
public enum CaptureFailure: Error, Equatable, Sendable, CustomStringConvertible {
    case cannotOpen(path: String)
    /// Damaged gzip data or a read error.
    case cannotRead(path: String)
    /// No line of the form `receive_time json`.
    case noFrames(path: String)

    public var description: String {
        switch self {
        case .cannotOpen(let path): "the capture \(path) cannot be opened"
        case .cannotRead(let path): "the capture \(path) is damaged, or cannot be read"
        case .noFrames(let path):
            "\(path) is no capture: none of its lines is a receive stamp, a space and a message"
        }
    }
}

/// One recorded frame.
package struct CaptureLine {
    /// When the recorder received it.
    package let time: Timestamp
    /// The message as received; valid until the next line is read.
    package let message: UnsafeRawBufferPointer
}

/// Reads capture files in order, line by line, gzip or plain, in bounded memory.
///
/// A line is the receive stamp (nanoseconds, or microseconds when it has 16 digits), a space
/// and the message. Lines of another form are counted and skipped.
package final class CaptureReader {
    private static let longestLine = 1 << 24

    private let paths: [String]
    private var fileIndex = 0
    private var file: gzFile?
    private var buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
    private var start = 0
    private var end = 0
    private(set) var skippedLines = 0
    /// Set when reading stopped early.
    package private(set) var failure: CaptureFailure?

    /// Opens the first file; the others follow when it ends.
    package init(paths: [String]) throws(CaptureFailure) {
        self.paths = paths
        for path in paths where access(path, R_OK) != 0 { throw .cannotOpen(path: path) }
        guard openNext() else { throw .cannotOpen(path: paths.first ?? "") }
    }

    deinit {
        if let file { gzclose(file) }
        buffer.deallocate()
    }

    /// The next frame; `nil` at the end of the last file or after a failure.
    package func next() -> CaptureLine? {
        while let line = nextRawLine() {
            if let parsed = Self.parse(line) { return parsed }
            if !line.isEmpty { skippedLines += 1 }
        }
        return nil
    }

    private static func parse(_ line: UnsafeRawBufferPointer) -> CaptureLine? {
        var stamp: Int64 = 0
        var digits = 0
        while digits < line.count, line[digits] != UInt8(ascii: " ") {
            let digit = line[digits] &- UInt8(ascii: "0")
            guard digit <= 9, digits < 19 else { return nil }
            stamp = stamp &* 10 &+ Int64(digit)
            digits += 1
        }
        guard digits > 0, digits + 1 < line.count else { return nil }
        let nanoseconds = digits == 16 ? stamp * 1_000 : stamp
        return CaptureLine(
            time: Timestamp(nanoseconds: nanoseconds),
            message: UnsafeRawBufferPointer(rebasing: line[(digits + 1)...]))
    }

    private func nextRawLine() -> UnsafeRawBufferPointer? {
        var searched = start
        while true {
            if let base = buffer.baseAddress,
                let found = memchr(base + searched, Int32(UInt8(ascii: "\n")), end - searched)
            {
                let newline = UnsafeRawPointer(found) - UnsafeRawPointer(base)
                let line = UnsafeRawBufferPointer(rebasing: buffer[start..<newline])
                start = newline + 1
                return line
            }
            searched = end - start
            guard fill() else { return nil }
            searched += start
        }
    }

    /// Reads more behind what is there; `false` when everything is read.
    private func fill() -> Bool {
        guard let base = buffer.baseAddress, let file else { return false }
        if start > 0 {
            memmove(base, base + start, end - start)
            end -= start
            start = 0
        }
        if end == buffer.count, !grow() { return false }
        let room = min(buffer.count - end, 1 << 20)
        let count = gzread(file, buffer.baseAddress.map { $0 + end }, UInt32(room))
        if count < 0 {
            failure = .cannotRead(path: paths[fileIndex - 1])
            return false
        }
        end += Int(count)
        if count > 0 { return true }
        // The last line of a file may lack its newline.
        if end > start, end < buffer.count {
            buffer[end] = UInt8(ascii: "\n")
            end += 1
            return true
        }
        return openNext()
    }

    private func grow() -> Bool {
        guard buffer.count < Self.longestLine else {
            failure = .cannotRead(path: paths[fileIndex - 1])
            return false
        }
        let larger = UnsafeMutableRawBufferPointer.allocate(
            byteCount: buffer.count * 2, alignment: 16)
        larger.copyMemory(from: UnsafeRawBufferPointer(buffer))
        buffer.deallocate()
        buffer = larger
        return true
    }

    private func openNext() -> Bool {
        if let file { gzclose(file) }
        file = nil
        guard fileIndex < paths.count else { return false }
        file = gzopen(paths[fileIndex], "rb")
        fileIndex += 1
        guard let file else {
            failure = .cannotOpen(path: paths[fileIndex - 1])
            return false
        }
        gzbuffer(file, 1 << 18)
        return true
    }
}
