import Control
import Foundation
import Telemetry
import Testing

/// Halts and flattens of an engine that quotes at full speed, timed from the command to the last
/// confirmation.
///
/// `scripts/halt-test HALTS` asks for more of them and prints their percentiles.
@Suite("Halts under load", .serialized, .timeLimit(.minutes(10)))
struct HaltTests {
    private static var halts: Int {
        ProcessInfo.processInfo.environment["HALT_TEST_HALTS"].flatMap { Int($0) } ?? 5
    }

    /// Ten instruments with ten makers each: two hundred orders rest and move all the time.
    private static let trading: ScaledTrading = {
        var trading = ScaledTrading(instruments: 10)
        trading.makersEach = 10
        trading.eventsEach = 200
        trading.spread = 1
        return trading
    }()

    @Test func `a halt under load ends every entry order, a resume brings the quotes back`() throws {
        try run { client in
            var times = Times()
            for _ in 0..<Self.halts {
                try wait(&client, "quotes") { $0.openOrders >= 100 }
                let asked = ContinuousClock.now
                let outcome = try client.call("halt", as: CancelOutcome.self)
                times.answered.append(nanoseconds(ContinuousClock.now - asked))
                #expect(outcome.state == .halted)
                #expect(outcome.cancelsConfirmed == outcome.cancelsSent)
                #expect(outcome.cancelsSent >= 50)
                times.add(outcome)
                let halted = try client.call("status", as: EngineSnapshot.self)
                #expect(halted.openOrders == 0)
                let resumed = try client.call("resume", as: StateOutcome.self)
                #expect(resumed.state == .trading)
            }
            times.report("halt")
        }
    }

    @Test func `a flatten under load closes every position`() throws {
        try run { client in
            client.timeoutMilliseconds = 30_000
            var times = Times()
            for _ in 0..<Self.halts {
                try wait(&client, "positions") { snapshot in
                    snapshot.openOrders >= 100
                        && snapshot.instruments.count(where: \.hasPosition) >= 5
                }
                let asked = ContinuousClock.now
                let outcome = try client.call("flatten", as: FlattenOutcome.self)
                times.answered.append(nanoseconds(ContinuousClock.now - asked))
                #expect(outcome.remaining.isEmpty, "\(outcome.remaining)")
                #expect(outcome.cancels.cancelsConfirmed == outcome.cancels.cancelsSent)
                times.add(outcome.cancels)
                times.closings.append(outcome.closingOrdersSent)
                _ = try client.call("resume", as: StateOutcome.self)
            }
            times.report("flatten")
        }
    }

    // MARK: - Parts

    /// What the commands answered, nanoseconds.
    private struct Times {
        var sent: [Int64] = []
        var confirmed: [Int64] = []
        var answered: [Int64] = []
        var orders: [Int64] = []
        var closings: [Int64] = []

        mutating func add(_ outcome: CancelOutcome) {
            sent.append(outcome.lastSentAfterNanoseconds ?? 0)
            confirmed.append(outcome.lastConfirmedAfterNanoseconds ?? 0)
            orders.append(outcome.cancelsSent)
        }

        func report(_ command: String) {
            func line(_ name: String, _ values: [Int64], _ unit: (Int64) -> String) {
                if values.isEmpty { return }
                let sorted = values.sorted()
                let shown = [50, 90, 99, 100].map { percent in
                    let rank = max((sorted.count * percent + 99) / 100, 1)
                    return "p\(percent) " + unit(sorted[rank - 1])
                }
                print("  \(name): \(shown.joined(separator: ", "))")
            }
            print("\(command), \(sent.count) times")
            line("orders cancelled", orders, String.init)
            line("to the last cancel sent", sent, FigureText.duration)
            line("to the last cancel confirmed", confirmed, FigureText.duration)
            line("closing orders", closings, String.init)
            line("to the answer at the client", answered, FigureText.duration)
        }
    }

    private func run(_ body: (inout ControlClient) throws -> Void) throws {
        let folder = try WorkFolder()
        defer { folder.remove() }
        try Self.trading.write(to: folder)
        let exchange = try folder.exchange()
        defer { exchange.interrupt() }
        let engine = try CommandLineProcess(folder, ["run", "--config", "scaled.yaml", "--plain"])
        defer { engine.send(SIGKILL) }
        _ = try #require(engine.line(containing: "  trading  "), "\(engine.errors)")
        var client = try ControlClient(path: folder.path(".apus/control.sock"))
        try body(&client)
        engine.send(SIGINT)
        #expect(engine.finish() == 0, "\(engine.errors.suffix(2_000))")
    }

    private func wait(
        _ client: inout ControlClient, _ what: String, _ isSo: (EngineSnapshot) -> Bool
    ) throws {
        let deadline = ContinuousClock.now + .seconds(60)
        while true {
            let snapshot = try client.call("status", as: EngineSnapshot.self)
            if isSo(snapshot) { return }
            let isInTime = ContinuousClock.now < deadline
            try #require(isInTime, "no \(what): \(snapshot.openOrders) open, \(snapshot.totals)")
        }
    }

    private func nanoseconds(_ duration: Duration) -> Int64 {
        duration.components.seconds * 1_000_000_000 + duration.components.attoseconds / 1_000_000_000
    }
}

extension InstrumentFigures {
    /// One that is worth more than the venue's smallest order.
    fileprivate var hasPosition: Bool {
        guard let bid, let held = Double(position.description),
            let price = Double(bid.description)
        else { return false }
        return abs(held * price) >= 6
    }
}

