import Foundation
import Wire

/// The exchange's certificate chain: made at the first start, used again by the next ones.
///
/// A client that has read the authority once can come back after a restart of the exchange. The
/// chain is made anew when it is older than ``lifetime``, is for other hosts, or does not load.
struct CertificateStore {
    let directory: String
    /// Well within the chain's own validity of 30 days.
    static let lifetime: Int64 = 20 * 86_400

    var authorityFile: String { directory + "/authority.pem" }
    private var recordFile: String { directory + "/made" }

    /// The context of a chain for `hosts`; `now` in seconds since 1970.
    func context(hosts: [String], now: Int64) throws(ExchangeFailure) -> TLSServerContext {
        do {
            try FileManager.default.createDirectory(
                atPath: directory, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
        } catch {
            throw .cannotWrite(path: directory)
        }
        if let known = existing(hosts, now) { return known }
        let made: TLSServerContext
        do throws(TLSFailure) {
            let files = try CertificateAuthority.makeChain(
                hosts: hosts, directory: directory, now: now)
            made = try TLSServerContext(chainFile: files.chain, keyFile: files.key)
        } catch {
            throw .certificates(error)
        }
        guard
            FileManager.default.createFile(
                atPath: recordFile, contents: Data(record(hosts, now).utf8))
        else { throw .cannotWrite(path: recordFile) }
        return made
    }

    /// The chain that lies here, if it may still be used.
    private func existing(_ hosts: [String], _ now: Int64) -> TLSServerContext? {
        guard let bytes = FileManager.default.contents(atPath: recordFile),
            FileManager.default.fileExists(atPath: authorityFile)
        else { return nil }
        let text = String(decoding: bytes, as: UTF8.self)
        guard let time = text.split(separator: " ").first.flatMap({ Int64($0) }),
            now >= time, now - time < Self.lifetime, text == record(hosts, time)
        else { return nil }
        return try? TLSServerContext(
            chainFile: directory + "/chain.pem", keyFile: directory + "/key.pem")
    }

    private func record(_ hosts: [String], _ time: Int64) -> String {
        "\(time) \(hosts.joined(separator: ","))\n"
    }
}
