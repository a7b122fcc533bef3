import Testing

@testable import Engine

@Suite("Account identity")
struct AccountIdentityTests {
    @Test func `an account stays the same when its key is exchanged`() throws {
        let configuration = try ConfigurationFixture.run(ConfigurationFixture.smallest)
        let before = AccountIdentity(configuration, keyText: "old key", number: 42)
        let after = AccountIdentity(configuration, keyText: "new key", number: 42)
        #expect(before.name == after.name)
        #expect(after.matches(before.name))
        #expect(!before.name.contains("old key"))
        let other = AccountIdentity(configuration, keyText: "new key", number: 43)
        #expect(!other.matches(before.name))
    }

    @Test func `journals that know only the key are still the same account's`() throws {
        let configuration = try ConfigurationFixture.run(ConfigurationFixture.smallest)
        let former = AccountIdentity(configuration, keyText: "key", number: nil)
        let now = AccountIdentity(configuration, keyText: "key", number: 42)
        #expect(now.matches(former.name))
        #expect(!AccountIdentity(configuration, keyText: "other", number: nil).matches(former.name))
    }

    @Test func `a dry run takes over and is never taken over`() throws {
        var configuration = try ConfigurationFixture.run(ConfigurationFixture.smallest)
        let real = AccountIdentity(configuration, keyText: "key", number: 42)
        configuration.isDryRun = true
        let dry = AccountIdentity(configuration, keyText: "key", number: 42)
        #expect(dry.matches(real.name))
        #expect(!real.matches(dry.name) && !dry.matches(dry.name))
    }
}
