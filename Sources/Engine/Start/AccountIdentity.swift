import CLinuxURing

/// Which account at which venue: what an earlier run must have traded to be taken over.
///
/// By the venue's number of the account, so that it stays the same when its key is exchanged; by a
/// checksum of the key where the venue tells no number, and for journals from before it was asked.
/// The key itself is not told.
struct AccountIdentity: Equatable {
    /// As this run's journal has it.
    let name: String
    /// As journals to be taken over may have it.
    private let known: [String]

    init(_ configuration: RunConfiguration, keyText: String, number: Int64?) {
        let place = Self.place(configuration)
        let key = Array(keyText.utf8)
        let mark = String(clinux_uring_crc32c(0, key, key.count), radix: 16)
        let byKey = "\(place) key \(String(repeating: "0", count: 8 - mark.count))\(mark)"
        let own = number.map { "\(place) account \($0)" } ?? byKey
        // No other run goes on from a dry one, wherever its journal is put.
        name = configuration.isDryRun ? "\(own), dry run" : own
        known = [own, byKey]
    }

    /// What the name of an account begins with: the venue, and where it is.
    static func place(_ configuration: RunConfiguration) -> String {
        let host = configuration.venue.environment.hosts.rest
        return "\(configuration.venue.kind.rawValue) \(host.host):\(host.port)"
    }

    /// Whether a journal's account is this one.
    func matches(_ account: String) -> Bool { known.contains(account) }
}
