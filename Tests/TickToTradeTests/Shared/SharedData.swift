import Foundation

/// Recorded market data and golden values beside the checkout, in `../shared`.
enum SharedData {
    /// The rows of a gzipped CSV file without its heading; `nil`, with a message, if it is absent.
    static func rows(_ path: String) throws -> [[String]]? {
        guard let lines = try lines(path) else { return nil }
        return lines.dropFirst().map { line in
            line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
    }

    /// The columns of a gzipped CSV file by their name in the heading.
    static func columns(_ path: String) throws -> [String: [Double?]]? {
        guard let lines = try lines(path), let heading = lines.first else { return nil }
        let names = heading.split(separator: ",").map(String.init)
        var columns = [[Double?]](repeating: [], count: names.count)
        for line in lines.dropFirst() {
            let fields = line.split(separator: ",", omittingEmptySubsequences: false)
            for index in names.indices { columns[index].append(Double(fields[index])) }
        }
        return Dictionary(uniqueKeysWithValues: zip(names, columns))
    }

    /// The lines of a gzipped file.
    static func lines(_ path: String) throws -> [Substring]? {
        let file = directory.appendingPathComponent(path)
        guard FileManager.default.isReadableFile(atPath: file.path) else {
            print("skipped: \(file.path) is not there")
            return nil
        }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/zcat")
        process.arguments = [file.path]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let bytes = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n")
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
