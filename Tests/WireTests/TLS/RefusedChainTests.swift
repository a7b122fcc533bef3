import BrokenChains
import COpenSSL
import Foundation
import Testing
import Wire

/// Every server that must not be talked to, and why.
@Suite("Refused certificates")
struct RefusedChainTests {
    private let directory: String
    private let now = Int64(Date().timeIntervalSince1970)

    init() throws {
        directory = NSTemporaryDirectory() + "apus-chains-" + UUID().uuidString
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true)
    }

    private func outcome(of papers: ServerPapers) throws -> [LinkPair.Seen] {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let files = CertificateFiles(
            authority: directory + "/trusted.pem", chain: directory + "/chain.pem",
            key: directory + "/key.pem")
        for (bytes, path) in [
            (papers.trusted, files.authority), (papers.chain, files.chain), (papers.key, files.key),
        ] {
            try Data(bytes).write(to: URL(fileURLWithPath: path))
        }
        let pair = try LinkPair(files: files, host: "localhost")
        pair.start()
        return pair.clientEvents
    }

    @Test(arguments: CertificateFault.allCases.filter { $0 != .downgrade })
    func `a server with a fault is refused for it`(fault: CertificateFault) throws {
        let events = try outcome(of: ServerPapers(fault: fault, now: now))
        guard events.count == 1, case .closed(.tls(let failure)) = events[0] else {
            Issue.record("\(fault): \(events)")
            return
        }
        #expect("\(failure)".contains(fault.words), "\(fault): \(failure)")
        #expect(failure.isPermanent)
        let expected: TLSFailure? =
            switch fault {
            case .otherHost: .hostNameMismatch
            case .expired, .expiredIssuer: .expired
            case .notYetValid: .notYetValid
            case .untrusted, .missingLink: .unknownAuthority
            case .issuerWithoutAuthority: .certificateRefused(X509_V_ERR_INVALID_CA)
            case .otherPurpose: .certificateRefused(X509_V_ERR_INVALID_PURPOSE)
            case .revoked, .revokedIssuer: .certificateRefused(X509_V_ERR_CERT_REVOKED)
            case .unlisted: .certificateRefused(X509_V_ERR_UNABLE_TO_GET_CRL)
            case .downgrade: nil
            }
        #expect(failure == expected, "\(fault)")
    }

    @Test func `the same server without a fault is accepted`() throws {
        #expect(try outcome(of: ServerPapers(fault: nil, now: now)) == [.opened])
    }

    @Test func `a server that no list names is accepted`() throws {
        #expect(try outcome(of: .listed(now: now)) == [.opened])
    }
}
