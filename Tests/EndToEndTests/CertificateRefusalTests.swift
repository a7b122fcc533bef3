import BrokenChains
import COpenSSL
import Foundation
import Testing

/// The command in front of a venue whose TLS is not in order: it says why and sends nothing.
@Suite("TLS refusals", .serialized, .timeLimit(.minutes(3)))
struct CertificateRefusalTests {
    @Test(arguments: CertificateFault.allCases)
    func `check and run say why a server is refused`(fault: CertificateFault) throws {
        let folder = try WorkFolder()
        defer { folder.remove() }
        let papers = ServerPapers(fault: fault, now: Int64(Date().timeIntervalSince1970))
        try write(papers, folder)
        let server = try FaultyServer(
            port: folder.port, chain: folder.path("chain.pem"), key: folder.path("key.pem"),
            version: fault == .downgrade ? TLS1_2_VERSION : TLS1_3_VERSION)
        defer { server.end() }

        let check = try folder.apus("check", "--config", "demo.yaml")
        #expect(check.status == 69, "\(check.output)\(check.errors)")
        let problem = check.output.split(separator: "\n").first {
            $0.contains("PROBLEM cannot reach localhost:\(folder.port): TLS: ")
        }
        #expect(problem?.contains(fault.words) == true, "\(check.output)")

        let run = try folder.apus("run", "--config", "demo.yaml", "--plain")
        #expect(run.status == 69, "\(run.errors)")
        #expect(
            run.errors.contains("cannot reach localhost:\(folder.port): TLS: "), "\(run.errors)")
        #expect(run.errors.contains(fault.words), "\(run.errors)")
    }

    private func write(_ papers: ServerPapers, _ folder: WorkFolder) throws {
        try FileManager.default.createDirectory(
            atPath: folder.path(".apus"), withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        let credentials = "api_key: \"key-of-nobody\"\napi_secret: \"secret-of-nobody\"\n"
        for (bytes, name) in [
            (papers.trusted, ".apus/ca.pem"), (papers.chain, "chain.pem"),
            (papers.key, "key.pem"), (Array(credentials.utf8), ".apus/demo-credentials.yaml"),
        ] {
            let isMade = FileManager.default.createFile(
                atPath: folder.path(name), contents: Data(bytes),
                attributes: [.posixPermissions: 0o600])
            try #require(isMade, "\(name)")
        }
    }
}
