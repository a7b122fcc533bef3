import Control
import Engine
import Foundation
import Testing

@Suite("Credentials")
struct CredentialTests {
    static let secret = "s3cr3t-that-must-not-show"

    private func load(
        _ text: String, mode: Int = 0o600, environment: [String: String] = [:]
    ) throws -> Result<Credentials, ConfigurationFailure> {
        let file = try ConfigurationFixture.temporary("credentials.yaml", text, mode: mode)
        let folder = URL(fileURLWithPath: file).deletingLastPathComponent()
        defer { try? FileManager.default.removeItem(at: folder) }
        do throws(ConfigurationFailure) {
            return .success(
                try Credentials.load(CredentialSource(file: file), environment: environment))
        } catch {
            return .failure(error)
        }
    }

    @Test func `a file of its owner alone is read`() throws {
        let loaded = try load("api_key: key\napi_secret: \(Self.secret)\n").get()
        #expect(loaded.key.revealed == "key")
        #expect(loaded.method == .hmac(Secret(Self.secret)))
    }

    @Test(arguments: [0o644, 0o640, 0o660, 0o604])
    func `a file that others can read is refused`(_ mode: Int) throws {
        guard case .failure(let failure) = try load("api_key: key\napi_secret: x\n", mode: mode)
        else {
            Issue.record("accepted mode \(String(mode, radix: 8))")
            return
        }
        #expect(failure.description.contains("accepted: 0600"))
    }

    @Test func `the environment goes before the file`() throws {
        let loaded = try load(
            "api_key: key\napi_secret: x\n",
            environment: ["APUS_API_KEY": "other", "APUS_API_SECRET": "y"]
        ).get()
        #expect(loaded.key.revealed == "other")
        #expect(loaded.method == .hmac(Secret("y")))
    }

    @Test(arguments: [
        "api_key: key\n", "api_secret: \(secret)\n", "api_key: [\(secret)]\napi_secret: x\n",
        "api_key: key\napi_secret: \(secret)\nprivate_key_file: k.pem\n",
        "api_key: key\napi_secrett: \(secret)\n", "\(secret)\n", "api_key: {a: \(secret)\n",
        "api_key: key\napi_secret: \(secret)\napi_secret: \(secret)\n",
        "api_key: key\n\(secret): x\n", "api_key: \"\(secret)\\u0007\"\napi_secret: x\n",
    ])
    func `a bad credential file is refused and its content never shown`(_ text: String) throws {
        guard case .failure(let failure) = try load(text) else {
            Issue.record("accepted")
            return
        }
        #expect(!failure.description.contains(Self.secret))
        #expect(!"\(failure.problems)".contains(Self.secret))
    }

    @Test func `secrets do not show themselves`() {
        let credentials = Credentials(key: Secret("key-text"), method: .hmac(Secret(Self.secret)))
        var dumped = ""
        dump(credentials, to: &dumped)
        for text in ["\(credentials)", String(reflecting: credentials), dumped] {
            #expect(!text.contains(Self.secret))
            #expect(!text.contains("key-text"))
        }
    }

    @Test func `a file that is made can be read and is its owner's alone`() throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("apus-\(UUID().uuidString)/deep")
        let file = folder.appendingPathComponent("c.yaml").path
        defer { try? FileManager.default.removeItem(at: folder.deletingLastPathComponent()) }
        try Credentials.create(file: file, key: "k", secret: "s")
        #expect(FileStatus(of: file)?.permissions == 0o600)
        let loaded = try Credentials.load(CredentialSource(file: file), environment: [:])
        #expect(loaded == Credentials(key: Secret("k"), method: .hmac(Secret("s"))))
        #expect(throws: ConfigurationFailure.self) {
            try Credentials.create(file: file, key: "k", secret: "s")
        }
    }

    @Test func `without any source the answer says what is accepted`() {
        #expect(throws: ConfigurationFailure.self) {
            try Credentials.load(CredentialSource(), environment: [:])
        }
        #expect(throws: ConfigurationFailure.self) {
            try Credentials.load(CredentialSource(), environment: ["APUS_API_SECRET": "x"])
        }
    }
}
