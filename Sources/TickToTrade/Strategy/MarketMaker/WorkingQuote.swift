import MarketModel

/// One side's quote at the venue: at most one order that rests, and one on its way to replace it.
struct WorkingQuote: BitwiseCopyable {
    var id = ClientOrderID.none
    /// The order that `id` is to replace, until the venue has confirmed its end.
    var replaced = ClientOrderID.none
    var price = Price.zero
    /// After a denial the same is not asked again before this moment.
    var pausedUntil = Timestamp.unknown
    /// It is being cancelled only to be placed elsewhere.
    private var isMoving = false

    private static var denialPause: Nanoseconds { Nanoseconds(100_000_000) }

    /// Brings the quote to the target: places, moves or withdraws it, or leaves it in its queue.
    @_noLocks
    mutating func work(
        _ side: Side, _ target: Price, _ targetSize: Quantity, _ slack: Int64,
        _ instrument: InstrumentIndex, _ context: StrategyContext
    ) {
        if context.now < pausedUntil, targetSize.raw > 0 { return }
        if id == .none {
            place(side, target, targetSize, instrument, context)
            return
        }
        guard let order = context.order(id) else {
            id = .none
            return
        }
        if targetSize.raw <= 0 {
            // Also before the venue has answered: a fill now would be one too many.
            _ = withdraw(context)
            return
        }
        if !order.state.acceptsChanges { return }
        let distance = target.raw &- price.raw
        let isOff = distance >= slack || distance <= 0 &- slack
        // A size is corrected when it is off by half: less is not worth the place in the queue.
        let left = order.quantity.raw &- order.filled.raw
        let isOversized = left > targetSize.raw &+ targetSize.raw / 2
        let isUndersized = left < targetSize.raw / 2
        if isOff || isOversized || isUndersized {
            move(side, target, targetSize, instrument, context)
        }
    }

    /// Cancels what rests; `false` when nothing does.
    @_noLocks
    mutating func withdraw(_ context: StrategyContext) -> Bool {
        id != .none && context.cancel(id)
    }

    /// Forgets orders that have ended; falls back to the old order when its replacement failed.
    /// Whether a new order is wanted at once, in the place of one that was cancelled for it.
    @_noLocks
    mutating func follow(_ update: OrderUpdate, _ context: StrategyContext) -> Bool {
        if !update.state.isTerminal { return false }
        if update.clientOrderID == replaced {
            replaced = .none
            return false
        }
        let wasMoving = isMoving
        isMoving = false
        id = .none
        if replaced != .none, let old = context.order(replaced), !old.state.isTerminal {
            id = replaced
            price = old.price
        }
        replaced = .none
        return wasMoving
    }

    private mutating func place(
        _ side: Side, _ target: Price, _ targetSize: Quantity, _ instrument: InstrumentIndex,
        _ context: StrategyContext
    ) {
        if targetSize.raw <= 0 { return }
        let intent = OrderIntent(
            instrument: instrument, side: side, type: .limitMaker, timeInForce: .none,
            price: target, quantity: targetSize)
        switch context.submit(intent) {
        case .sent(let order):
            id = order
            price = target
        case .denied(let reasons): pause(for: reasons, context)
        }
    }

    private mutating func move(
        _ side: Side, _ target: Price, _ targetSize: Quantity, _ instrument: InstrumentIndex,
        _ context: StrategyContext
    ) {
        if !context.instrument(instrument).pointee.offersCancelReplace {
            if context.mayRequote(instrument) { isMoving = withdraw(context) }
            return
        }
        let intent = OrderIntent(
            instrument: instrument, side: side, type: .limitMaker, timeInForce: .none,
            price: target, quantity: targetSize)
        switch context.replace(id, with: intent) {
        case .sent(let order):
            replaced = id
            id = order
            price = target
        case .denied(let reasons): pause(for: reasons, context)
        }
    }

    /// Our own other side in the way moves by itself at the next look; other rules last longer.
    private mutating func pause(for reasons: RiskViolations, _ context: StrategyContext) {
        if reasons.rawValue == RiskViolations(.selfCross).rawValue { return }
        pausedUntil = context.now + Self.denialPause
    }
}
