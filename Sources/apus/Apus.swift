import ArgumentParser

/// The command line: one command runs the engine, one the emulated exchange, the rest talk to a
/// running engine or read what it left behind.
@main
struct Apus: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apus",
        abstract: "A trading engine for crypto markets: one pinned thread from tick to order.",
        discussion: """
            Start an exchange on loopback and trade against it:

              apus exchange --config config/exchange.yaml &
              apus run --config config/demo.yaml

            Look at the running engine, stop its risk, resume it:

              apus top
              apus halt --reason "news at 14:30"
              apus resume

            Exit codes: 0 ended as asked, 64 wrong usage, 69 no engine or exchange to talk to,
            70 stopped by a fault, 78 the configuration is wrong (every problem is listed).
            """,
        version: Version.text,
        groupedSubcommands: [
            CommandGroup(name: "Trading", subcommands: [Run.self, Exchange.self, Check.self]),
            CommandGroup(
                name: "A running engine",
                subcommands: [
                    Status.self, Top.self, Orders.self, Positions.self, Latency.self,
                    Halt.self, Resume.self, CancelAll.self, Flatten.self, Limits.self,
                    Shutdown.self,
                ]),
            CommandGroup(name: "Records", subcommands: [JournalCommand.self, Book.self]),
        ]
    )
}

/// What this build calls itself in `--version`, logs and reports.
enum Version {
    static let text = "0.1.0"
}
