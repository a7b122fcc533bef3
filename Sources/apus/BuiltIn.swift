import ApusCommand
import Engine

/// The product: every command, with the built-in strategies.
@main
struct BuiltIn: ApusExecutable {
    static var program: StrategyProgram { .builtIn }
}
