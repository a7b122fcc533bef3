import Control
import Foundation
import Glibc

/// A text that never shows itself: not in messages, logs, reflections or dumps.
public struct Secret: Sendable, Equatable {
    /// The text itself, for signing only.
    public let revealed: String

    public init(_ text: String) { revealed = text }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "<secret>" }
    public var debugDescription: String { "<secret>" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// Where credentials are to be found; the environment goes before the file.
public struct CredentialSource: Sendable, Equatable {
    public var file: String?

    public init(file: String? = nil) { self.file = file }
}

/// What identifies us to a venue.
public struct Credentials: Sendable, Equatable {
    public enum Method: Sendable, Equatable {
        /// HMAC-SHA256 with this secret.
        case hmac(Secret)
        /// Ed25519 with the private key in this PEM file, which only its owner can read.
        case ed25519(privateKeyFile: String)
    }

    public var key: Secret
    public var method: Method

    public init(key: Secret, method: Method) {
        self.key = key
        self.method = method
    }

    /// From `APUS_API_KEY` with `APUS_API_SECRET` or `APUS_PRIVATE_KEY_FILE`, else from the file.
    public static func load(
        _ source: CredentialSource, environment: [String: String]
    ) throws(ConfigurationFailure) -> Credentials {
        if let key = environment["APUS_API_KEY"] {
            let secret = environment["APUS_API_SECRET"]
            let keyFile = environment["APUS_PRIVATE_KEY_FILE"]
            return try make(
                key, secret, keyFile, origin: .environment("APUS_API_KEY"),
                names: ("APUS_API_SECRET", "APUS_PRIVATE_KEY_FILE"))
        }
        for name in ["APUS_API_SECRET", "APUS_PRIVATE_KEY_FILE"] where environment[name] != nil {
            throw ConfigurationFailure([
                ConfigurationProblem(.environment(name), "", "needs APUS_API_KEY beside it")
            ])
        }
        guard let file = source.file else {
            throw ConfigurationFailure([
                ConfigurationProblem(
                    .standard, "credentials",
                    "none given, accepted: credentials.file, or the environment: APUS_API_KEY "
                        + "with APUS_API_SECRET or APUS_PRIVATE_KEY_FILE")
            ])
        }
        return try load(file: file)
    }

    /// Keys of a credential file.
    static let schema = [
        Setting("api_key", .text(maximum: 256), .required, "The key.", isConfidential: true),
        Setting(
            "api_secret", .text(maximum: 256), .optional, "Secret of an HMAC key.",
            isConfidential: true),
        Setting(
            "private_key_file", .path, .optional, "PEM file of an Ed25519 key.",
            isConfidential: true),
    ]

    private static func load(file: String) throws(ConfigurationFailure) -> Credentials {
        try OwnerOnlyFile.check(file)
        let root = try YAMLDocument.compose(YAMLDocument.text(of: file), file: file)
        var reader = SchemaReader(file: file, environment: [:])
        let section = reader.document(root, schema, isConfidential: true)
        guard reader.problems.isEmpty else { throw ConfigurationFailure(reader.problems) }
        return try make(
            section.text("api_key"), section.optionalText("api_secret"),
            section.optionalText("private_key_file"), origin: section.origin,
            names: ("api_secret", "private_key_file"))
    }

    private static func make(
        _ key: String, _ secret: String?, _ keyFile: String?, origin: SettingOrigin,
        names: (secret: String, keyFile: String)
    ) throws(ConfigurationFailure) -> Credentials {
        switch (secret, keyFile) {
        case (let secret?, nil): return Credentials(key: Secret(key), method: .hmac(Secret(secret)))
        case (nil, let file?):
            try OwnerOnlyFile.check(file)
            return Credentials(key: Secret(key), method: .ed25519(privateKeyFile: file))
        default:
            throw ConfigurationFailure([
                ConfigurationProblem(
                    origin, "", "accepted: exactly one of \(names.secret) and \(names.keyFile)")
            ])
        }
    }

    /// Writes an HMAC credential file of mode 0600, for the emulated exchange's accounts.
    /// Fails when the file exists.
    public static func create(
        file: String, key: String, secret: String
    ) throws(ConfigurationFailure) {
        let directory = URL(fileURLWithPath: file).deletingLastPathComponent().path
        try? FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true)
        let descriptor = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        let text = "api_key: \"\(key)\"\napi_secret: \"\(secret)\"\n"
        let written = text.utf8.withContiguousStorageIfAvailable { bytes in
            descriptor >= 0 ? write(descriptor, bytes.baseAddress, bytes.count) : -1
        }
        if descriptor >= 0 { close(descriptor) }
        guard written == text.utf8.count else {
            throw ConfigurationFailure([
                ConfigurationProblem(.file(file, line: 0), "", "cannot be written")
            ])
        }
    }
}

/// Files that hold secrets must be readable by their owner alone.
enum OwnerOnlyFile {
    static func check(_ path: String) throws(ConfigurationFailure) {
        let resolved = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        guard let status = FileStatus(of: resolved) else { throw failure(path, "no such file") }
        if let problem = problem(status, user: geteuid()) { throw failure(path, problem) }
    }

    /// What is wrong with a file for `user`, or `nil`.
    static func problem(_ status: FileStatus, user: UInt32) -> String? {
        guard status.kind == .ordinary else { return "is not an ordinary file" }
        guard status.owner == user else {
            return "belongs to uid \(status.owner), accepted: \(user)"
        }
        guard status.permissions & 0o077 == 0 else {
            let octal = String(status.permissions & 0o777, radix: 8)
            return "has mode 0\(octal), accepted: 0600 (chmod 600)"
        }
        return nil
    }

    private static func failure(_ path: String, _ message: String) -> ConfigurationFailure {
        ConfigurationFailure([ConfigurationProblem(.file(path, line: 0), "", message)])
    }
}
