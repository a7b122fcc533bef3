import MarketModel

/// Checks one signature: credential, signed bytes, signature text as sent.
typealias SignatureCheck = (AccountConfiguration.Credential, [UInt8], String) -> Bool

/// Who asks, and may they: key, timestamp window and signature (sheet section 7).
struct Authenticator {
    private(set) var keys: [String: Exchange.APIKey]
    let isValid: SignatureCheck

    init(keys: [String: Exchange.APIKey], isValid: @escaping SignatureCheck) {
        self.keys = keys
        self.isValid = isValid
    }

    /// Forgets a key; whether it was known.
    mutating func revoke(_ key: String) -> Bool { keys.removeValue(forKey: key) != nil }

    /// The account behind a signed request.
    ///
    /// - Parameter payload: the exact bytes the client signed.
    func authenticate(
        key: String?, parameters: Parameters, payload: [UInt8], now: Timestamp
    ) throws(Rejection) -> AccountIndex {
        guard let key, !key.isEmpty else { throw .badKeyFormat }
        try checkTime(parameters, now: now)
        let signature = try parameters.required("signature")
        guard let entry = keys[key] else { throw .badKey }
        guard isValid(entry.credential, payload, signature) else { throw .badSignature }
        return entry.account
    }

    /// Refuses a stale or early timestamp: `timestamp < now + 1 s`, `now - timestamp <= window`.
    func checkTime(_ parameters: Parameters, now: Timestamp) throws(Rejection) {
        guard let sent = try parameters.integer("timestamp") else { throw .missing("timestamp") }
        // Both units are accepted; microseconds of any year since 1973 exceed this.
        let microseconds: Int64
        if sent > 100_000_000_000_000 {
            microseconds = sent
        } else {
            let scaled = sent.multipliedReportingOverflow(by: 1_000)
            if scaled.overflow { throw .outsideReceiveWindow }
            microseconds = scaled.partialValue
        }
        var window: Int64 = 5_000_000
        if let text = parameters["recvWindow"] {
            guard let value = try? parseDecimal(text, scale: 3), value >= 0 else {
                throw .illegalCharacters("recvWindow", range: "^([0-9]{1,5})(\\.[0-9]{1,3})?$")
            }
            if value > 60_000_000 { throw .receiveWindowTooLong }
            window = value
        }
        let server = now.nanoseconds / 1_000
        let age = server.subtractingReportingOverflow(microseconds)
        if age.overflow { throw .outsideReceiveWindow }
        if age.partialValue <= -1_000_000 { throw .aheadOfServer }
        if age.partialValue > window { throw .outsideReceiveWindow }
    }
}
