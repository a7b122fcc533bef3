import Foundation

/// Where libFuzzer begins: a target's seeds and the words in them, and frames that were recorded.
enum Seeding {
    private static let longest = 8_000

    /// Writes a target's seeds into a directory, and of a folder of recorded frames those that it
    /// reads; `false` when it cannot.
    static func write(_ target: FuzzTarget, to directory: String, frames: String?) -> Bool {
        for (index, seed) in target.seeds.enumerated() {
            let file = directory + "/seed-\(index)"
            guard FileManager.default.createFile(atPath: file, contents: Data(seed)) else { return false }
        }
        for (index, frame) in recorded(for: target, in: frames ?? "").enumerated() {
            let file = directory + "/frame-\(index)"
            guard FileManager.default.createFile(atPath: file, contents: Data(frame)) else { return false }
        }
        return true
    }

    /// Lines of JSON for those who read it; binary messages, which lines hold in hexadecimal digits,
    /// for the others.
    private static func recorded(for target: FuzzTarget, in folder: String) -> [[UInt8]] {
        let isBinary = target.name.hasSuffix("-sbe")
        guard isBinary || target.name.hasSuffix("-json") else { return [] }
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return files.sorted().filter { $0.hasSuffix(".jsonl") }.flatMap { file -> [[UInt8]] in
            let text = (try? String(contentsOfFile: folder + "/" + file, encoding: .utf8)) ?? ""
            return text.split(separator: "\n").compactMap { line -> [UInt8]? in
                if !isBinary { return Array(line.utf8) }
                let row = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
                return (row?["hex"] as? String).map { [UInt8](hex: $0) }
            }
        }.filter { $0.count <= longest }
    }

    /// The words of a target's seeds as libFuzzer's dictionaries have them; empty for those whose
    /// seeds are no text.
    static func dictionary(of target: FuzzTarget) -> String {
        var words: Set<String> = []
        for seed in target.seeds {
            guard let text = String(validating: seed, as: UTF8.self) else { continue }
            let parts = text.split { !($0.isASCII && ($0.isLetter || $0.isNumber || "_-.@/".contains($0))) }
            words.formUnion(parts.filter { (2...32).contains($0.utf8.count) }.map(String.init))
        }
        return words.sorted().prefix(600).map { "\"\($0)\"\n" }.joined()
    }
}
