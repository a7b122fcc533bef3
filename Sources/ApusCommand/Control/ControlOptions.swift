import ArgumentParser
import Control
import Foundation

/// Where the running engine listens; shared by every command that talks to one.
struct ControlOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "Control socket of the engine.",
            discussion: "Also from APUS_CONTROL_SOCKET; default .apus/control.sock.",
            valueName: "path"),
        completion: .file(extensions: ["sock"]))
    var socket: String?

    @Flag(name: .long, help: "Print the answer as JSON.")
    var json = false

    var path: String { Self.path(socket) }

    /// The option, else the environment, else where config/demo.yaml has it.
    static func path(_ option: String?) -> String {
        option ?? ProcessInfo.processInfo.environment["APUS_CONTROL_SOCKET"]
            ?? ".apus/control.sock"
    }

    /// Calls a method; prints the answer as JSON, or as `render` words it.
    func call<Result: Codable>(
        _ method: String, _ parameters: [String: JSONValue] = [:], as type: Result.Type,
        timeoutMilliseconds: Int64 = 5_000, render: (Result) -> String
    ) throws {
        do throws(ClientFailure) {
            var client = try ControlClient(path: path, timeoutMilliseconds: timeoutMilliseconds)
            if json {
                printLine(try client.call(method, parameters).text)
            } else {
                printLine(render(try client.call(method, parameters, as: type)))
            }
        } catch {
            throw CommandFailure(error)
        }
    }
}

/// Which orders a command means.
struct ScopeOptions: ParsableArguments {
    @Option(name: .long, help: "Only this instrument, such as BTCUSDT.")
    var instrument: String?

    @Option(name: .long, help: "Only this strategy, by its name in the configuration.")
    var strategy: String?

    var parameters: [String: JSONValue] {
        var values: [String: JSONValue] = [:]
        if let instrument { values["instrument"] = .string(instrument) }
        if let strategy { values["strategy"] = .string(strategy) }
        return values
    }
}
