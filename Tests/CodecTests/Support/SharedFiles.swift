import BinarySchema
import Foundation
import Testing

/// The protocol frames and captures beside the checkout; tests that need them skip without them.
enum SharedFiles {
    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("shared")
    static let frames = root.appendingPathComponent("venues/frames/binance-spot")
    static let captures = root.appendingPathComponent("data/ws")

    static var hasFrames: Bool { FileManager.default.fileExists(atPath: frames.path) }
    static var hasCaptures: Bool {
        FileManager.default.fileExists(atPath: captures.path)
            && FileManager.default.isExecutableFile(atPath: "/usr/bin/zcat")
    }

    static let schemas = root.appendingPathComponent("venues/sbe")
    static var hasSchemas: Bool { FileManager.default.fileExists(atPath: schemas.path) }

    static func schema(_ file: String) -> BinarySchema? {
        BinarySchema(contentsOf: schemas.appendingPathComponent(file))
    }

    /// The lines of a frame file.
    static func lines(_ file: String) throws -> [String] {
        let text = try String(contentsOf: frames.appendingPathComponent(file), encoding: .utf8)
        return text.split(separator: "\n").map(String.init)
    }

    static var frameFiles: [String] {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: frames.path)) ?? []
        return all.filter { $0.hasSuffix(".jsonl") }.sorted()
    }

    static var spotCaptures: [String] {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: captures.path)) ?? []
        return all.filter { $0.hasPrefix("binance_spot_") && $0.hasSuffix(".gz") }.sorted()
    }

    /// A capture unpacked: one line is the receive stamp, a space, the message.
    static func unpacked(_ capture: String) throws -> [UInt8] {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/zcat")
        process.arguments = [captures.appendingPathComponent(capture).path]
        process.standardOutput = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        return [UInt8](data)
    }
}
