import Foundation
import Testing

/// The proof at the end of Lane.swift is the compiler's: these snippets must not compile.
@Suite("Proof")
struct ProofTests {
    /// A function each, under `@_noLocks` as a lane's roots are; the first two may compile.
    private static let snippets: [(name: String, isRefused: Bool, text: String)] = [
        ("arithmetic", false, "func f(_ x: Int) -> Int { x &* 3 }"),
        (
            "raw memory", false,
            "func f(_ p: UnsafeMutablePointer<Int>) { p.pointee &+= 1 }"
        ),
        ("array", true, "func f(_ x: Int, _ a: inout [Int]) { a.append(x) }"),
        ("object", true, "func f(_ x: Int) -> Box { Box(x) }"),
        ("reference", true, "func f(_ h: Holder, _ b: Box) { h.box = b }"),
        ("existential", true, "func f(_ p: any Priced) -> Int { p.price }"),
        ("closure", true, "func f(_ x: Int) -> () -> Int { { x } }"),
        ("text", true, "func f(_ x: Int) -> String { \"tick \\(x)\" }"),
        ("lock", true, "func f(_ m: borrowing Mutex<Int>) -> Int { m.withLock { $0 } }"),
        ("library call", true, "func f() -> Int32 { getpid() }"),
    ]

    @Test func `the compiler refuses what a duty cycle must not do`() throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("apus-proof-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("snippets.swift")
        var text = """
            import Glibc
            import Synchronization
            final class Box { var x: Int; init(_ x: Int) { self.x = x } }
            final class Holder { var box = Box(0) }
            protocol Priced { var price: Int { get } }

            """
        var lines: [String: Int] = [:]
        for (number, snippet) in Self.snippets.enumerated() {
            lines[snippet.name] = text.components(separatedBy: "\n").count
            text += "@_noLocks "
                + snippet.text.replacingOccurrences(of: "func f(", with: "func f\(number)(") + "\n"
        }
        try text.write(to: file, atomically: true, encoding: .utf8)
        let errors = try refusals(of: file)
        for snippet in Self.snippets {
            let isRefused = errors.contains(lines[snippet.name] ?? 0)
            #expect(isRefused == snippet.isRefused, "\(snippet.name): \(snippet.text)")
        }
    }

    /// The lines that the compiler complains about.
    private func refusals(of file: URL) throws -> Set<Int> {
        let compiler = Process()
        compiler.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        compiler.arguments = ["swiftc", "-emit-sil", "-O", "-o", "/dev/null", file.path]
        let output = Pipe()
        compiler.standardError = output
        compiler.standardOutput = output
        try compiler.run()
        let said = output.fileHandleForReading.readDataToEndOfFile()
        let text = String(decoding: said, as: UTF8.self)
        compiler.waitUntilExit()
        var lines: Set<Int> = []
        for line in text.split(separator: "\n") where line.contains("error:") {
            let parts = line.split(separator: ":")
            if parts.count > 2, parts[0].hasSuffix("snippets.swift"), let number = Int(parts[1]) {
                lines.insert(number)
            }
        }
        return lines
    }

    @Test func `every root of a lane is under the proof`() throws {
        let tree = try SourceTree()
        let file = try #require(
            tree.files(of: "Engine").first { $0.path.hasSuffix("Lane/Lane.swift") })
        let roots = file.lines.indices.filter {
            file.lines[$0].hasPrefix("func dutyCycle(")
                || file.lines[$0].hasPrefix("func drainHeld(")
        }
        #expect(roots.count == 4)
        for root in roots {
            #expect(file.lines[root - 1] == "@_noLocks", "line \(root + 1) of \(file.path)")
        }
    }
}
