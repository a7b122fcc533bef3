import Foundation
import MarketModel
import Testing

@testable import Emulator

/// A directory for an exchange's record, gone with the test.
final class StateFolder {
    let path = NSTemporaryDirectory() + "apus-state-\(UUID().uuidString)"
    var ledger: String { path + "/ledger" }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func open() throws -> StateLog { try StateLog(directory: path, isSynchronous: false) }

    /// What a start would find, with a lock of its own.
    func read(_ configuration: ExchangeConfiguration) throws -> StateHistory? {
        try open().read(for: ExchangeNames(configuration))
    }

    var bytes: [UInt8] {
        get throws { Array(try Data(contentsOf: URL(fileURLWithPath: ledger))) }
    }

    /// Puts a file there as a crash or damage might have left it.
    func write(_ bytes: some Sequence<UInt8>) throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try Data(bytes).write(to: URL(fileURLWithPath: ledger))
    }
}

extension Exchange {
    /// Everything an account can learn and everything its money depends on, field by field.
    var accountState: String {
        var lines = [
            "executions \(lastExecutionID), lists \(lists.lastID)",
            "fees \(ledger.fees)",
        ]
        let owners = (0...accounts.count).map { AccountIndex(Int32($0)) }
        for account in owners {
            for asset in assets.indices.map({ AssetIndex(UInt16($0)) }) {
                let external = externalLocks[.init(account: account, asset: asset)] ?? 0
                lines.append("\(account) \(asset) \(ledger[account, asset]) \(external)")
            }
            lines.append("\(account) changed \(String(describing: balanceTimes[account]))")
            lines += lists.all(of: account).map { "\($0)" }
            for market in markets {
                let orders = market.orders.all(of: account)
                for order in orders {
                    var placed = order
                    placed.handle = .none
                    lines.append("\(placed)")
                    let namesake = market.orders.find(
                        account, clientOrderID: order.clientOrderID)
                    lines.append("named \(order.clientOrderID): \(namesake?.id ?? 0)")
                    lines.append("followed to \(market.triggers.best(of: order.id))")
                }
                lines.append("open \(market.orders.open(of: account).map(\.id))")
                let fills = market.fills[account].map { $0.suffix($0.count) } ?? []
                lines += fills.map { "\($0)" }
            }
        }
        for market in markets {
            lines += market.prevented.suffix(market.prevented.count).map { "\($0)" }
            lines.append("open \(market.orders.allOpen.map(\.id))")
        }
        return lines.joined(separator: "\n")
    }

    /// The first line that differs.
    func difference(from other: Exchange) -> String? {
        let (mine, theirs) = (accountState, other.accountState)
        guard mine != theirs else { return nil }
        let pairs = zip(mine.split(separator: "\n"), theirs.split(separator: "\n"))
        return pairs.first { $0 != $1 }.map { "\($0)\n\($1)" } ?? "one has more"
    }
}
