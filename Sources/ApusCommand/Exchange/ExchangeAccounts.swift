import Emulator
import Engine
import Foundation
import MarketModel
import Telemetry
import Venues

/// The exchange's accounts with their keys: read where the file exists, made where it does not.
enum ExchangeAccounts {
    /// Letters and digits of a key, as many as the venue's keys have.
    private static let keyLength = 64
    private static let letters = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")

    static func prepare(_ configuration: ExchangeFileConfiguration) throws
        -> [AccountConfiguration]
    {
        try configuration.accounts.map { try prepare($0, file: configuration.file) }
    }

    private static func prepare(
        _ account: ExchangeFileConfiguration.Account, file: String
    ) throws -> AccountConfiguration {
        if !FileManager.default.fileExists(atPath: account.credentialsFile) {
            try OwnerDirectory.prepare(for: account.credentialsFile)
            try Credentials.create(
                file: account.credentialsFile, key: randomKey(), secret: randomKey())
        }
        let credentials = try Credentials.load(
            CredentialSource(file: account.credentialsFile), environment: [:])
        var result = AccountConfiguration()
        result.account = account.name
        result.apiKey = credentials.key.revealed
        result.credential =
            switch credentials.method {
            case .hmac(let secret): .hmac(secret: secret.revealed)
            case .ed25519(let keyFile): .ed25519(publicKey: try publicKey(of: keyFile))
            }
        result.balances = try balances(of: account, file: file)
        return result
    }

    private static func balances(
        of account: ExchangeFileConfiguration.Account, file: String
    ) throws -> [String: Int64] {
        var balances: [String: Int64] = [:]
        for amount in account.balances {
            guard let raw = amount.value.raw64(atScale: 8), balances[amount.asset] == nil else {
                throw problem(
                    file, "accounts.\(account.name).balances",
                    "'\(amount)', accepted: one amount an asset, at most 8 digits after the point")
            }
            balances[amount.asset] = raw
        }
        return balances
    }

    /// The exchange verifies with the public half of the client's key.
    private static func publicKey(of file: String) throws -> [UInt8] {
        guard let text = try? String(contentsOfFile: file, encoding: .utf8) else {
            throw problem(file, "", "cannot be read")
        }
        do throws(SigningFailure) {
            let signer = try RequestSigner.ed25519(key: text)
            return signer.publicKey
        } catch {
            throw problem(file, "", "holds no Ed25519 private key")
        }
    }

    private static func problem(_ file: String, _ key: String, _ message: String)
        -> ConfigurationFailure
    {
        ConfigurationFailure([ConfigurationProblem(.file(file, line: 0), key, message)])
    }

    private static func randomKey() -> String {
        String((0..<keyLength).compactMap { _ in letters.randomElement() })
    }
}
