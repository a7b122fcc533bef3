import ArgumentParser
import Control
import Telemetry

struct Halt: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Stop new risk at once and cancel entry orders.",
        discussion: """
            Takes effect within one duty cycle of the command's arrival; the answer carries the \
            measured time to the last cancel sent and to the last one confirmed. Cancels and \
            reduce-only orders still pass. `apus resume` lifts it.

            Example:
              apus halt --reason "exchange maintenance"

            \(ExitStatus.table([.success, .usage, .data, .unreachable]))
            """)
    @OptionGroup var control: ControlOptions
    @Option(name: .long, help: "Why, for the audit; at most 200 characters.")
    var reason: String = "operator"

    func run() {
        reportingFailures {
            try control.call(
                "halt", ["reason": .string(reason)], as: CancelOutcome.self,
                timeoutMilliseconds: 15_000, render: ControlText.cancels)
        }
    }
}

struct Resume: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Allow new risk again after a halt.",
        discussion: """
            Refused while a cause of the halt lasts: a session that is down, a book without \
            sequence, an order whose fate is unknown.

            Example:
              apus resume

            \(ExitStatus.table([.success, .usage, .data, .unreachable]))
            """)
    @OptionGroup var control: ControlOptions

    func run() {
        reportingFailures {
            try control.call("resume", as: StateOutcome.self) { "state: \($0.state.rawValue)" }
        }
    }
}

struct CancelAll: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel-all",
        abstract: "Cancel open orders; strategies go on.",
        usage: ProcessName.usage("cancel-all [<options>]"),
        discussion: """
            Examples:
              apus cancel-all
              apus cancel-all --instrument BTCUSDT

            \(ExitStatus.table([.success, .usage, .data, .unreachable]))
            """)
    @OptionGroup var control: ControlOptions
    @OptionGroup var scope: ScopeOptions

    func run() {
        reportingFailures {
            try control.call(
                "cancel_all", scope.parameters, as: CancelOutcome.self,
                timeoutMilliseconds: 15_000, render: ControlText.cancels)
        }
    }
}

struct Flatten: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Halt, cancel everything and close every position with reduce-only orders.",
        usage: ProcessName.usage("flatten [<options>]"),
        discussion: """
            What several strategies hold too little of to sell alone is closed by one order. What is
            below the venue's smallest order in all stays and is reported. With --strategy only that
            strategy's positions are closed.

            Example:
              apus flatten --instrument BTCUSDT

            \(ExitStatus.table([.success, .usage, .data, .unreachable]))
            """)
    @OptionGroup var control: ControlOptions
    @OptionGroup var scope: ScopeOptions

    func run() {
        reportingFailures {
            try control.call(
                "flatten", scope.parameters, as: FlattenOutcome.self, timeoutMilliseconds: 30_000
            ) { outcome in
                var text = ControlText.cancels(outcome.cancels)
                text += "\nclosing orders sent: \(outcome.closingOrdersSent)"
                if !outcome.remaining.isEmpty {
                    text += "\nstill open:\n" + ControlText.positions(outcome.remaining)
                }
                return text
            }
        }
    }
}

struct Claim: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Take over an open order that somebody else has placed on the account.",
        usage: ProcessName.usage("claim <order> --instrument <instrument>"),
        discussion: """
            From then on the order counts in the limits, `apus halt`, cancel-all and the loss limit cancel
            it, and what it trades is booked in the instrument's position, to no strategy. What it has
            traded before is not. A lost connection and the engine's end leave it alone. Its number stands in the log, `open orders that are not ours`, and at the venue.
            `reconciliation.foreign_orders: claim` takes over every one.

            Example:
              apus claim 28457193 --instrument BTCUSDT

            \(ExitStatus.table([.success, .usage, .data, .unreachable]))
            """)
    @OptionGroup var control: ControlOptions
    @Argument(help: "The venue's number of the order.")
    var order: Int64
    @Option(name: .long, help: "The instrument it is in.")
    var instrument: String

    func run() {
        reportingFailures {
            try control.call(
                "claim", ["order": .integer(order), "instrument": .string(instrument)],
                as: OrderFigures.self, timeoutMilliseconds: 15_000
            ) { ControlText.orders([$0]) }
        }
    }
}

struct Limits: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show the risk limits, or change one.",
        usage: ProcessName.usage("limits [--set <scope.limit=value>] [<options>]"),
        discussion: """
            A change takes effect before the next order and is audited.

            Examples:
              apus limits
              apus limits --set order.max_notional=500
              apus limits --set instrument.max_position=0.5 --instrument BTCUSDT
              apus limits --set strategy.max_exposure=off --strategy maker-btc

            \(ExitStatus.table([.success, .usage, .data, .unreachable]))
            """)
    @OptionGroup var control: ControlOptions
    @OptionGroup var scope: ScopeOptions
    @Option(name: .long, help: ArgumentHelp("The limit to change.", valueName: "scope.limit=value"))
    var set: String?

    func run() {
        reportingFailures {
            guard let set else {
                return try show(scope.instrument ?? scope.strategy)
            }
            let parts = set.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2 else {
                throw CommandFailure("--set takes scope.limit=value, not '\(set)'", .usage)
            }
            let path = parts[0].split(separator: ".", maxSplits: 1).map(String.init)
            guard path.count == 2 else {
                throw CommandFailure(
                    "--set takes scope.limit=value, such as order.max_notional=500; `apus limits` "
                        + "lists them", .usage)
            }
            var parameters: [String: JSONValue] = [
                "scope": .string(path[0]), "limit": .string(path[1]), "value": .string(parts[1]),
            ]
            if let name = scope.instrument ?? scope.strategy { parameters["name"] = .string(name) }
            try control.call("limits.set", parameters, as: LimitSetting.self) {
                ControlText.limits([$0])
            }
        }
    }
}

extension Limits {
    /// All limits, or those that bind one instrument or strategy.
    private func show(_ name: String?) throws {
        try control.call("limits.get", as: [LimitSetting].self) { settings in
            guard let name else { return ControlText.limits(settings) }
            guard settings.contains(where: { $0.name == name }) else {
                CommandFailure("there are no limits of \(name)", .usage).exit()
            }
            return ControlText.limits(settings.filter { $0.name == nil || $0.name == name })
        }
    }
}

struct Shutdown: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "End a running engine: entries cancelled, journal synced, report printed.",
        discussion: """
            Examples:
              apus shutdown
              apus shutdown --flatten

            \(ExitStatus.table([.success, .usage, .data, .unreachable]))
            """)
    @OptionGroup var control: ControlOptions
    @Flag(name: .long, help: "Close every position first.")
    var flatten = false

    func run() {
        reportingFailures {
            try control.call(
                "shutdown", ["flatten": .bool(flatten)], as: StateOutcome.self,
                timeoutMilliseconds: 30_000
            ) { "state: \($0.state.rawValue)" }
        }
    }
}
