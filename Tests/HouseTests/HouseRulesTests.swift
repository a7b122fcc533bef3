import Foundation
import Testing

@Suite("House rules")
struct HouseRulesTests {
    let tree: SourceTree

    init() throws { tree = try SourceTree() }

    /// What each target may import besides the standard library, as design section 4 draws it.
    static let allowedImports: [String: Set<String>] = [
        "MarketModel": [],
        "Rings": ["Synchronization"],
        "Machine": ["CLinuxURing", "Glibc", "Synchronization"],
        "Wire": [
            "CLinuxURing", "COpenSSL", "CRecordCrypto", "Machine", "Rings", "Glibc",
            "Synchronization",
        ],
        "Codec": ["MarketModel", "CDigits"],
        "Venues": ["Codec", "MarketModel", "Machine", "Wire", "COpenSSL"],
        "Indicators": ["MarketModel", "CLibm"],
        "MarketContext": ["MarketModel", "CLibm"],
        "Studies": ["MarketModel", "MarketContext", "Indicators", "CZlib", "Glibc"],
        "TickToTrade": [
            "MarketModel", "Rings", "Machine", "Indicators", "MarketContext", "CLinuxURing",
        ],
        "Journal": ["MarketModel", "Rings", "Machine", "CLinuxURing", "Glibc", "Synchronization"],
        "Telemetry": [
            "MarketModel", "Rings", "Machine", "Logging", "Foundation", "Glibc", "Synchronization",
        ],
        "Control": [
            "MarketModel", "Machine", "Telemetry", "Logging", "Foundation", "Glibc",
            "Synchronization", "Dispatch",
        ],
        "Simulation": [
            "MarketModel", "MarketContext", "Machine", "Wire", "Codec", "Venues", "TickToTrade",
            "Journal", "Engine", "Emulator", "Yams", "Foundation", "Glibc", "Synchronization",
        ],
        "Emulator": [
            "MarketModel", "Codec", "Wire", "COpenSSL", "Machine", "Rings", "CZlib", "Foundation",
            "Glibc", "Synchronization",
        ],
    ]

    @Test func `imports point the way the data flows`() {
        for (target, allowed) in Self.allowedImports {
            for file in tree.files(of: target) {
                for line in file.lines {
                    guard let module = importedModule(line) else { continue }
                    #expect(
                        allowed.contains(module),
                        "\(file.path) imports \(module); \(target) may import \(allowed.sorted())")
                }
            }
        }
    }

    /// Time and randomness are arguments there (design law 1).
    @Test func `pure targets read no clock, no random source, no file and no socket`() {
        let banned = [
            "clock_gettime", "ContinuousClock", "SuspendingClock", "Date()", "SystemRandomNumber",
            "arc4random", "Int.random", "Double.random", "fopen(", "Task {", "Task." + "sleep",
            "usle" + "ep", "Thread.", "print(",
        ]
        for target in [
            "MarketModel", "Codec", "Venues", "Indicators", "MarketContext", "TickToTrade",
        ] {
            expectNone(of: banned, in: tree.files(of: target))
        }
        let matching = tree.files(of: "Emulator").filter {
            $0.path.contains("/Matching/") || $0.path.contains("/Market/")
        }
        expectNone(of: banned, in: matching)
    }

    /// Unsafe concurrency opt-outs and traps on outside data (style 5.5, 5.6).
    @Test func `no forced unwrapping and no unchecked globals below the engine`() {
        let banned = ["nonisolated(unsafe)", "try!", "as!", "fatalError("]
        for target in [
            "MarketModel", "Rings", "Codec", "Venues", "Indicators", "MarketContext", "Studies",
            "TickToTrade", "Journal", "Wire",
        ] {
            expectNone(of: banned, in: tree.files(of: target))
        }
    }

    @Test func `the hot modules carry their proof`() {
        for target in ["Codec", "MarketContext", "TickToTrade", "Wire", "Journal", "Venues"] {
            let annotated = tree.files(of: target).contains { file in
                file.lines.contains { $0.contains("@_noLocks") }
            }
            #expect(annotated, "\(target) has no function under @_noLocks")
        }
    }

    @Test func `files and functions stay small enough to see whole`() {
        for file in tree.files where !file.path.hasPrefix("Tests/") {
            #expect(file.lines.count <= 520, "\(file.path) has \(file.lines.count) lines")
            for function in longFunctions(in: file, limit: 70) {
                Issue.record("\(function): functions have at most 70 lines")
            }
        }
    }

    @Test func `names say what they are`() {
        for file in tree.files where !file.path.hasPrefix("Tests/") {
            let name = file.path.split(separator: "/").last.map(String.init) ?? ""
            for word in ["Utils", "Helper", "Manager", "Misc", "Common"] {
                #expect(!name.contains(word), "\(file.path): name the thing, not its drawer")
            }
        }
    }

    @Test func `nothing unfinished is left in the sources`() {
        let words = ["TO" + "DO", "FIX" + "ME", "X" + "XX:"]
        expectNone(of: words, in: tree.files, readingComments: true)
    }

    @Test func `tests never sleep`() {
        let words = ["Task." + "sleep", "u" + "sleep(", "Thread." + "sleep"]
        expectNone(of: words, in: tree.files.filter { $0.path.hasPrefix("Tests/") })
    }

    @Test func `the top level holds only the agreed doors`() throws {
        let agreed: Set = [
            "Package.swift", "Sources", "Tests", "Benchmarks", "tuning", "config", "scripts",
            "README.md",
            // What building and the README's commands leave, and git ignores.
            "Package.resolved", "out", "data",
        ]
        for name in try FileManager.default.contentsOfDirectory(atPath: tree.root.path)
        where !name.hasPrefix(".") {
            #expect(agreed.contains(name), "\(name) does not belong at the top level")
        }
    }

    @Test func `the README shows the outside package as it is built`() throws {
        let readme = try String(
            contentsOf: tree.root.appendingPathComponent("README.md"), encoding: .utf8)
        for name in [
            "Package.swift", "Sources/dipper/BuyTheDip.swift", "Sources/dipper/Dipper.swift",
            "dipper.yaml",
        ] {
            let file = tree.root.appendingPathComponent("Tests/OutsidePackage/\(name)")
            let text = try String(contentsOf: file, encoding: .utf8)
            #expect(readme.contains("\n\(text)```\n"), "README.md does not show \(name)")
        }
    }

    @Test func `the library's page shows the research package as it is built`() throws {
        let page = try String(
            contentsOf: tree.root.appendingPathComponent(
                "Sources/Indicators/Indicators.docc/Indicators.md"), encoding: .utf8)
        for name in ["Package.swift", "Sources/research/Research.swift"] {
            let file = tree.root.appendingPathComponent("Tests/OutsideResearch/\(name)")
            let text = try String(contentsOf: file, encoding: .utf8)
            #expect(page.contains("\n\(text)```\n"), "Indicators.md does not show \(name)")
        }
    }

    @Test func `own strategies are tested through what is public`() {
        let files = tree.files.filter { $0.path.hasPrefix("Tests/OwnStrategyTests/") }
        #expect(!files.isEmpty)
        expectNone(of: ["@testable"], in: files)
    }

    // MARK: - Reading

    private func importedModule(_ line: String) -> String? {
        var words = line.split(separator: " ").map(String.init)
        while let first = words.first,
            ["public", "internal", "package", "@testable", "@preconcurrency", "@_exported"]
                .contains(first)
        {
            words.removeFirst()
        }
        guard words.first == "import", words.count >= 2 else { return nil }
        return words[words.count == 2 ? 1 : 2].split(separator: ".").first.map(String.init)
    }

    private func expectNone(
        of banned: [String], in files: [SourceTree.File], readingComments: Bool = false
    ) {
        for file in files {
            for (number, line) in file.lines.enumerated() {
                let code = readingComments ? line : line.components(separatedBy: "//")[0]
                for word in banned where code.contains(word) {
                    Issue.record("\(file.path):\(number + 1) uses \(word)")
                }
            }
        }
    }

    private func longFunctions(in file: SourceTree.File, limit: Int) -> [String] {
        var found: [String] = []
        var start: (line: Int, indent: Int)?
        for (number, line) in file.lines.enumerated() {
            let indent = line.prefix { $0 == " " }.count
            let code = line.trimmingCharacters(in: .whitespaces)
            if start == nil, code.contains("func ") || code.hasPrefix("init("),
                !code.hasPrefix("//"), !code.hasPrefix("case"),
                !(code.contains("{") && code.hasSuffix("}"))
            {
                start = (number, indent)
            }
            if let open = start, code == "}", indent == open.indent {
                if number - open.line + 1 > limit {
                    found.append("\(file.path):\(open.line + 1) (\(number - open.line + 1) lines)")
                }
                start = nil
            } else if let open = start, number > open.line, indent <= open.indent,
                code.contains("func ")
            {
                start = (number, indent)
            }
        }
        return found
    }
}
