import MarketModel
import Telemetry

extension ExchangeFileConfiguration {
    /// Reads, overrides and checks a configuration file; the error lists every problem found.
    public static func load(
        file: String, environment: [String: String]
    ) throws(ConfigurationFailure) -> ExchangeFileConfiguration {
        try parse(YAMLDocument.text(of: file), file: file, environment: environment)
    }

    /// As ``load(file:environment:)`` for text already read.
    public static func parse(
        _ text: String, file: String, environment: [String: String] = [:]
    ) throws(ConfigurationFailure) -> ExchangeFileConfiguration {
        let root = try YAMLDocument.compose(text, file: file)
        var reader = SchemaReader(file: file, environment: environment)
        let section = reader.document(root, ExchangeSchema.settings)
        guard reader.problems.isEmpty else { throw ConfigurationFailure(reader.problems) }
        let problems = ExchangeChecks.problems(in: section)
        guard problems.isEmpty else { throw ConfigurationFailure(problems) }
        return ExchangeFileConfiguration(section, file: file, reader.environment)
    }

    private init(_ root: SettingSection, file: String, _ environment: EnvironmentOverrides) {
        let listen = root.section("listen")
        let tls = root.section("tls")
        let telemetry = root.section("telemetry")
        self.file = file
        address = listen.text("address")
        port = UInt16(listen.integer("port"))
        binaryPort = listen.optionalInteger("sbe_port").map { UInt16($0) }
        readyFile = listen.optionalText("ready_file")
        core = listen.optionalInteger("core").map { Int($0) }
        transport = listen.text("transport") == "uring" ? .uring : .direct
        authorityFile = tls.text("ca_file")
        hostNames = tls.has("host_names") ? tls.texts("host_names") : ["localhost", "127.0.0.1"]
        seed = UInt64(root.integer("seed"))
        symbols = root.sections("symbols").map(Symbol.init)
        accounts =
            root.has("accounts") ? root.sections("accounts").map(Account.init) : [Self.demoAccount]
        makerFee = root.section("fees").proportion("maker")
        takerFee = root.section("fees").proportion("taker")
        selfTradePrevention =
            SelfTradePreventionMode(rawValue: root.text("self_trade_prevention")) ?? .expireMaker
        source =
            root.text("source") == "agents"
            ? .agents(Agents(root.section("agents"))) : .replay(Replay(root.section("replay")))
        limits = Limits(root.section("limits"))
        streams = Streams(root.section("streams"))
        state = State(root.section("state"))
        faults = Faults(root.section("faults"))
        self.telemetry = TelemetrySettings(
            interval: telemetry.duration("interval"), logFile: telemetry.optionalText("log_file"),
            logLevel: telemetry.text("log_level"))
        appliedVariables = environment.applied
        ignoredVariables = environment.ignored(schema: ExchangeSchema.settings)
    }
}

/// What ranges of single values cannot say.
enum ExchangeChecks {
    static func problems(in root: SettingSection) -> [ConfigurationProblem] {
        var found: [ConfigurationProblem] = []
        if root.text("source") == "replay", !root.has("replay") {
            found.append(root.problem("source", "'replay' needs the mapping replay"))
        }
        for symbol in root.sections("symbols") {
            for key in ["tick", "lot", "start_price", "typical_quantity", "activity"]
            where symbol.decimal(key).raw == 0 {
                found.append(symbol.problem(key, "must be above 0"))
            }
            let tick = symbol.decimal("tick").raw(atScale: 8) ?? 0
            let price = symbol.decimal("start_price").raw(atScale: 8) ?? 0
            if tick > 0, price % tick != 0 {
                found.append(symbol.problem("start_price", "must be a multiple of tick"))
            }
        }
        found += repeated(root.sections("symbols"), "symbol")
        found += repeated(root.sections("accounts"), "name")
        found += repeated(root.sections("accounts"), "credentials_file")
        if let replay = root.optionalSection("replay"), replay.decimal("speed").raw == 0 {
            found.append(replay.problem("speed", "must be above 0x"))
        }
        return found.sorted { $0.origin.line < $1.origin.line }
    }

    private static func repeated(
        _ sections: [SettingSection], _ key: String
    ) -> [ConfigurationProblem] {
        var seen: Set<String> = []
        return sections.compactMap { section in
            let value = section.text(key)
            return seen.insert(value).inserted
                ? nil : section.problem(key, "'\(value)' is given twice")
        }
    }
}

extension ExchangeFileConfiguration.Symbol {
    init(_ section: SettingSection) {
        // Checked by the schema: at most eight digits, at most 10^6.
        func raw(_ key: String) -> Int64 { section.decimal(key).raw64(atScale: 8) ?? 0 }
        symbol = section.text("symbol")
        base = section.text("base")
        quote = section.text("quote")
        tick = Price(raw: raw("tick"))
        lot = Quantity(raw: raw("lot"))
        startPrice = Price(raw: raw("start_price"))
        typicalQuantity = Quantity(raw: raw("typical_quantity"))
        dailyVolatility = section.proportion("daily_volatility")
        rally = section.proportion("rally")
        activity = section.decimal("activity")
        minNotional = raw("min_notional")
        maxOpenOrders = Int(section.integer("max_open_orders"))
        takesCancelReplace = section.boolean("cancel_replace")
    }
}

extension ExchangeFileConfiguration.Account {
    init(_ section: SettingSection) {
        name = section.text("name")
        credentialsFile = section.text("credentials_file")
        balances = section.amounts("balances")
    }
}

extension ExchangeFileConfiguration.Agents {
    init(_ section: SettingSection) {
        events = section.rate("events")
        levels = Int(section.integer("levels"))
        takerShare = section.proportion("taker_share")
        informedShare = section.proportion("informed_share")
        meanReversion = section.decimal("mean_reversion")
    }
}

extension ExchangeFileConfiguration.Replay {
    init(_ section: SettingSection) {
        files = section.texts("files")
        speed = section.boolean("unthrottled") ? nil : section.decimal("speed")
        atEnd = AtEnd(rawValue: section.text("at_end")) ?? .closeStreams
        snapshotPatience = section.duration("snapshot_patience")
    }
}

extension ExchangeFileConfiguration.Limits {
    init(_ section: SettingSection) {
        requestWeightPerMinute = Int(section.integer("request_weight"))
        ordersPerTenSeconds = Int(section.integer("orders_per_ten_seconds"))
        ordersPerDay = Int(section.integer("orders_per_day"))
        banAfter = Int(section.integer("ban_after"))
        banTime = section.duration("ban_time")
        streamMessagesPerSecond = Int(section.integer("stream_messages"))
    }
}

extension ExchangeFileConfiguration.Streams {
    init(_ section: SettingSection) {
        depthInterval = section.duration("depth_interval")
        pingInterval = section.duration("ping_interval")
        pongTimeout = section.duration("pong_timeout")
        lifetime = section.duration("lifetime")
        sendQueueBytes = Int(section.integer("send_queue"))
        maxConnections = Int(section.integer("max_connections"))
    }
}

extension ExchangeFileConfiguration.State {
    init(_ section: SettingSection) {
        directory = section.optionalText("directory")
        isSynchronous = section.boolean("sync")
    }
}

extension ExchangeFileConfiguration.Faults {
    init(_ section: SettingSection) {
        disconnectAfterMessages = Int(section.integer("disconnect_after_messages"))
        dropDepthEvery = Int(section.integer("drop_depth_every"))
        acknowledgementDelay = section.duration("acknowledgement_delay")
    }
}
