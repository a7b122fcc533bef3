import Foundation
import Indicators
import MarketModel
import Testing

/// A golden file of indicators beside the checkout: recorded bars and what other libraries make of
/// them.
struct GoldenFile: CustomTestStringConvertible, Sendable {
    let url: URL

    static let all: [GoldenFile] = {
        let folder = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("shared/golden/indicators")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { $0.hasSuffix(".csv.gz") }.sorted()
            .map { GoldenFile(url: folder.appendingPathComponent($0)) }
    }()

    var testDescription: String { url.lastPathComponent }

    /// The columns by name; an empty field is `nil`.
    func columns() throws -> [String: [Double?]] {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["gzip", "-dc", url.path]
        process.standardOutput = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        let text = String(decoding: data, as: UTF8.self)
        process.waitUntilExit()
        let lines = text.split(separator: "\n")
        let names = (lines.first ?? "").split(separator: ",").map(String.init)
        var columns: [String: [Double?]] = [:]
        for line in lines.dropFirst() {
            let fields = line.split(separator: ",", omittingEmptySubsequences: false)
            for (name, field) in zip(names, fields) {
                columns[name, default: []].append(Double(field))
            }
        }
        return columns
    }

    static func samples(_ columns: [String: [Double?]]) -> [MarketSample] {
        let count = columns["close"]?.count ?? 0
        func number(_ name: String, _ row: Int) -> Double { columns[name]?[row] ?? .nan }
        return (0..<count).map { row in
            MarketSample(
                time: Timestamp(milliseconds: Int64(number("open_time_ms", row))),
                bar: PriceBar(
                    open: number("open", row), high: number("high", row), low: number("low", row),
                    close: number("close", row), volume: number("volume", row)))
        }
    }
}
