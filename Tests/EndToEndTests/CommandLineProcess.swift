import Foundation

/// The built command as a running process whose standard output is read line by line.
final class CommandLineProcess {
    private let process = Process()
    private let pipe = Pipe()
    private let input: Pipe?
    private let errorFile: String
    private var pending = Data()
    private(set) var lines: [String] = []

    /// `shell` words go before the command, as in `sh -c 'ulimit -l 64; exec "$0" "$@"'`; one that
    /// `listens` can be told lines.
    init(
        _ folder: WorkFolder, _ arguments: [String], environment: [String: String] = [:],
        shell: String? = nil, listens: Bool = false
    ) throws {
        input = listens ? Pipe() : nil
        errorFile = folder.path("errors-\(UUID().uuidString)")
        _ = FileManager.default.createFile(atPath: errorFile, contents: nil)
        process.executableURL = URL(fileURLWithPath: shell == nil ? WorkFolder.binary : "/bin/sh")
        process.arguments = shell.map { ["-c", $0, WorkFolder.binary] + arguments } ?? arguments
        process.currentDirectoryURL = URL(fileURLWithPath: folder.root)
        process.environment = ProcessInfo.processInfo.environment
            .filter { !$0.key.hasPrefix("APUS_") }
            .merging(environment) { _, new in new }
        if let input { process.standardInput = input } else {
            process.standardInput = FileHandle.nullDevice
        }
        process.standardOutput = pipe
        process.standardError = FileHandle(forWritingAtPath: errorFile)
        try process.run()
    }

    /// The first line from here on that contains `text`; `nil` when the output ends before.
    func line(containing text: String) -> String? {
        while let line = nextLine() {
            if line.contains(text) { return line }
        }
        return nil
    }

    /// The most memory it has had in use, bytes; 0 once it has ended.
    var peakMemory: Int {
        let path = "/proc/\(process.processIdentifier)/status"
        let status = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return (line?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) << 10
    }

    var identifier: pid_t { process.processIdentifier }
    var isRunning: Bool { process.isRunning }

    /// Tells it a line and answers its next one.
    func answer(to line: String) -> String? {
        try? input?.fileHandleForWriting.write(contentsOf: Data((line + "\n").utf8))
        return nextLine()
    }

    func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

    /// Goes away as a reader: the process's next line meets a broken pipe.
    func stopReading() { try? pipe.fileHandleForReading.close() }

    /// Answers the exit status without reading on.
    func status() -> Int32 {
        process.waitUntilExit()
        return process.terminationStatus
    }

    /// Reads the rest of the output and answers the exit status.
    func finish() -> Int32 {
        while nextLine() != nil {}
        process.waitUntilExit()
        return process.terminationStatus
    }

    var output: String { lines.map { $0 + "\n" }.joined() }

    var errors: String { (try? String(contentsOfFile: errorFile, encoding: .utf8)) ?? "" }

    /// Blocks until a whole line is there; `nil` at the end.
    private func nextLine() -> String? {
        while true {
            if let end = pending.firstIndex(of: UInt8(ascii: "\n")) {
                let line = String(decoding: pending[..<end], as: UTF8.self)
                pending = Data(pending[(end + 1)...])
                lines.append(line)
                return line
            }
            let more = pipe.fileHandleForReading.availableData
            if more.isEmpty { return nil }
            pending.append(more)
        }
    }
}
