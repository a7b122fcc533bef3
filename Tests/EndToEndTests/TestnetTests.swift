import Foundation
import Testing

/// `config/testnet.yaml` with nothing but a key: what can be shown without the testnet itself.
@Suite("Testnet", .serialized, .timeLimit(.minutes(2)))
struct TestnetTests {
    @Test(arguments: ["demo.yaml", "replay.yaml", "testnet.yaml"])
    func `each example would run once it has a key`(name: String) throws {
        let folder = try WorkFolder()
        defer { folder.remove() }
        try copy(name, into: folder)
        // The example's own authority file need not be on a machine that only tests.
        try folder.edit(name) {
            $0.replacing(/ca_file: \S+/, with: "ca_file: ca.pem")
        }
        try makeKey(folder, "key.pem")
        try authority(folder)
        var environment = ["APUS_API_KEY": "a key of the testnet"]
        if name == "testnet.yaml" {
            environment["APUS_PRIVATE_KEY_FILE"] = folder.path("key.pem")
        } else {
            environment["APUS_API_SECRET"] = "a secret"
        }
        let process = try CommandLineProcess(
            folder, ["check", "--config", name, "--offline"], environment: environment)
        #expect(process.finish() == 0, "\(process.output)\(process.errors)")
        #expect(process.output.contains("it would run"))
        #expect(!process.output.contains("a key of the testnet"))
    }

    /// The whole way to the testnet, on an exchange that stands in for it: an Ed25519 key made as
    /// the README says, the check, the dry run, the run.
    @Test func `the testnet's file trades with nothing but a key`() throws {
        let folder = try WorkFolder()
        defer { folder.remove() }
        try copy("testnet.yaml", into: folder)
        // Only where it leads is changed.
        try folder.edit("testnet.yaml") { text in
            text.replacingOccurrences(
                of: "environment: testnet ",
                with: "environment: emulated\n  emulated: {host: localhost, port: \(folder.port)} ")
                .replacing(/ca_file: \S+/, with: "ca_file: .apus/ca.pem")
        }
        try makeKey(folder, "testnet-key.pem")
        let credentials = "api_key: \"testnet key\"\nprivate_key_file: testnet-key.pem\n"
        try write(credentials, to: folder.path("testnet-credentials.yaml"))
        try folder.edit("exchange.yaml") {
            $0.replacingOccurrences(
                of: ".apus/demo-credentials.yaml", with: "testnet-credentials.yaml")
        }
        try FileManager.default.createDirectory(
            atPath: folder.path(".apus"), withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        let exchange = try CommandLineProcess(
            folder, ["exchange", "--config", "exchange.yaml", "--ready-file", "ready"])
        defer { exchange.send(SIGINT) }
        while !FileManager.default.fileExists(atPath: folder.path("ready")) { sched_yield() }

        let check = try checkWithPrices(folder)
        #expect(check.output.contains("Ed25519 key from testnet-credentials.yaml"))
        #expect(check.output.contains("log-on: accepted"))
        #expect(check.output.contains("BTCUSDT: LIMIT GTC BUY "))
        let dry = try folder.apus(
            "run", "--config", "testnet.yaml", "--dry-run", "--duration", "2s", "--plain")
        #expect(dry.status == 0, "\(dry.errors.suffix(2_000))")
        #expect(dry.output.contains("  DRY RUN  trading"))
        let run = try folder.apus(
            "run", "--config", "testnet.yaml", "--duration", "2s", "--plain", "--report", "out")
        #expect(run.status == 0, "\(run.errors.suffix(2_000))")
        #expect(run.output.contains("  trading  "))
    }

    // MARK: - Parts

    /// Checks until the market has prices for test orders.
    private func checkWithPrices(_ folder: WorkFolder) throws -> WorkFolder.Outcome {
        let deadline = ContinuousClock.now + .seconds(20)
        while true {
            let check = try folder.apus("check", "--config", "testnet.yaml")
            if check.status == 0, !check.output.contains("nobody bids") { return check }
            try #require(ContinuousClock.now < deadline, "\(check.output)\(check.errors)")
        }
    }

    private func copy(_ name: String, into folder: WorkFolder) throws {
        let text = try String(
            contentsOf: WorkFolder.checkout.appendingPathComponent("config/\(name)"),
            encoding: .utf8)
        try text.write(toFile: folder.path(name), atomically: true, encoding: .utf8)
    }

    private func makeKey(_ folder: WorkFolder, _ name: String) throws {
        try openssl(["genpkey", "-algorithm", "ed25519", "-out", folder.path(name)])
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o600], ofItemAtPath: folder.path(name))
    }

    /// Some certificate to trust.
    private func authority(_ folder: WorkFolder) throws {
        try openssl([
            "req", "-x509", "-newkey", "ed25519", "-nodes", "-days", "1", "-subj", "/CN=test",
            "-keyout", folder.path("ca-key.pem"), "-out", folder.path("ca.pem"),
        ])
    }

    private func openssl(_ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
        process.arguments = arguments
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
    }

    private func write(_ text: String, to path: String) throws {
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    }
}
