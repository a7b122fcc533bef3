import Control
import Foundation
import Telemetry

/// A running engine's control socket, asked by the test's thread.
final class EngineDesk {
    private var client: ControlClient

    /// `nil` while nobody listens there.
    init?(_ path: String) {
        do throws(ClientFailure) {
            client = try ControlClient(path: path, timeoutMilliseconds: 15_000)
        } catch {
            return nil
        }
    }

    func status() throws -> EngineSnapshot { try client.call("status", as: EngineSnapshot.self) }

    /// Every stage, with its buckets.
    func latencies() throws -> [StageFigures] {
        try client.call("latency", ["buckets": .bool(true)], as: [StageFigures].self)
    }

    func halt() throws -> CancelOutcome { try client.call("halt", as: CancelOutcome.self) }

    /// Whether the engine has taken it.
    func resume() throws -> Bool {
        do throws(ClientFailure) {
            return try client.call("resume", as: StateOutcome.self).state == .trading
        } catch {
            if case .remote = error { return false }
            throw error
        }
    }
}

extension EngineSnapshot {
    /// It knows all that there is to know: no order's fate is open.
    var isWhole: Bool { isConnected && totals.unknown == 0 }

    /// Every book in sequence, both sessions up.
    var isConnected: Bool {
        instruments.allSatisfy(\.isBookValid)
            && connections.filter { $0.name == "market" || $0.name == "orders" }
                .allSatisfy { $0.state == .open }
    }

    var openOrders: Int { instruments.reduce(0) { $0 + $1.openOrders } }

    var reconnects: Int64 { connections.reduce(0) { $0 + $1.reconnects } }

    /// What it holds of an instrument.
    func position(of symbol: String) -> Decimal? {
        instruments.first { $0.symbol == symbol }
            .flatMap { Decimal(string: $0.position.description) }
    }
}
