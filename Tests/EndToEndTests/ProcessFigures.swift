import Foundation

/// What the system says a process holds.
struct ProcessFigures {
    /// Bytes of its own, neither file nor shared memory: what a leak adds to.
    var memory: Int
    var descriptors: Int
    var threads: Int

    /// `nil` when there is no such process.
    init?(of process: pid_t) {
        guard
            let status = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8),
            let open = try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/fd")
        else { return nil }
        func number(_ name: String) -> Int? {
            status.split(separator: "\n").first { $0.hasPrefix(name + ":") }
                .flatMap { $0.split(whereSeparator: \.isWhitespace).dropFirst().first }
                .flatMap { Int($0) }
        }
        guard let anonymous = number("RssAnon"), let threads = number("Threads") else { return nil }
        memory = anonymous << 10
        descriptors = open.count
        self.threads = threads
    }
}
