import Foundation
import Telemetry
import Testing

/// Keys stay in the file that they came in.
@Suite("Secrets", .serialized, .timeLimit(.minutes(2)))
struct SecretTests {
    @Test func `nothing that a run writes holds a secret`() throws {
        let folder = try WorkFolder()
        defer { folder.remove() }
        try folder.edit("demo.yaml") {
            $0.replacingOccurrences(of: "record: records ", with: "record: frames ")
                .replacingOccurrences(of: "log_level: info", with: "log_level: trace")
        }
        let exchange = try folder.exchange()
        defer { exchange.interrupt() }
        let source = folder.path(".apus/demo-credentials.yaml")
        let secrets = try String(contentsOfFile: source, encoding: .utf8)
            .split(separator: "\n").filter { $0.hasPrefix("api_") }
            .compactMap { $0.split(separator: "\"").dropFirst().first.map(String.init) }
        try #require(secrets.count == 2 && secrets.allSatisfy { $0.count > 20 })
        let check = try folder.apus("check", "--config", "demo.yaml")
        #expect(check.status == 0, "\(check.errors)")
        let run = try folder.apus(
            "run", "--config", "demo.yaml", "--duration", "3s", "--report", "out")
        #expect(run.status == 0, "\(run.errors)")
        let journal = folder.path(".apus/journal")
        for command in ["verify", "cat"] {
            #expect(try folder.apus("journal", command, journal).status == 0)
        }
        // A key that the venue refuses is not told either.
        try String(contentsOfFile: source, encoding: .utf8)
            .replacingOccurrences(of: secrets[1], with: String(secrets[1].reversed()))
            .write(toFile: folder.path("other.yaml"), atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o600], ofItemAtPath: folder.path("other.yaml"))
        try folder.edit("demo.yaml") {
            $0.replacingOccurrences(of: "file: .apus/demo-credentials.yaml", with: "file: other.yaml")
        }
        #expect(try folder.apus("run", "--config", "demo.yaml", "--duration", "1s").status != 0)

        var read = 0
        for file in try files(of: folder) where file != source && file != folder.path("other.yaml") {
            let bytes = try Data(contentsOf: URL(fileURLWithPath: file))
            read += bytes.count
            for secret in secrets + [String(secrets[1].reversed())] {
                #expect(bytes.range(of: Data(secret.utf8)) == nil, "\(file) holds a secret")
            }
        }
        #expect(read > 100_000)
    }

    /// A core file would hold the keys.
    @Test(arguments: [false, true])
    func `an engine leaves no core file unless it is told to`(isAllowed: Bool) throws {
        let folder = try WorkFolder()
        defer { folder.remove() }
        let exchange = try folder.exchange()
        defer { exchange.interrupt() }
        if isAllowed {
            try folder.edit("demo.yaml") {
                $0.replacingOccurrences(of: "core_dumps: false", with: "core_dumps: true")
            }
        }
        let engine = try CommandLineProcess(
            folder, ["run", "--config", "demo.yaml", "--plain"],
            shell: "ulimit -c 4; exec \"$0\" \"$@\"")
        defer { engine.send(SIGINT) }
        try #require(engine.line(containing: "  trading  ") != nil, "\(engine.errors)")
        let limits = try String(
            contentsOfFile: "/proc/\(engine.identifier)/limits", encoding: .utf8)
        let line = try #require(limits.split(separator: "\n").first { $0.hasPrefix("Max core file") })
        let limit = line.split(separator: " ")[4]
        #expect((limit == "0") == !isAllowed, "\(line)")
    }

    @Test(arguments: [0o644, 0o640, 0o604])
    func `a secret that others may read is refused, with its file and what to do`(
        mode: Int
    ) throws {
        let folder = try WorkFolder()
        defer { folder.remove() }
        let exchange = try folder.exchange()
        defer { exchange.interrupt() }
        let file = folder.path(".apus/demo-credentials.yaml")
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file)
        let run = try folder.apus("run", "--config", "demo.yaml", "--duration", "1s")
        #expect(run.status == 78)
        #expect(run.errors.contains(".apus/demo-credentials.yaml"), "\(run.errors)")
        #expect(run.errors.contains("chmod 600") || run.errors.contains("0600"), "\(run.errors)")
    }

    /// The control socket's directory is opened to everyone; the socket itself still obeys only its
    /// owner and root.
    @Test func `another user may not control the engine`() throws {
        let tools = ["/usr/bin/setpriv", "/usr/bin/python3"]
        guard geteuid() == 0,
            tools.allSatisfy({ FileManager.default.isExecutableFile(atPath: $0) })
        else {
            print("skipped: needs root, and setpriv and python3 to be somebody else")
            return
        }
        let rig = try ChaosRig(seed: UInt64(ChaosAmount.seed))
        try rig.expectWhole("at the start")
        let socket = rig.folder.path(".apus/control.sock")
        #expect(try mode(of: socket) == 0o600)
        let asNobody = ["--reuid", "65534", "--regid", "65534", "--clear-groups"]
        // First as it is, then with every permission that files can give: the peer's user decides.
        for isOpened in [false, true] {
            if isOpened {
                for path in [rig.folder.root, rig.folder.path(".apus"), socket] {
                    try FileManager.default.setAttributes(
                        [.posixPermissions: 0o777], ofItemAtPath: path)
                }
            }
            let halt = Process()
            halt.executableURL = URL(fileURLWithPath: "/usr/bin/setpriv")
            halt.arguments = asNobody + ["/usr/bin/python3", "-c", Self.haltByHand, socket]
            let output = Pipe()
            halt.standardOutput = output
            halt.standardError = output
            try halt.run()
            halt.waitUntilExit()
            let said = String(
                decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            #expect(said.contains(isOpened ? "and root may control it" : "PermissionError"), "\(said)")
            #expect(try rig.desk.status().state == .trading)
        }
        try rig.expectWhole("a stranger has tried")
        try rig.end("strangers")
    }

    // MARK: - Parts

    private static let haltByHand = """
        import socket, sys
        s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1])
        print(s.recv(4096))
        try: s.sendall(b'{"jsonrpc":"2.0","id":1,"method":"halt","params":{}}\\n')
        except BrokenPipeError: print("closed")
        """

    private func mode(of path: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return try #require(attributes[.posixPermissions] as? Int)
    }

    private func files(of folder: WorkFolder) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: folder.root).map(folder.path)
            .filter { path in
                let type = try? FileManager.default.attributesOfItem(atPath: path)[.type]
                return type as? FileAttributeType == .typeRegular
            }
    }
}
