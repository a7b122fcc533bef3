import Foundation
import Synchronization

/// Lines that arrive while somebody spins: read on a thread of its own, looked at without waiting.
final class LineMailbox: Sendable {
    private let lines = Mutex<[String]>([])
    private let hasMail = Atomic<Bool>(false)

    /// Reads `source` to its end; the end reads as `quit`.
    init(_ source: FileHandle) {
        let reader = LineReader(source)
        let thread = Thread { [self] in
            while let line = reader.next() { put(line) }
            put("quit")
        }
        thread.start()
    }

    private func put(_ line: String) {
        lines.withLock { $0.append(line) }
        hasMail.store(true, ordering: .releasing)
    }

    /// The oldest line, `nil` when there is none. One load while nothing came.
    func take() -> String? {
        guard hasMail.load(ordering: .acquiring) else { return nil }
        return lines.withLock { lines in
            let first = lines.removeFirst()
            hasMail.store(!lines.isEmpty, ordering: .relaxed)
            return first
        }
    }
}

/// The lines of a pipe, one after another; each call waits.
final class LineReader: @unchecked Sendable {
    // SAFETY: used by one thread.
    private let source: FileHandle
    private var pending: [UInt8] = []

    init(_ source: FileHandle) { self.source = source }

    /// The next line without its end; `nil` at the end of the pipe.
    func next() -> String? {
        while true {
            if let end = pending.firstIndex(of: UInt8(ascii: "\n")) {
                let line = String(decoding: pending[..<end], as: UTF8.self)
                pending.removeSubrange(...end)
                return line
            }
            let data = source.availableData
            if data.isEmpty { return nil }
            pending += data
        }
    }
}
