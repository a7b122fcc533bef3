import MarketModel

/// Long-only breakout over the highest high of the last completed UTC days, for one instrument.
///
/// Enters when a whole signal candle closes above the resistance with more volume than usual; a
/// partial one says neither where it closed nor how loud it was. Leaves at
/// the take-profit or the stop-loss price. Both exits are reduce-only orders that this strategy
/// sends when the best bid reaches them: the venue holds no stop for it.
public struct Breakout: Strategy {
    /// Ratios in basis points of the entry price, money at the instrument's scale.
    public struct Parameters: BitwiseCopyable, Sendable {
        public var instrument: InstrumentIndex
        /// Completed days that make the resistance, 1...64 (STR-04: 20).
        public var lookbackDays: Int
        /// Length of the candles whose close may signal (STR-04: one hour).
        public var signalInterval: Nanoseconds
        /// Above the entry (STR-04: 700) and below it (1600).
        public var takeProfit: Int64
        public var stopLoss: Int64
        /// Money put into one entry.
        public var orderNotional: Notional
        /// Yesterday's quote volume must reach this (STR-04: one million).
        public var minDailyVolume: Notional
        /// The signal candle's volume over its average, in basis points; 0 switches it off.
        public var volumeFactor: Int64

        public init(
            instrument: InstrumentIndex, lookbackDays: Int = 20,
            signalInterval: Nanoseconds = .seconds(3600), takeProfit: Int64 = 700,
            stopLoss: Int64 = 1_600, orderNotional: Notional, minDailyVolume: Notional,
            volumeFactor: Int64 = 15_000
        ) {
            precondition((1...DailyHighs.longest).contains(lookbackDays))
            precondition(takeProfit > 0 && stopLoss > 0 && stopLoss < 10_000)
            self.instrument = instrument
            self.lookbackDays = lookbackDays
            self.signalInterval = signalInterval
            self.takeProfit = takeProfit
            self.stopLoss = stopLoss
            self.orderNotional = orderNotional
            self.minDailyVolume = minDailyVolume
            self.volumeFactor = volumeFactor
        }
    }

    /// Keys of ``setParameter(_:_:)``; ratios in basis points.
    public enum ParameterKey: Int64, CaseIterable, Sendable {
        case takeProfit = 1
        case stopLoss = 2
        case volumeFactor = 3
    }

    public internal(set) var parameters: Parameters
    var days = DailyHighs()
    var averageVolume = 0.0
    var signalCandles = 0
    var entry = ClientOrderID.none
    var exit = ClientOrderID.none
    /// Of the position held: what its buys cost and their quantity.
    var cost = Notional.zero
    var bought = Quantity.zero
    /// An exit that was refused is not tried again before this moment.
    var nextExit = Timestamp.unknown

    public init(_ parameters: Parameters) { self.parameters = parameters }

    /// Two days more than it looks back on: the first of them may be partial.
    public var warmUp: WarmUp {
        WarmUp(
            interval: .day,
            duration: Nanoseconds(Nanoseconds.day.count * Int64(parameters.lookbackDays + 2)))
    }

    /// A position that an earlier run has left keeps its exits.
    @_noLocks
    public mutating func onStart(_ context: StrategyContext) {
        let held = context.position(parameters.instrument)
        if held.raw <= 0 { return }
        cost = context.positionCost(parameters.instrument)
        bought = held
    }

    @_noLocks
    public mutating func onCandle(
        _ candle: Candle, interval: Nanoseconds, _ context: StrategyContext
    ) {
        if candle.instrument != parameters.instrument || !candle.isClosed { return }
        if interval == .day {
            days.add(candle)
        } else if interval == parameters.signalInterval, !candle.isPartial {
            considerEntry(candle, context)
            remember(candle)
        }
    }

    @_noLocks
    public mutating func onTop(_ top: TopOfBook, _ context: StrategyContext) {
        considerExit(context)
    }

    @_noLocks
    public mutating func onBook(_ instrument: InstrumentIndex, _ context: StrategyContext) {
        considerExit(context)
    }

    @_noLocks
    public mutating func onFill(_ fill: Fill, _ context: StrategyContext) {
        if fill.side != .buy { return }
        // Whatever order it is of: a late fill makes a position that needs its exits, too.
        let before = context.position(parameters.instrument) - fill.positionQuantity
        if before < context.instrument(parameters.instrument).pointee.minQuantity {
            cost = .zero
            bought = .zero
        }
        cost += Notional(fill.price, fill.quantity)
        bought += fill.quantity
    }

    @_noLocks
    public mutating func onOrder(_ update: OrderUpdate, _ context: StrategyContext) {
        if !update.state.isTerminal { return }
        if update.clientOrderID == entry { entry = .none }
        if update.clientOrderID == exit {
            exit = .none
            if update.state != .filled { nextExit = context.now + Self.exitPause }
        }
    }

    @_noLocks
    public mutating func setParameter(_ key: Int64, _ value: Int64) -> Bool {
        switch key {
        case ParameterKey.takeProfit.rawValue:
            if value < 1 || value > 100_000 { return false }
            parameters.takeProfit = value
        case ParameterKey.stopLoss.rawValue:
            if value < 1 || value > 9_999 { return false }
            parameters.stopLoss = value
        case ParameterKey.volumeFactor.rawValue:
            if value < 0 || value > 1_000_000 { return false }
            parameters.volumeFactor = value
        default: return false
        }
        return true
    }

    // MARK: - Decisions

    private mutating func considerEntry(_ candle: Candle, _ context: StrategyContext) {
        let position = context.closablePosition(parameters.instrument)
        if position.raw != 0 || entry != .none || exit != .none { return }
        guard let range = days.range(of: parameters.lookbackDays, before: candle.openTime)
        else { return }
        if candle.close <= range.high || range.volume < parameters.minDailyVolume { return }
        if !isLoud(candle) || !context.mayTrade(parameters.instrument) { return }
        let ask = context.quote(parameters.instrument).ask
        if ask.quantity.raw <= 0 || ask.price.raw <= 0 { return }
        let rules = context.instrument(parameters.instrument)
        let raw = parameters.orderNotional.raw / Int128(ask.price.raw)
        if raw > Int128(Int64.max) { return }
        let size = Quantity(raw: Int64(raw)).flooredToMultiple(of: rules.pointee.lotSize)
        let intent = OrderIntent(
            instrument: parameters.instrument, side: .buy, type: .limit, timeInForce: .ioc,
            price: ask.price + rules.pointee.tickSize, quantity: size, hasProtection: true)
        if case .sent(let order) = context.submit(intent) { entry = order }
    }

    /// How long after a refused exit the next one waits.
    private static var exitPause: Nanoseconds {
        @_noLocks get { Nanoseconds(1_000_000_000) }
    }

    private mutating func considerExit(_ context: StrategyContext) {
        if exit != .none || bought.raw <= 0 || context.now < nextExit { return }
        let position = context.closablePosition(parameters.instrument)
        if position.raw <= 0 { return }
        // Not on a price that may be stale (BUG-177).
        let quote = context.quote(parameters.instrument)
        if !quote.isValid { return }
        let bid = quote.bid
        // Compared as products: no rounding but the average's, down by less than one raw unit.
        let scaled = Int128(bid.price.raw) * 10_000
        let base = cost.raw / Int128(bought.raw)
        let isProfit = scaled >= base * Int128(10_000 + parameters.takeProfit)
        let isLoss = scaled <= base * Int128(10_000 - parameters.stopLoss)
        if !isProfit && !isLoss { return }
        let intent = OrderIntent(
            instrument: parameters.instrument, side: .sell, type: .market, timeInForce: .none,
            price: .zero, quantity: position, isReduceOnly: true)
        if case .sent(let order) = context.submit(intent) {
            exit = order
        } else {
            nextExit = context.now + Self.exitPause
        }
    }

    /// More volume than the average of the candles before it (STR-04).
    private func isLoud(_ candle: Candle) -> Bool {
        if parameters.volumeFactor == 0 { return true }
        if signalCandles == 0 { return false }
        return Double(candle.volume.raw) * 10_000
            >= averageVolume * Double(parameters.volumeFactor)
    }

    private mutating func remember(_ candle: Candle) {
        signalCandles &+= 1
        let weight = 1.0 / Double(signalCandles < 24 ? signalCandles : 24)
        averageVolume += (Double(candle.volume.raw) - averageVolume) * weight
    }
}
