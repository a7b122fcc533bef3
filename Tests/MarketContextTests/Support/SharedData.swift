import Foundation

/// Recorded market data and golden values beside the checkout, in `../shared`.
enum SharedData {
    /// The rows of a CSV file without its heading; `nil`, with a message, if it is absent.
    static func rows(_ path: String) throws -> [[String]]? {
        guard let lines = try lines(path) else { return nil }
        return lines.dropFirst().map { line in
            line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
    }

    /// The lines of a text file, gzipped if its name says so.
    private static func lines(_ path: String) throws -> [Substring]? {
        guard let data = try data(path) else { return nil }
        return String(decoding: data, as: UTF8.self).split(separator: "\n")
    }

    /// The bytes of a file, unpacked if its name says that it is gzipped.
    static func data(_ path: String) throws -> Data? {
        let file = directory.appendingPathComponent(path)
        guard FileManager.default.isReadableFile(atPath: file.path) else {
            print("skipped: \(file.path) is not there")
            return nil
        }
        guard path.hasSuffix(".gz") else { return try Data(contentsOf: file) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/zcat")
        process.arguments = [file.path]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let bytes = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return bytes
    }

    /// `APUS_SHARED`, or `shared` beside the checkout.
    private static var directory: URL {
        if let named = ProcessInfo.processInfo.environment["APUS_SHARED"] {
            return URL(fileURLWithPath: named)
        }
        var checkout = URL(fileURLWithPath: #filePath)
        for _ in 0..<4 { checkout.deleteLastPathComponent() }
        return checkout.deletingLastPathComponent().appendingPathComponent("shared")
    }
}
