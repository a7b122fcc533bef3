import Engine
import MarketModel
import Testing

@Suite("Environment overrides")
struct OverrideTests {
    @Test func `the environment goes before the file, the file before the default`() throws {
        let file = ConfigurationFixture.smallest + "\njournal:\n  directory: fromfile"
        #expect(try ConfigurationFixture.run(ConfigurationFixture.smallest).journal.directory == "journal")
        #expect(try ConfigurationFixture.run(file).journal.directory == "fromfile")
        let configuration = try ConfigurationFixture.run(
            file, environment: ["APUS_JOURNAL_DIRECTORY": "fromenvironment"])
        #expect(configuration.journal.directory == "fromenvironment")
        #expect(configuration.appliedVariables == ["APUS_JOURNAL_DIRECTORY"])
    }

    @Test func `lists go by position, words by commas`() throws {
        let text =
            ConfigurationFixture.smallest
            + "\n  - symbol: ETHUSDT\ntopology:\n  lanes:\n    - {name: a, instruments: [BTCUSDT]}"
        let configuration = try ConfigurationFixture.run(
            text,
            environment: [
                "APUS_TOPOLOGY_LANES_0_CORE": "3",
                "APUS_TOPOLOGY_LANES_0_INSTRUMENTS": "BTCUSDT, ETHUSDT",
            ])
        #expect(configuration.lanes[0].core == 3)
        #expect(configuration.lanes[0].instruments == ["BTCUSDT", "ETHUSDT"])
    }

    @Test func `an optional mapping can come from the environment alone`() throws {
        let configuration = try ConfigurationFixture.run(
            ConfigurationFixture.smallest, environment: ["APUS_CREDENTIALS_FILE": "k.yaml"])
        #expect(configuration.credentials.file == "k.yaml")
    }

    @Test func `a bad override names its variable`() {
        #expect(
            ConfigurationFixture.problems(
                ConfigurationFixture.smallest,
                environment: ["APUS_TOPOLOGY_LANES_0_CORE": "1", "APUS_JOURNAL_SYNC": "maybe"])
                == [
                    "environment APUS_JOURNAL_SYNC: journal.sync: found 'maybe', accepted: none, "
                        + "interval",
                    "environment APUS_TOPOLOGY_LANES_0_CORE: overrides no setting, the file's list "
                        + "has no such element",
                ])
    }

    @Test func `a slip in a variable's name is refused with the name meant`() {
        #expect(
            ConfigurationFixture.problems(
                ConfigurationFixture.smallest, environment: ["APUS_JOURNAL_SINK": "none"])
                == [
                    "environment APUS_JOURNAL_SINK: overrides no setting, did you mean "
                        + "'APUS_JOURNAL_SYNC'?"
                ])
    }

    @Test(arguments: [
        ("APUS_RSK_ORDER_MAX_NOTIONAL", "APUS_RISK_ORDER_MAX_NOTIONAL"),
        ("APUS_TOPOLGY_LANES_0_CORE", "APUS_TOPOLOGY_LANES_N_CORE"),
        ("APUS_JURNAL_DIRECTORY", "APUS_JOURNAL_DIRECTORY"),
    ])
    func `a slip in a section's name is refused as well`(name: String, meant: String) {
        #expect(
            ConfigurationFixture.problems(
                ConfigurationFixture.smallest, environment: [name: "1"])
                == ["environment \(name): overrides no setting, did you mean '\(meant)'?"])
    }

    @Test func `variables of other programs are left alone and reported`() throws {
        let configuration = try ConfigurationFixture.run(
            ConfigurationFixture.smallest,
            environment: ["APUS_TARGETS": "Codec", "APUS_SEED": "1", "HOME": "/root"])
        #expect(configuration.ignoredVariables == ["APUS_SEED"])
        #expect(configuration.appliedVariables.isEmpty)
    }

    @Test func `no two settings share a variable`() {
        for settings in [RunSchema.settings, ExchangeSchema.settings] {
            let all = ConfigurationReference.paths(settings)
            #expect(Set(all.map(Setting.variable(for:))).count == Set(all).count)
        }
    }
}
