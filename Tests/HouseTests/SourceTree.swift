import Foundation

/// The checkout as the house rules see it: every Swift file below `Sources` and `Tests`.
struct SourceTree {
    struct File {
        let path: String
        let target: String
        let lines: [String]
    }

    let root: URL
    let files: [File]

    init(filePath: String = #filePath) throws {
        root = URL(fileURLWithPath: filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        var found: [File] = []
        for top in ["Sources", "Tests", "Benchmarks"] {
            let directory = root.appendingPathComponent(top)
            guard let walker = FileManager.default.enumerator(
                at: directory, includingPropertiesForKeys: nil)
            else { continue }
            for case let url as URL in walker where url.pathExtension == "swift" {
                let relative = String(url.path.dropFirst(root.path.count + 1))
                let parts = relative.split(separator: "/")
                let text = try String(contentsOf: url, encoding: .utf8)
                found.append(
                    File(
                        path: relative, target: parts.count > 2 ? String(parts[1]) : "",
                        lines: text.components(separatedBy: "\n")))
            }
        }
        files = found.sorted { $0.path < $1.path }
    }

    func files(of target: String) -> [File] {
        files.filter { $0.path.hasPrefix("Sources/\(target)/") }
    }
}
