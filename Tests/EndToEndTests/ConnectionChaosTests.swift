import Foundation
import Telemetry
import Testing

/// What the tests of this folder are asked for; `scripts/chaos` asks for more.
enum ChaosAmount {
    static let disconnects = number("CHAOS_DISCONNECTS", default: 200)
    static let kills = number("CHAOS_KILLS", default: 4)
    static let seed = number("CHAOS_SEED", default: .random(in: 1...1_000_000_000))

    private static func number(_ name: String, default standard: Int) -> Int {
        ProcessInfo.processInfo.environment[name].flatMap { Int($0) } ?? standard
    }
}

/// Connections broken by a proxy under trading load: nothing but time is lost.
@Suite("Chaos: connections", .serialized, .timeLimit(.minutes(10)))
struct ConnectionChaosTests {
    /// Each of them ends a connection of the engine.
    private static let ends = ["disconnect", "reset", "half-close", "corrupt", "alert"]
    /// These pass, or are noticed by their silence.
    private static let troubles = ["silence", "stall", "delay", "drip", "refuse", "mute"]
    /// These are for new connections: all are ended, so that there are some.
    private static let news = ["refuse", "mute"]

    @Test func `whatever breaks a connection, the account stays the exchange's`() throws {
        let rig = try ChaosRig(seed: UInt64(ChaosAmount.seed))
        try rig.expectWhole("at the start")
        var disconnects: Int64 = 0
        var round = 0
        while disconnects < Int64(ChaosAmount.disconnects) {
            round += 1
            rig.trade(upTo: 100)
            let before = try rig.desk.status().reconnects
            let isTrouble = round % 8 == 0
            let kinds = isTrouble ? Self.troubles : Self.ends
            let fault = kinds.randomElement(using: &rig.random) ?? ""
            let place = "round \(round), \(fault)"
            // These wait for bytes, and REST is mostly quiet.
            let isEverywhere = ["corrupt", "alert"].contains(fault)
                || Bool.random(using: &rig.random)
            try rig.wait("\(place): there is a connection") { _ in
                try rig.strike(fault, everywhere: isEverywhere) > 0 || Self.news.contains(fault)
            }
            if Self.news.contains(fault) { try rig.strike("reset", everywhere: true) }
            if !isTrouble || Self.news.contains(fault) {
                // An audit asks over a connection of its own, which nobody misses: then once more.
                var patience = ContinuousClock.now + .seconds(2)
                try rig.wait("\(place): it is noticed") {
                    if $0.reconnects > before || !$0.isTrading { return true }
                    if ContinuousClock.now > patience {
                        try rig.strike(fault, everywhere: true)
                        patience = .now + .seconds(2)
                    }
                    return false
                }
            }
            rig.trade(upTo: isTrouble ? 1_000 : 20)
            try rig.calm()
            try rig.expectWhole(place)
            disconnects += try rig.desk.status().reconnects - before
        }
        try rig.end("\(round) faults, \(disconnects) connections made again")
    }

    /// REST tells what a silent order connection does not: that is on its way, or lost with the
    /// connection, and no difference of the account.
    @Test func `audits over a connection that has fallen silent find nothing`() throws {
        let rig = try ChaosRig(
            seed: UInt64(ChaosAmount.seed),
            edit: {
                $0.replacingOccurrences(of: "silence: 2s", with: "silence: 6s")
                    .replacingOccurrences(of: "ping_interval: 500ms", with: "ping_interval: 5s")
                    .replacingOccurrences(of: "audit_interval: 60s", with: "audit_interval: 1s")
            })
        try rig.expectWhole("at the start")
        for round in 1...2 {
            let place = "round \(round)"
            let before = try rig.desk.status().reconnects
            try rig.strike("silence", everywhere: true)
            try rig.wait("\(place): it is noticed") { $0.reconnects > before }
            try rig.expectWhole(place)
        }
        #expect(try rig.desk.status().audits.completed > 0)
        try rig.end("silent connections")
    }
}
