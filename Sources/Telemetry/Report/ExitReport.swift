import Foundation

/// Writes report.txt, report.json and report.html into a directory.
public struct ExitReport: Sendable {
    public let report: RunReport

    public init(_ report: RunReport) { self.report = report }

    /// Creates the directory when absent and replaces earlier reports, each file atomically.
    public func write(to directory: String) throws {
        let folder = URL(fileURLWithPath: directory, isDirectory: true)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let files = [
            ("report.txt", Data(report.text.utf8)), ("report.json", try json()),
            ("report.html", Data(report.page.utf8)),
        ]
        for (name, content) in files {
            try content.write(to: folder.appendingPathComponent(name), options: .atomic)
        }
    }

    /// report.json: pretty-printed, keys sorted, without the latency buckets, which the plot shows.
    public func json() throws -> Data {
        var slim = report
        for index in slim.latency.indices { slim.latency[index].buckets = nil }
        return try SnapshotJSON.encoder(isPretty: true).encode(slim) + Data("\n".utf8)
    }
}
