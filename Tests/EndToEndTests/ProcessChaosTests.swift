import Foundation
import Testing

/// Processes killed, stopped and continued at random moments under trading load.
@Suite("Chaos: processes", .serialized, .timeLimit(.minutes(10)))
struct ProcessChaosTests {
    @Test func `kill -9 of either side at any moment costs nothing but time`() throws {
        let rig = try ChaosRig(seed: UInt64(ChaosAmount.seed))
        try rig.expectWhole("at the start")
        var engines = 0
        for kill in 1...ChaosAmount.kills {
            let place = "kill \(kill)"
            rig.trade(upTo: 200)
            // Also while its connections break.
            if kill % 3 == 0 { try rig.strike("reset", everywhere: true) }
            if kill % 4 == 0 {
                rig.killExchange()
                rig.trade(upTo: 200)
                try rig.restartExchange()
            } else {
                engines += 1
                rig.killEngine()
                try rig.restartEngine()
            }
            // Every fifth one dies in its start.
            if kill % 5 == 0 {
                rig.trade(upTo: 300)
                rig.killEngine()
                try rig.restartEngine()
                engines += 1
            }
            try rig.expectWhole(place)
        }
        try rig.end("\(ChaosAmount.kills) kills, \(engines) of them engines")
    }

    @Test func `a side that stands still for a while goes on as if nothing had been`() throws {
        let rig = try ChaosRig(seed: UInt64(ChaosAmount.seed))
        try rig.expectWhole("at the start")
        for round in 1...max(ChaosAmount.kills / 5, 2) {
            rig.trade(upTo: 200)
            let isEngine = round % 2 == 0
            let process = isEngine ? rig.engine.identifier : rig.exchange.processIdentifier
            kill(process, SIGSTOP)
            // Shorter and longer than the engine waits for a request, a pong, a byte.
            rig.trade(upTo: [200, 1_500, 4_000].randomElement(using: &rig.random) ?? 0)
            kill(process, SIGCONT)
            try rig.expectWhole("\(isEngine ? "engine" : "exchange") stopped, round \(round)")
        }
        try rig.end("\(max(ChaosAmount.kills / 5, 2)) stops")
    }

    @Test func `a second engine on the same journal is refused, and the first does not notice`()
        throws
    {
        let rig = try ChaosRig(seed: UInt64(ChaosAmount.seed))
        try rig.expectWhole("at the start")
        // The control socket is another's too: with one of its own the journal still is not.
        for environment in [[:], ["APUS_CONTROL_SOCKET": "other.sock"]] {
            let second = try CommandLineProcess(
                rig.folder, ["run", "--config", "demo.yaml", "--plain"], environment: environment)
            #expect(second.finish() == 73, "\(second.errors)")
            #expect(
                second.errors.contains("another engine uses the journal's directory"),
                "\(second.errors)")
            try rig.expectWhole("a second engine has tried")
        }
        try rig.end("2 second engines")
    }
}
