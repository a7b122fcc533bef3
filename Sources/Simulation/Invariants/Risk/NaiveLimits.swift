import MarketModel
import TickToTrade

/// The limits in force, as the configuration says and commands have changed them.
struct NaiveLimits {
    /// What a limit is set for: everything, an instrument or a strategy.
    private struct Place: Hashable {
        var key: RiskLimitKey
        var number: UInt16
    }

    private var values: [Place: Int64] = [:]
    private let configured: [RiskLimitKey: Int64]

    /// The same for every instrument and strategy.
    init(_ configured: [RiskLimitKey: Int64]) { self.configured = configured }

    /// A command has set a limit; what is out of range changes nothing.
    mutating func set(_ command: Command) {
        guard let key = RiskLimitKey(rawValue: command.key), key.range.contains(command.value) else {
            return
        }
        let number: UInt16 =
            switch key.scope {
            case "instrument": command.instrument.raw
            case "strategy": command.strategy.raw
            default: 0
            }
        values[Place(key: key, number: number)] = command.value
    }

    /// A limit's value; `nil` when it is off.
    func value(_ key: RiskLimitKey, of number: UInt16 = 0) -> Int64? {
        let value = values[Place(key: key, number: number)] ?? configured[key] ?? 0
        return value > 0 ? value : nil
    }

    /// Money of the quote asset.
    func money(_ key: RiskLimitKey, of number: UInt16 = 0) -> Double? {
        value(key, of: number).map { Double($0) / 1e8 }
    }

    /// A share of a price.
    func share(_ key: RiskLimitKey, of number: UInt16 = 0) -> Double? {
        value(key, of: number).map { Double($0) / 10_000 }
    }
}
