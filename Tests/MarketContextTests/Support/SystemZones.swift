import Foundation
import MarketContext
import Testing

/// Zones of the system's database, and what the system's own `date` makes of them.
enum SystemZones {
    static let names = [
        "Europe/London", "America/New_York", "Asia/Tokyo", "Australia/Sydney",
        "Australia/Lord_Howe", "America/Sao_Paulo", "Asia/Kolkata", "Europe/Dublin",
        "Africa/Casablanca", "Antarctica/Troll", "America/Nuuk", "UTC",
    ]

    static func bytes(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(fileURLWithPath: "/usr/share/zoneinfo/\(name)")))
    }

    static func rules(_ name: String) throws -> TimeZoneRules {
        try TimeZoneRules(file: try bytes(name))
    }

    /// Seconds ahead of UTC at each moment, by `date`.
    static func offsets(_ name: String, at moments: [Int64]) throws -> [Int64] {
        let date = Process()
        date.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        date.arguments = ["TZ=\(name)", "LC_ALL=C", "date", "-f", "-", "+%::z"]
        let output = Pipe()
        date.standardOutput = output
        let file = FileManager.default.temporaryDirectory
            .appendingPathComponent("apus-moments-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        try moments.map { "@\($0)" }.joined(separator: "\n").write(
            to: file, atomically: true, encoding: .utf8)
        date.standardInput = try FileHandle(forReadingFrom: file)
        try date.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        date.waitUntilExit()
        return try String(decoding: data, as: UTF8.self).split(separator: "\n").map { line in
            let parts = try line.dropFirst().split(separator: ":").map { try #require(Int64($0)) }
            let seconds = parts[0] * 3600 + parts[1] * 60 + parts[2]
            return line.first == "-" ? -seconds : seconds
        }
    }
}
