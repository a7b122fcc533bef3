import ArgumentParser

/// The command line: one command runs the engine, one the emulated exchange, the rest talk to a
/// running engine or read what it left behind.
struct Apus<Executable: ApusExecutable>: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: ProcessName.text,
            abstract: "A trading engine for crypto markets: one pinned thread from tick to order.",
            discussion: """
                Start an exchange on loopback and trade against it:

                  apus exchange --config config/exchange.yaml &
                  apus run --config config/demo.yaml

                Look at the running engine, stop its risk, resume it:

                  apus top
                  apus halt --reason "news at 14:30"
                  apus resume

                Completions for bash, zsh or fish, by the shell's name:

                  apus --generate-completion-script bash \\
                    > ~/.local/share/bash-completion/completions/apus
                  apus --generate-completion-script zsh > ~/.zsh/completions/_apus
                  apus --generate-completion-script fish > ~/.config/fish/completions/apus.fish

                \(ExitStatus.table())

                Every key of the configuration files: apus check --reference
                """,
            version: Version.text,
            groupedSubcommands: [
                CommandGroup(
                    name: "Trading",
                    subcommands: [
                        Run<Executable>.self, WatchdogCommand<Executable>.self, Exchange.self,
                        Check<Executable>.self, Doctor<Executable>.self,
                    ]),
                CommandGroup(
                    name: "A running engine",
                    subcommands: [
                        Status.self, Top.self, Market.self, Orders.self, Positions.self,
                        Latency.self,
                        Halt.self, Resume.self, CancelAll.self, Flatten.self, Claim.self,
                        Limits.self, Shutdown.self,
                    ]),
                CommandGroup(
                    name: "Records", subcommands: [JournalCommand<Executable>.self, Book.self]),
                CommandGroup(
                    name: "Research",
                    subcommands: [
                        HistoryCommand<Executable>.self, IndicatorsCommand.self,
                        ContextCommand.self,
                    ]),
                CommandGroup(name: "Proof", subcommands: [Bench.self, Simulate.self, Chaos.self]),
            ]
        )
    }
}

/// What this build calls itself in `--version`, logs and reports.
enum Version {
    static let text = "0.1.0"
}
