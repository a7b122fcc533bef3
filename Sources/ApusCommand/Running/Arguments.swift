import ArgumentParser
import Emulator
import Engine
import MarketModel

/// A duration on the command line, written as in the configuration: `500ms`, `30s`, `5m`, `2h`.
struct DurationArgument: ExpressibleByArgument {
    let nanoseconds: Int64

    init?(argument: String) {
        let range = Nanoseconds.milliseconds(1)...Nanoseconds.seconds(365 * 86_400)
        guard case .duration(let value)? = try? ScalarText.parse(argument, as: .duration(range))
        else { return nil }
        nanoseconds = value.count
    }
}

/// How fast a capture is played: a multiple of its own time, or `max`.
struct ReplaySpeed: ExpressibleByArgument {
    let pace: ReplayConfiguration.Pace

    init?(argument: String) {
        if argument == "max" {
            pace = .unthrottled
            return
        }
        let number = argument.hasSuffix("x") ? String(argument.dropLast()) : argument
        guard let factor = Double(number), (0.001...100_000).contains(factor) else { return nil }
        pace = .multiple(factor)
    }
}
