import Foundation
import Testing

/// What an operator can put right is told with file, line and key, or with the path, before
/// anything has begun; each with its own exit status.
@Suite("Refusals", .serialized, .timeLimit(.minutes(2)))
struct RefusalTests {
    @Test(arguments: [
        (
            "symbol: ETHUSDT", "symbol: NOPEUSDT",
            "instruments[1].symbol: 'NOPEUSDT' is not traded at localhost:"
        ),
        (
            "max_position: 0.5 BTC", "max_position: 0.5 ETH",
            "instruments[0].limits.max_position: found '0.5 ETH', accepted: an amount of BTC, the "
                + "base asset of BTCUSDT"
        ),
        (
            "order_size: 0.01 BTC", "order_size: 0.000001 BTC",
            "strategies[0].parameters.order_size: "
        ),
        (
            "order_notional: 500 USDT", "order_notional: 1 USDT",
            "strategies[1].parameters.order_notional: found '1 USDT', accepted: at least 5"
        ),
        (
            "file: .apus/demo-credentials.yaml", "file: .apus/other.yaml",
            "credentials: localhost:"
        ),
    ] as [(String, String, String)])
    func `a value that the venue refuses is named with its place`(
        good: String, bad: String, message: String
    ) throws {
        let folder = try WorkFolder()
        defer { folder.remove() }
        let exchange = try folder.exchange()
        defer { exchange.interrupt() }
        try "api_key: \"wrong\"\napi_secret: \"wrong\"\n".write(
            toFile: folder.path(".apus/other.yaml"), atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o600], ofItemAtPath: folder.path(".apus/other.yaml"))
        let text = try String(contentsOfFile: folder.path("demo.yaml"), encoding: .utf8)
        let edited = text.replacingOccurrences(of: good, with: bad)
            .replacingOccurrences(
                of: "ETHUSDT]", with: bad.hasSuffix("NOPEUSDT") ? "NOPEUSDT]" : "ETHUSDT]")
        try edited.write(toFile: folder.path("bad.yaml"), atomically: true, encoding: .utf8)
        let line = try #require(
            edited.components(separatedBy: "\n").firstIndex { $0.contains(bad) })
        let run = try folder.apus("run", "--config", "bad.yaml")
        #expect(run.status == 78)
        #expect(run.errors.contains("bad.yaml:\(line + 1): " + message), "\(run.errors)")
        #expect(!run.errors.contains("BUG-"))
    }

    @Test func `a report that cannot be written is refused before the run`() throws {
        let folder = try WorkFolder()
        defer { folder.remove() }
        let run = try folder.apus(
            "run", "--config", "demo.yaml", "--report", "demo.yaml/out")
        #expect(run.status == 73)
        #expect(
            run.errors
                == "apus: the report cannot be written to demo.yaml/out: Not a directory; --report "
                + "takes a directory that may be written\n")
        #expect(!FileManager.default.fileExists(atPath: folder.path(".apus")))
    }

    @Test func `an authority file that is not there says who makes it`() throws {
        let folder = try WorkFolder()
        defer { folder.remove() }
        let exchange = try folder.exchange()
        defer { exchange.interrupt() }
        try FileManager.default.removeItem(atPath: folder.path(".apus/ca.pem"))
        let run = try folder.apus("run", "--config", "demo.yaml")
        #expect(run.status == 78)
        #expect(run.errors.contains("tls.ca_file: .apus/ca.pem is not there; the exchange makes it"))
    }

    @Test func `a certificate of another authority is explained`() throws {
        let folder = try WorkFolder()
        let other = try WorkFolder()
        defer {
            folder.remove()
            other.remove()
        }
        let exchange = try folder.exchange()
        defer { exchange.interrupt() }
        let second = try other.exchange()
        defer { second.interrupt() }
        try FileManager.default.removeItem(atPath: folder.path(".apus/ca.pem"))
        try FileManager.default.copyItem(
            atPath: other.path(".apus/ca.pem"), toPath: folder.path(".apus/ca.pem"))
        let run = try folder.apus("run", "--config", "demo.yaml")
        #expect(run.status == 69)
        #expect(
            run.errors.contains(
                "cannot reach localhost:\(folder.port): TLS: the server's certificate is signed by "
                    + "no trusted authority; tls.ca_file must hold its authority"), "\(run.errors)")
    }

    @Test func `without its exchange the engine says where it knocked`() throws {
        let folder = try WorkFolder()
        defer { folder.remove() }
        let exchange = try folder.exchange()
        exchange.interrupt()
        exchange.waitUntilExit()
        let run = try folder.apus("run", "--config", "demo.yaml")
        #expect(run.status == 69)
        #expect(
            run.errors.contains(
                "cannot reach localhost:\(folder.port): no connection: Connection refused; is it "
                    + "running there?"), "\(run.errors)")
    }

    @Test(arguments: [
        ("verify", "absent", "absent: no such directory"), ("cat", "absent", "absent: no such"),
        ("replay", "absent", "absent: no such"), ("export", "absent", "absent: no such"),
        ("verify", "demo.yaml", "demo.yaml is a file; accepted: the directory of one run's"),
        ("replay", "demo.yaml", "demo.yaml is a file"),
        ("verify", "empty", "empty holds no record"), ("replay", "empty", "empty holds no record"),
        ("cat", "empty", "empty holds no record"), ("export", "empty", "empty holds no record"),
        ("verify", "bare", "bare: no journal"),
    ])
    func `a journal that is not there ends with 66`(
        command: String, place: String, message: String
    ) throws {
        let folder = try WorkFolder()
        defer { folder.remove() }
        for name in ["empty", "bare"] {
            try FileManager.default.createDirectory(
                atPath: folder.path(name), withIntermediateDirectories: true)
        }
        _ = FileManager.default.createFile(
            atPath: folder.path("empty/apus-0-00000001.journal"), contents: nil)
        let outcome = try folder.apus("journal", command, place)
        #expect(outcome.status == 66)
        #expect(outcome.errors.hasPrefix("apus: " + message), "\(outcome.errors)")
        #expect(outcome.output.isEmpty)
    }

    @Test(arguments: [
        ("rubbish\n", [], 65, "no capture: none of the 1 lines"),
        (
            "1 {\"e\":\"depthUpdate\",\"s\":\"BTCUSDT\"}\n", ["--symbol", "NOPE"], 65,
            "no depth diff of NOPE; the capture has BTCUSDT"
        ),
    ] as [(String, [String], Int32, String)])
    func `a capture without a book says why`(
        text: String, options: [String], status: Int32, message: String
    ) throws {
        let folder = try WorkFolder()
        defer { folder.remove() }
        try text.write(toFile: folder.path("c.jsonl"), atomically: true, encoding: .utf8)
        let process = try CommandLineProcess(folder, ["book", "c.jsonl"] + options)
        #expect(process.finish() == status)
        #expect(process.errors.contains(message), "\(process.errors)")
    }
}
