import Engine
import MarketModel
import Telemetry

/// What the configuration says will run.
enum PlanCheck {
    static func sections(_ configuration: RunConfiguration) -> [CheckReport.Section] {
        [
            run(configuration), lanes(configuration), strategies(configuration),
            variables(configuration),
        ]
    }

    private static func run(_ configuration: RunConfiguration) -> CheckReport.Section {
        var section = CheckReport.Section("run")
        let venue = configuration.venue
        let hosts = venue.environment.hosts
        section.fine("\(configuration.name), from \(configuration.file)")
        section.fine("\(venue.kind.rawValue), \(configuration.mode.rawValue)")
        section.fine("REST \(text(hosts.rest)), streams \(text(hosts.streams)), "
            + "orders \(text(hosts.webSocketAPI))")
        if configuration.mode == .live { section.note("this is real money") }
        return section
    }

    private static func text(_ endpoint: VenueEndpoint) -> String {
        "\(endpoint.host):\(endpoint.port)"
    }

    private static func lanes(_ configuration: RunConfiguration) -> CheckReport.Section {
        var section = CheckReport.Section("lanes")
        for lane in configuration.lanes {
            let core = lane.core.map { "core \($0)" } ?? "any core"
            let idle =
                switch lane.idle {
                case .spin: "spinning"
                case .spinThenWait(let time):
                    "spinning \(FigureText.duration(time.count)), then waiting"
                }
            let warmth = lane.keepWarm.map { ", warm every \(FigureText.duration($0.count))" } ?? ""
            section.fine("\(lane.name): \(core), \(lane.transport.rawValue), \(idle)\(warmth); "
                + lane.instruments.joined(separator: " "))
        }
        if configuration.lanes.count > 1 {
            section.problem("\(configuration.lanes.count) lanes; this version runs one")
        }
        return section
    }

    private static func strategies(_ configuration: RunConfiguration) -> CheckReport.Section {
        var section = CheckReport.Section("strategies")
        for strategy in configuration.strategies {
            let state = strategy.isEnabled ? "" : ", not started"
            section.fine("\(strategy.name): \(strategy.kind) on "
                + strategy.instruments.joined(separator: " ") + state)
        }
        if configuration.strategies.isEmpty { section.note("none: the engine only watches") }
        return section
    }

    private static func variables(_ configuration: RunConfiguration) -> CheckReport.Section {
        var section = CheckReport.Section("environment")
        if configuration.appliedVariables.isEmpty { section.fine("overrides nothing") }
        for name in configuration.appliedVariables { section.fine("\(name) overrides the file") }
        for name in configuration.ignoredVariables {
            section.note("\(name) is no setting of the engine; ignored")
        }
        return section
    }
}
