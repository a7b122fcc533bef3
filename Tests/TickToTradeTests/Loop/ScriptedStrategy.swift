import MarketContext
import MarketModel
// No @testable: a strategy and its engine as a user's own package sees them.
import TickToTrade

/// What a scripted strategy does and what it has seen.
final class Script {
    /// Run once, at the next top of book.
    var next: ((StrategyContext) -> Void)?
    var onFill: ((Fill, StrategyContext) -> Void)?
    var onTimer: ((UInt32, StrategyContext) -> Void)?

    var tops = 0
    var books = 0
    var trades: [Trade] = []
    var candles: [(candle: Candle, interval: Nanoseconds)] = []
    var sessions: [SessionEvent] = []
    var caughtUps = 0
    var timers: [UInt32] = []
    var updates: [OrderUpdate] = []
    var fills: [Fill] = []
    var changes: [StateChange] = []
    var parameter: (key: Int64, value: Int64)?
    var starts = 0

    /// The states one order went through, in order.
    func states(of id: ClientOrderID) -> [OrderState] {
        updates.filter { $0.clientOrderID == id }.map(\.state)
    }
}

/// A strategy that does what its script says.
struct ScriptedStrategy: Strategy {
    let script: Script

    mutating func onStart(_ context: StrategyContext) { script.starts += 1 }
    mutating func onBook(_ instrument: InstrumentIndex, _ context: StrategyContext) {
        script.books += 1
    }
    mutating func onTop(_ top: TopOfBook, _ context: StrategyContext) {
        script.tops += 1
        let action = script.next
        script.next = nil
        action?(context)
    }
    mutating func onTrade(_ trade: Trade, _ context: StrategyContext) {
        script.trades.append(trade)
    }
    mutating func onCandle(
        _ candle: Candle, interval: Nanoseconds, _ context: StrategyContext
    ) { script.candles.append((candle, interval)) }
    mutating func onContext(
        _ event: ContextEvent, _ instrument: InstrumentIndex, _ context: StrategyContext
    ) {
        switch event {
        case .session(let event): script.sessions.append(event)
        case .caughtUp: script.caughtUps += 1
        case .regime: break
        }
    }
    mutating func onTimer(_ timer: UInt32, _ context: StrategyContext) {
        script.timers.append(timer)
        script.onTimer?(timer, context)
    }
    mutating func onOrder(_ update: OrderUpdate, _ context: StrategyContext) {
        script.updates.append(update)
    }
    mutating func onFill(_ fill: Fill, _ context: StrategyContext) {
        script.fills.append(fill)
        script.onFill?(fill, context)
    }
    mutating func onState(_ change: StateChange, _ context: StrategyContext) {
        script.changes.append(change)
    }
    mutating func setParameter(_ key: Int64, _ value: Int64) -> Bool {
        script.parameter = (key, value)
        return key == 7
    }
}
