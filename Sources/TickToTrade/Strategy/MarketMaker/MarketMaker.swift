import MarketModel

/// An inventory-aware market maker for one instrument: one post-only quote a side.
///
/// Reservation price and spread after Avellaneda and Stoikov (``QuoteModel``) around the
/// micro-price; each side's size shrinks as inventory fills up on it; a quote moves only when the
/// target is `requoteTicks` away, so that queue position is not thrown away for noise. Where the
/// venue cannot replace an order in one request, it is cancelled and, once it has ended, placed anew.
public struct MarketMaker: Strategy {
    /// What the operator sets; prices in basis points, sizes in base units.
    public struct Parameters: BitwiseCopyable, Sendable {
        public var instrument: InstrumentIndex
        public var model: QuoteModel
        /// Size of a quote with no inventory.
        public var orderSize: Quantity
        /// Largest position either way; quoting stops on the side that would exceed it.
        public var maxInventory: Quantity
        /// A quote moves when its target is at least this many ticks away; 1 or more.
        public var requoteTicks: Int64
        /// Shortest time between two looks at the quotes, on the market's clock.
        public var refresh: Nanoseconds
        /// Half-life of the variance estimate.
        public var volatilityHalfLife: Nanoseconds

        public init(
            instrument: InstrumentIndex, model: QuoteModel, orderSize: Quantity,
            maxInventory: Quantity, requoteTicks: Int64, refresh: Nanoseconds,
            volatilityHalfLife: Nanoseconds
        ) {
            precondition(orderSize.raw > 0 && maxInventory.raw > 0 && requoteTicks > 0)
            self.instrument = instrument
            self.model = model
            self.orderSize = orderSize
            self.maxInventory = maxInventory
            self.requoteTicks = requoteTicks
            self.refresh = refresh
            self.volatilityHalfLife = volatilityHalfLife
        }
    }

    /// Keys of ``setParameter(_:_:)``.
    public enum ParameterKey: Int64, CaseIterable, Sendable {
        /// Raw base quantity, 1 or more.
        case orderSize = 1
        case maxInventory = 2
        /// Ticks, 1...10 000.
        case requoteTicks = 3
        /// Nanoseconds, 0 to one hour.
        case refresh = 4
    }

    public internal(set) var parameters: Parameters
    var variance: VarianceEstimate
    var bid = WorkingQuote()
    var ask = WorkingQuote()
    var nextLook = Timestamp.unknown

    public init(_ parameters: Parameters) {
        self.parameters = parameters
        variance = VarianceEstimate(halfLife: parameters.volatilityHalfLife)
    }

    @_noLocks
    public mutating func onTop(_ top: TopOfBook, _ context: StrategyContext) {
        look(context)
    }

    @_noLocks
    public mutating func onBook(_ instrument: InstrumentIndex, _ context: StrategyContext) {
        look(context)
    }

    @_noLocks
    public mutating func onFill(_ fill: Fill, _ context: StrategyContext) {
        // Inventory changed: the next look may not wait for the refresh interval.
        nextLook = context.marketTime(parameters.instrument)
    }

    @_noLocks
    public mutating func onOrder(_ update: OrderUpdate, _ context: StrategyContext) {
        var isWanted = false
        if bid.id == update.clientOrderID || bid.replaced == update.clientOrderID {
            isWanted = bid.follow(update, context)
        } else if ask.id == update.clientOrderID || ask.replaced == update.clientOrderID {
            isWanted = ask.follow(update, context)
        }
        if isWanted { nextLook = context.marketTime(parameters.instrument) }
    }

    @_noLocks
    public mutating func onState(_ change: StateChange, _ context: StrategyContext) {
        switch change {
        case .bookInvalid(let index) where index == parameters.instrument:
            // A quote on a book that is not known is a free option for others.
            _ = bid.withdraw(context)
            _ = ask.withdraw(context)
        case .instrumentResumed(let index) where index == parameters.instrument:
            nextLook = context.marketTime(index)
        default: break
        }
    }

    @_noLocks
    public mutating func setParameter(_ key: Int64, _ value: Int64) -> Bool {
        switch key {
        case ParameterKey.orderSize.rawValue:
            if value < 1 { return false }
            parameters.orderSize = Quantity(raw: value)
        case ParameterKey.maxInventory.rawValue:
            if value < 1 { return false }
            parameters.maxInventory = Quantity(raw: value)
        case ParameterKey.requoteTicks.rawValue:
            if value < 1 || value > 10_000 { return false }
            parameters.requoteTicks = value
        case ParameterKey.refresh.rawValue:
            if value < 0 || value > Nanoseconds.seconds(3600).count { return false }
            parameters.refresh = Nanoseconds(value)
        default: return false
        }
        return true
    }

    // MARK: - Quoting

    private mutating func look(_ context: StrategyContext) {
        let quote = context.quote(parameters.instrument)
        if !quote.isValid {
            // Crossed or one-sided: there is no fair price to quote around.
            _ = bid.withdraw(context)
            _ = ask.withdraw(context)
            return
        }
        let fair = microPrice(quote)
        let time = context.marketTime(parameters.instrument)
        variance.update(fair, at: time)
        // Further away than the interval is a moment of another clock: ours, before the venue's.
        let isEarly = time < nextLook && nextLook - time <= parameters.refresh
        if isEarly || !variance.isReady { return }
        if !context.mayTrade(parameters.instrument) { return }
        nextLook = time + parameters.refresh

        let position = context.position(parameters.instrument)
        var inventory = Double(position.raw) / Double(parameters.maxInventory.raw)
        inventory = inventory > 1 ? 1 : inventory < -1 ? -1 : inventory
        let offsets = parameters.model.quote(
            inventory: inventory, variance: variance.basisPointsSquaredPerSecond)
        let rules = context.instrument(parameters.instrument)
        let tick = rules.pointee.tickSize
        guard var bidPrice = price(fair * (1 + offsets.bid * 1e-4)),
            var askPrice = price(fair * (1 + offsets.ask * 1e-4))
        else { return }
        // Rounded away from the market, and never through the other side: post-only.
        bidPrice = bidPrice.flooredToMultiple(of: tick)
        if bidPrice >= quote.ask.price { bidPrice = quote.ask.price - tick }
        askPrice = askPrice.ceiledToMultiple(of: tick)
        if askPrice <= quote.bid.price { askPrice = quote.bid.price + tick }

        let bidSize = size(inventory, rules)
        let askSize = size(0 - inventory, rules)
        let slack = tick.raw &* parameters.requoteTicks
        bid.work(.buy, bidPrice, bidSize, slack, parameters.instrument, context)
        ask.work(.sell, askPrice, askSize, slack, parameters.instrument, context)
    }

    /// Full size when flat or when the quote would reduce inventory, down to nothing at the limit.
    private func size(_ filled: Double, _ rules: UnsafePointer<Instrument>) -> Quantity {
        if filled <= 0 { return parameters.orderSize }
        let raw = Double(parameters.orderSize.raw) * (1 - filled)
        return Quantity(raw: Int64(raw)).flooredToMultiple(of: rules.pointee.lotSize)
    }

    /// The way back to fixed point; `nil` for what is no price: a wild market must not trap.
    private func price(_ value: Double) -> Price? {
        value >= 1 && value < 1e18 ? Price(raw: Int64(value)) : nil
    }

    /// (bid·askQuantity + ask·bidQuantity) / (bidQuantity + askQuantity), raw price units.
    private func microPrice(_ quote: Quote) -> Double {
        let bidQuantity = Double(quote.bid.quantity.raw)
        let askQuantity = Double(quote.ask.quantity.raw)
        let weighed =
            Double(quote.bid.price.raw) * askQuantity + Double(quote.ask.price.raw) * bidQuantity
        return weighed / (bidQuantity + askQuantity)
    }
}
