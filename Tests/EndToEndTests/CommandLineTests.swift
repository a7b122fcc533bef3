import Foundation
import Testing

/// The command as scripts and people use it: help, exit codes, output.
@Suite("Command line", .timeLimit(.minutes(2)))
struct CommandLineTests {
    @Test(arguments: [
        "run", "exchange", "check", "status", "top", "market", "orders", "positions", "latency", "halt",
        "resume", "cancel-all", "flatten", "limits", "shutdown", "journal cat", "journal verify",
        "journal export", "journal replay", "journal repair", "book", "indicators list", "indicators show",
        "indicators compute", "indicators sample", "indicators pages", "history download",
        "history check", "history list", "history metrics",
    ])
    func `every command explains itself with an example`(command: String) throws {
        let folder = try WorkFolder()
        defer { folder.remove() }
        let help = try run(folder, command.split(separator: " ").map(String.init) + ["--help"])
        #expect(help.status == 0)
        #expect(help.output.contains("Example"))
        #expect(help.output.contains("apus \(command)"))
        #expect(help.output.contains("Exit codes:\n  0    ended as asked"))
    }

    /// Nothing is wider than an ordinary terminal, and no example is broken by its wrapping.
    @Test(arguments: [
        "", "run", "exchange", "check", "status", "top", "market", "orders", "positions", "latency", "halt",
        "resume", "cancel-all", "flatten", "limits", "shutdown", "journal", "journal cat",
        "journal verify", "journal export", "journal replay", "journal repair", "book", "indicators",
        "indicators list", "indicators show", "indicators compute", "indicators sample",
        "indicators pages", "history", "history download", "history check", "history list",
        "history metrics",
    ])
    func `help fits 80 columns`(command: String) throws {
        let folder = try WorkFolder()
        defer { folder.remove() }
        let help = try run(
            folder, command.split(separator: " ").map(String.init) + ["--help"],
            environment: ["COLUMNS": "80"])
        let lines = help.output.components(separatedBy: "\n")
        for (line, next) in zip(lines, lines.dropFirst()) {
            #expect(line.count <= 80, "\(line)")
            if line.hasPrefix("  "), !next.isEmpty, !next.hasPrefix("  ") {
                Issue.record("broken by the wrapping: \(line) / \(next)")
            }
        }
    }

    @Test(arguments: ["bash", "zsh", "fish"])
    func `completions are generated for a shell`(shell: String) throws {
        let folder = try WorkFolder()
        defer { folder.remove() }
        let script = try run(folder, ["--generate-completion-script", shell])
        #expect(script.status == 0)
        #expect(script.output.contains("exchange"))
        #expect(script.output.contains("cancel-all"))
    }

    @Test func `without an engine a query ends with 69 and says where it looked`() throws {
        let folder = try WorkFolder()
        defer { folder.remove() }
        let answer = try run(folder, ["status", "--socket", "nowhere.sock"])
        #expect(answer.status == 69)
        #expect(answer.errors.contains("no engine is running at nowhere.sock"))
    }

    // MARK: - Check

    @Test func `check says what would run before anything exists`() throws {
        let folder = try WorkFolder()
        defer { folder.remove() }
        let check = try run(folder, ["check", "--config", "demo.yaml"])
        #expect(check.status == 0, "\(check.output)\(check.errors)")
        for part in [
            "maker-btc: market_maker on BTCUSDT", "localhost:\(folder.port)", ".apus/control.sock is free",
            "Linux", "time stamp counter", "it would run",
        ] {
            #expect(check.output.contains(part), "check does not say '\(part)'")
        }
        // It only looks.
        #expect(!FileManager.default.fileExists(atPath: folder.path(".apus")))
    }

    @Test func `check lists every problem and exits with 78`() throws {
        let folder = try WorkFolder()
        defer { folder.remove() }
        try change(
            folder, "demo.yaml", [("horizon: 10s", "horizon: 10"), ("core: 1 ", "core: -1 ")])
        let check = try run(folder, ["check", "--config", "demo.yaml"])
        #expect(check.status == 78)
        #expect(check.errors.contains("horizon"))
        #expect(check.errors.contains("topology.lanes[0].core"))
    }

    @Test func `check counts what the machine lacks and never shows a secret`() throws {
        let folder = try WorkFolder()
        defer { folder.remove() }
        try "not a socket".write(
            toFile: folder.path("control.sock"), atomically: true, encoding: .utf8)
        let check = try run(
            folder, ["check", "--config", "demo.yaml"],
            environment: [
                "APUS_CONTROL_SOCKET": "control.sock", "APUS_API_KEY": "shown-to-nobody-1",
                "APUS_API_SECRET": "shown-to-nobody-2", "APUS_UNKNOWN": "1",
            ])
        #expect(check.status == 78)
        #expect(check.output.contains("PROBLEM control.sock exists and is not a socket"))
        #expect(check.output.contains("APUS_CONTROL_SOCKET overrides the file"))
        #expect(check.output.contains("APUS_UNKNOWN is no setting"))
        #expect(check.output.contains("HMAC key from the environment"))
        #expect(!(check.output + check.errors).contains("shown-to-nobody"))
    }

    @Test func `the reference names the keys of both files`() throws {
        let folder = try WorkFolder()
        defer { folder.remove() }
        let reference = try run(folder, ["check", "--reference"])
        #expect(reference.status == 0)
        for key in ["`segment_size`", "`max_daily_loss`", "`self_trade_prevention`"] {
            #expect(reference.output.contains(key))
        }
    }

    // MARK: - Book

    @Test func `book prints the golden file of the recorded day`() throws {
        let shared = WorkFolder.checkout.deletingLastPathComponent()
            .appendingPathComponent("shared")
        let captures = ["20240808", "20240809"].map {
            shared.appendingPathComponent("data/ws/binance_spot_btcusdt_\($0).jsonl.gz").path
        }
        let golden = shared.appendingPathComponent(
            "golden/book/binance_spot_btcusdt_20240808_top.csv.gz")
        for path in captures + [golden.path]
        where !FileManager.default.isReadableFile(atPath: path) {
            print("skipped: \(path) is not there")
            return
        }
        let folder = try WorkFolder()
        defer { folder.remove() }
        let book = try run(folder, ["book"] + captures)
        #expect(book.status == 0, "\(book.errors)")
        let expected = try unzipped(golden, in: folder)
        #expect(book.output.utf8.count == expected.utf8.count)
        #expect(book.output == expected, "the output differs from \(golden.lastPathComponent)")
    }

    @Test func `book names a file that it cannot read`() throws {
        let folder = try WorkFolder()
        defer { folder.remove() }
        let book = try run(folder, ["book", "absent.jsonl.gz"])
        #expect(book.status == 66)
        #expect(book.errors.contains("absent.jsonl.gz"))
    }

    // MARK: - Parts

    private func run(
        _ folder: WorkFolder, _ arguments: [String], environment: [String: String] = [:]
    ) throws -> (status: Int32, output: String, errors: String) {
        let process = try CommandLineProcess(folder, arguments, environment: environment)
        let status = process.finish()
        return (status, process.output, process.errors)
    }

    private func change(
        _ folder: WorkFolder, _ name: String, _ replacements: [(String, String)]
    ) throws {
        var text = try String(contentsOfFile: folder.path(name), encoding: .utf8)
        for (old, new) in replacements {
            try #require(text.contains(old), "\(name) has '\(old)'")
            text = text.replacingOccurrences(of: old, with: new)
        }
        try text.write(toFile: folder.path(name), atomically: true, encoding: .utf8)
    }

    private func unzipped(_ file: URL, in folder: WorkFolder) throws -> String {
        let plain = folder.path("golden.csv")
        _ = FileManager.default.createFile(atPath: plain, contents: nil)
        let gzip = Process()
        gzip.executableURL = URL(fileURLWithPath: "/bin/gzip")
        gzip.arguments = ["-dc", file.path]
        gzip.standardOutput = FileHandle(forWritingAtPath: plain)
        try gzip.run()
        gzip.waitUntilExit()
        return try String(contentsOfFile: plain, encoding: .utf8)
    }
}

extension WorkFolder {
    /// The root of the checkout.
    static var checkout: URL {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
    }
}
