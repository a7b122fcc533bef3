import MarketModel
import Wire

extension RunConfiguration {
    /// Reads, overrides and checks a configuration file.
    ///
    /// `environment` is the process environment, `allowsLive` whether `--live` was given, `kinds`
    /// what its strategies may be (``StrategyProgram/kinds``). The error lists every problem found: first those of single values, then of their combination.
    public static func load(
        file: String, environment: [String: String], allowsLive: Bool,
        kinds: [StrategyKind] = StrategyProgram.builtIn.kinds
    ) throws(ConfigurationFailure) -> RunConfiguration {
        try parse(
            YAMLDocument.text(of: file), file: file, environment: environment,
            allowsLive: allowsLive, kinds: kinds)
    }

    /// As ``load(file:environment:allowsLive:kinds:)`` for text already read.
    public static func parse(
        _ text: String, file: String, environment: [String: String] = [:],
        allowsLive: Bool = false, kinds: [StrategyKind] = StrategyProgram.builtIn.kinds
    ) throws(ConfigurationFailure) -> RunConfiguration {
        let root = try YAMLDocument.compose(text, file: file)
        var reader = SchemaReader(file: file, environment: environment)
        let section = reader.document(root, RunSchema.settings(for: kinds))
        guard reader.problems.isEmpty else { throw ConfigurationFailure(reader.problems) }
        var binding = RunBinding(section, allowsLive: allowsLive, kinds: kinds)
        let configuration = binding.configuration(file: file, reader.environment)
        guard let configuration, binding.problems.isEmpty else {
            throw ConfigurationFailure(
                binding.problems.sorted { $0.origin.line < $1.origin.line })
        }
        return configuration
    }
}

/// Turns read settings into the typed configuration, checking what single values cannot show.
struct RunBinding {
    private let root: SettingSection
    private let allowsLive: Bool
    private let kinds: [StrategyKind]
    private(set) var problems: [ConfigurationProblem] = []

    init(_ root: SettingSection, allowsLive: Bool, kinds: [StrategyKind]) {
        self.root = root
        self.allowsLive = allowsLive
        self.kinds = kinds
    }

    mutating func configuration(
        file: String, _ environment: EnvironmentOverrides
    ) -> RunConfiguration? {
        let risk = RiskConfiguration(root.section("risk"))
        checkAssets(root.section("risk"), risk)
        problems += LimitChecks.problems(in: root)
        let instruments = instruments(standard: risk.instrument)
        let symbols = instruments.map(\.symbol)
        let lanes = lanes(of: symbols)
        let strategies = strategies(standard: risk.strategy, symbols, lanes)
        problems += strategies.flatMap { SizeChecks.problems(of: $0, instruments) }
        let timeouts = timeouts()
        let journal = journal()
        let venue = venue()
        let socket = root.section("control").text("socket")
        if socket.utf8.count > 107 {
            report(
                root.section("control"), "socket",
                "has \(socket.utf8.count) bytes, accepted: at most 107")
        }
        let telemetry = root.section("telemetry")
        guard let venue else { return nil }
        var configuration = RunConfiguration(
            file: file, name: root.section("run").text("name"), venue: venue,
            credentials: CredentialSource(
                file: root.optionalSection("credentials")?.optionalText("file")),
            authorityFile: root.section("tls").text("ca_file"), recordLayer: recordLayer(),
            lanes: lanes, instruments: instruments, strategies: strategies, risk: risk,
            journal: journal, reconciliation: reconciliation(), controlSocket: socket,
            watchdog: watchdog(beside: socket),
            telemetry: TelemetrySettings(
                interval: telemetry.duration("interval"),
                logFile: telemetry.optionalText("log_file"),
                logLevel: telemetry.text("log_level"),
                contextLog: telemetry.duration("context_log")),
            timeouts: timeouts, source: root, appliedVariables: environment.applied,
            ignoredVariables: environment.ignored(schema: RunSchema.settings(for: kinds)))
        configuration.allowsCoreDumps = root.section("run").boolean("core_dumps")
        return configuration
    }

    private func recordLayer() -> TLSRecordLayer {
        root.section("tls").optionalText("record_layer").flatMap(TLSRecordLayer.init)
            ?? .preferred
    }

    private mutating func report(_ section: SettingSection, _ key: String, _ message: String) {
        problems.append(section.problem(key, message))
    }

    // MARK: - Venue

    private mutating func venue() -> VenueConfiguration? {
        let section = root.section("venue")
        guard let environment = environment(section) else { return nil }
        checkEncoding(section)
        return VenueConfiguration(
            kind: .binanceSpot, environment: environment,
            authentication: section.text("authentication") == "hmac" ? .hmac : .ed25519,
            receiveWindow: section.duration("receive_window"),
            strategyType: section.optionalInteger("strategy_type").map { UInt32($0) },
            trades: section.text("trades") == "trade" ? .trade : .aggregate,
            candles: section.text("candles") == "klines" ? .klines : .trades,
            depthInterval: section.text("depth_interval") == "100ms"
                ? .milliseconds(100) : .milliseconds(1000),
            marketEncoding: section.text("market_encoding") == "sbe" ? .sbe : .json,
            ordersEncoding: section.text("orders_encoding") == "sbe" ? .sbe : .json,
            rulesRefresh: section.duration("rules_refresh"),
            orderEntry: .init(rawValue: section.text("order_entry")) ?? .closingOverREST,
            orderPatience: section.duration("order_patience"))
    }

    /// The venue's binary market streams have not all that its JSON ones have.
    private mutating func checkEncoding(_ section: SettingSection) {
        guard section.text("market_encoding") == "sbe" else { return }
        for (key, accepted) in [
            ("authentication", "ed25519"), ("trades", "trade"), ("candles", "trades"),
        ] where section.text(key) != accepted {
            report(
                section, key,
                "is \(section.text(key)), but market_encoding is sbe; accepted: \(accepted)")
        }
    }

    /// Which hosts may be contacted at all (BUG-011).
    private mutating func environment(_ section: SettingSection) -> VenueEnvironment? {
        let chosen = section.text("environment")
        let saysLive = section.boolean("live")
        if saysLive, chosen != "live" {
            report(section, "live", "is true, but environment is \(chosen); accepted: false")
        }
        if allowsLive, chosen != "live" {
            problems.append(
                ConfigurationProblem(
                    .commandLine, "--live", "given, but venue.environment is \(chosen)"))
        }
        if chosen != "emulated", section.has("emulated") {
            report(
                section, "emulated",
                "hosts of the environment \(chosen) are built in; accepted: only with "
                    + "environment: emulated")
        }
        switch chosen {
        case "testnet": return .testnet(BinanceSpotTestnetHosts())
        case "live":
            if let permission = LivePermission(file: saysLive, commandLine: allowsLive) {
                return .live(BinanceSpotLiveHosts(permission))
            }
            report(
                section, "environment",
                "live trades real money and needs both 'live: true' in the file and the flag "
                    + "--live; missing: "
                    + [saysLive ? nil : "live: true", allowsLive ? nil : "--live"]
                    .compactMap { $0 }.joined(separator: " and "))
            return nil
        default: return emulated(section)
        }
    }

    private mutating func emulated(_ section: SettingSection) -> VenueEnvironment? {
        let emulated =
            section.optionalSection("emulated") ?? SettingSection.defaults(of: RunSchema.emulated)
        let host = emulated.text("host")
        let port = UInt16(emulated.integer("port"))
        let binaryPort = UInt16(emulated.integer("sbe_port"))
        if let hosts = EmulatedHosts(host: host, port: port, binaryPort: binaryPort) {
            return .emulated(hosts)
        }
        report(
            emulated, "host",
            "'\(host)' belongs to the venue; accepted: the host of an emulated exchange")
        return nil
    }

    // MARK: - Instruments, lanes, strategies

    private mutating func instruments(standard: InstrumentLimits) -> [InstrumentConfiguration] {
        var seen: Set<String> = []
        return root.sections("instruments").map { section in
            let symbol = section.text("symbol")
            if !seen.insert(symbol).inserted {
                report(section, "symbol", "'\(symbol)' is given twice")
            }
            return InstrumentConfiguration(
                symbol: symbol,
                limits: standard.replaced(by: section.optionalSection("limits")))
        }
    }

    private mutating func lanes(of symbols: [String]) -> [LaneConfiguration] {
        let sections = root.section("topology").sections("lanes")
        guard !sections.isEmpty else { return [.single(of: symbols)] }
        let lanes = sections.map(LaneConfiguration.init)
        checkUnique(sections, "name", lanes.map(\.name))
        for (section, lane) in zip(sections, lanes)
        where lane.transport == .uring && lane.receiveTimestamps != .off {
            report(
                section, "receive_timestamps",
                "is \(lane.receiveTimestamps), but transport is uring; accepted: off, or "
                    + "transport: direct")
        }
        checkUnique(sections, "core", lanes.map { $0.core.map { String($0) } })
        var home: [String: String] = [:]
        for (section, lane) in zip(sections, lanes) {
            for symbol in lane.instruments {
                if !symbols.contains(symbol) {
                    reportUnknown(symbol, section, symbols)
                } else if let other = home.updateValue(lane.name, forKey: symbol) {
                    report(section, "instruments", "'\(symbol)' is already on lane '\(other)'")
                }
            }
        }
        for symbol in symbols where home[symbol] == nil {
            report(root.section("topology"), "lanes", "no lane has the instrument '\(symbol)'")
        }
        return lanes
    }

    private mutating func strategies(
        standard: StrategyLimits, _ symbols: [String], _ lanes: [LaneConfiguration]
    ) -> [StrategyConfiguration] {
        let sections = root.sections("strategies")
        let strategies = sections.map { StrategyConfiguration($0, standard: standard) }
        checkUnique(sections, "name", strategies.map(\.name))
        for (section, strategy) in zip(sections, strategies) {
            for kind in kinds where kind.name == strategy.kind {
                problems += strategy.problems(in: section, kind)
            }
            if Set(strategy.instruments).count != strategy.instruments.count {
                report(section, "instruments", "an instrument is given twice")
            }
            var homes: Set<String> = []
            for symbol in strategy.instruments {
                guard symbols.contains(symbol) else {
                    reportUnknown(symbol, section, symbols)
                    continue
                }
                homes.formUnion(lanes.filter { $0.instruments.contains(symbol) }.map(\.name))
            }
            if homes.count > 1 {
                report(
                    section, "instruments",
                    "are on the lanes \(homes.sorted().joined(separator: ", ")); accepted: "
                        + "instruments of one lane")
            }
        }
        return strategies
    }

    private mutating func reportUnknown(
        _ symbol: String, _ section: SettingSection, _ known: [String]
    ) {
        let hint = NameSuggestion.hint(for: symbol, among: known)
        report(
            section, "instruments",
            "'\(symbol)' is not in instruments, "
                + (hint ?? "accepted: " + known.joined(separator: ", ")))
    }

    private mutating func checkUnique(
        _ sections: [SettingSection], _ key: String, _ values: [String?]
    ) {
        var seen: Set<String> = []
        for (section, value) in zip(sections, values) {
            guard let value else { continue }
            if !seen.insert(value).inserted { report(section, key, "'\(value)' is given twice") }
        }
    }

    // MARK: - Combinations

    /// Money of different assets cannot be added up.
    private mutating func checkAssets(_ section: SettingSection, _ risk: RiskConfiguration) {
        let global = section.section("global")
        let asset = risk.global.maxExposure.asset
        let others: [(SettingSection, String, DecimalAmount?)] = [
            (global, "max_daily_loss", risk.global.maxDailyLoss),
            (section.section("order"), "max_notional", risk.order.maxNotional),
            (section.section("instrument"), "max_exposure", risk.instrument.maxExposure),
            (section.section("strategy"), "max_exposure", risk.strategy.maxExposure),
            (section.section("strategy"), "max_daily_loss", risk.strategy.maxDailyLoss),
        ]
        for (place, key, amount) in others {
            guard let amount, amount.asset != asset else { continue }
            report(
                place, key,
                "found \(amount.asset), accepted: the asset of risk.global.max_exposure, \(asset)")
        }
    }

    private mutating func timeouts() -> TimeoutSettings {
        let section = root.section("timeouts")
        let settings = TimeoutSettings(
            connect: section.duration("connect"), handshake: section.duration("handshake"),
            request: section.duration("request"), pingInterval: section.duration("ping_interval"),
            silence: section.duration("silence"),
            streamSilence: section.duration("stream_silence"),
            connectionAge: section.duration("connection_age"),
            reconnectMinimum: section.duration("reconnect_minimum"),
            reconnectMaximum: section.duration("reconnect_maximum"),
            shutdown: section.duration("shutdown"))
        if settings.silence <= settings.pingInterval {
            report(section, "silence", "must be longer than ping_interval")
        }
        if settings.reconnectMaximum < settings.reconnectMinimum {
            report(section, "reconnect_maximum", "must not be shorter than reconnect_minimum")
        }
        return settings
    }

    private func watchdog(beside socket: String) -> WatchdogSettings {
        let section = root.section("watchdog")
        let stem = socket.hasSuffix(".sock") ? String(socket.dropLast(5)) : socket
        return WatchdogSettings(
            heartbeat: section.optionalText("heartbeat") ?? stem + ".heartbeat",
            patience: section.duration("patience"))
    }

    private func reconciliation() -> ReconciliationPolicy {
        let section = root.section("reconciliation")
        return ReconciliationPolicy(
            takesOver: section.text("account") == "take_over",
            foreignOrders: ReconciliationPolicy.ForeignOrders(
                rawValue: section.text("foreign_orders")) ?? .ignore,
            onDifference: section.text("on_difference") == "accept" ? .accept : .haltInstrument,
            auditInterval: section.duration("audit_interval"))
    }

    private mutating func journal() -> JournalSettings {
        let section = root.section("journal")
        let settings = JournalSettings(
            directory: section.text("directory"), segmentBytes: section.integer("segment_size"),
            syncInterval: section.text("sync") == "none" ? nil : section.duration("sync_interval"),
            record: section.text("record") == "records" ? .records : .frames,
            retentionBytes: section.integer("retention_size"),
            retentionAge: section.duration("retention_age"))
        if settings.retentionBytes < settings.segmentBytes {
            report(section, "retention_size", "must not be smaller than segment_size")
        }
        return settings
    }
}

extension LaneConfiguration {
    init(_ section: SettingSection) {
        name = section.text("name")
        core = section.optionalInteger("core").map { Int($0) }
        realTimePriority = section.optionalInteger("real_time_priority").map { Int($0) }
        transport = section.text("transport") == "uring" ? .uring : .direct
        send = LaneSend(rawValue: section.text("send")) ?? .call
        receiveTimestamps =
            ReceiveTimestamps(rawValue: section.text("receive_timestamps")) ?? .off
        idle =
            section.text("idle") == "spin"
            ? .spin : .spinThenWait(spinning: section.duration("spin_time"))
        keepWarm = section.optionalDuration("keep_warm")
        locksMemory = section.boolean("lock_memory")
        usesHugePages = section.boolean("huge_pages")
        reliefBacklog = section.integer("relief_backlog")
        instruments = section.texts("instruments")
    }

    /// One thread for everything, on any core, with the schema's defaults.
    static func single(of symbols: [String]) -> LaneConfiguration {
        LaneConfiguration(
            name: "lane-0", core: nil, realTimePriority: nil, transport: .uring,
            send: .ring, receiveTimestamps: .off, idle: .spinThenWait(spinning: .microseconds(50)), keepWarm: nil, locksMemory: true,
            usesHugePages: true, reliefBacklog: 4 << 20, instruments: symbols)
    }
}
