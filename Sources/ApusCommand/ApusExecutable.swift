import ArgumentParser
import Engine
import Foundation

/// An executable with the whole command line of `apus` and strategies of its own.
///
/// Conform the type under `@main`; `apus` itself is nothing else:
///
///     @main
///     struct Dipper: ApusExecutable {
///         static var program: StrategyProgram {
///             StrategyProgram(StrategyPair<BuiltInStrategies, StrategyGroup<BuyTheDip>>.self)
///         }
///     }
public protocol ApusExecutable: SendableMetatype {
    /// What it trades with. Asked for whenever a command needs it.
    static var program: StrategyProgram { get }
}

extension ApusExecutable {
    /// Runs the command that the process was started with, to its end.
    public static func main() async {
        StandardStream.fillGaps()
        await Apus<Self>.main()
    }
}

/// The name that the process was started by: what usage lines call the command.
enum ProcessName {
    static var text: String {
        let path = CommandLine.arguments.first ?? ""
        let name = URL(fileURLWithPath: path).lastPathComponent
        return name.isEmpty ? "apus" : name
    }

    /// A usage line of our own, where the full one would not fit a terminal.
    static func usage(_ rest: String) -> String { "\(text) \(rest)" }
}
