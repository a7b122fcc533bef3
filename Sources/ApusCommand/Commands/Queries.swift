import ArgumentParser
import Control
import Telemetry

struct Status: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show the state of a running engine.",
        discussion: """
            Examples:
              apus status
              apus status --json | jq .totals

            \(ExitStatus.table([.success, .usage, .data, .unreachable]))
            """)
    @OptionGroup var control: ControlOptions

    func run() {
        reportingFailures {
            try control.call("status", as: EngineSnapshot.self, render: ControlText.status)
        }
    }
}

struct Orders: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List the open orders, oldest first.",
        usage: ProcessName.usage("orders [<options>]"),
        discussion: """
            Examples:
              apus orders
              apus orders --instrument BTCUSDT --strategy maker

            \(ExitStatus.table([.success, .usage, .data, .unreachable]))
            """)
    @OptionGroup var control: ControlOptions
    @OptionGroup var scope: ScopeOptions

    func run() {
        reportingFailures {
            try control.call(
                "orders", scope.parameters, as: [OrderFigures].self, render: ControlText.orders)
        }
    }
}

struct Positions: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List positions with realised and unrealised profit.",
        discussion: """
            Example:
              apus positions --json

            \(ExitStatus.table([.success, .usage, .data, .unreachable]))
            """)
    @OptionGroup var control: ControlOptions

    func run() {
        reportingFailures {
            try control.call(
                "positions", as: [PositionFigures].self, render: ControlText.positions)
        }
    }
}

struct Market: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show each instrument's price, 24 hours, spread and volatility.",
        discussion: """
            Prices and spreads are those of the running engine's books and trades; change, range \
            and volume of the last 24 hours are the venue's, asked for when they are older than \
            30 s. The volatility is that of the 24 hours' range (Parkinson), a year. The trading \
            thread does no work for it.

            Examples:
              apus market
              apus market --json | jq '.[] | {symbol, change_percent}'

            \(ExitStatus.table([.success, .usage, .data, .unreachable]))
            """)
    @OptionGroup var control: ControlOptions

    func run() {
        reportingFailures {
            try control.call("market", as: [MarketFigures].self, render: ControlText.market)
        }
    }
}

struct Latency: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show latency percentiles of each stage.",
        discussion: """
            Stages from the receive completion to the submitted order; p50 to p99.99, maximum and \
            the number of samples.

            Example:
              apus latency

            \(ExitStatus.table([.success, .usage, .data, .unreachable]))
            """)
    @OptionGroup var control: ControlOptions

    func run() {
        reportingFailures {
            try control.call(
                "latency", as: [StageFigures].self, render: ControlText.latencies)
        }
    }
}
