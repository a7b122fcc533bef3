import MarketModel

/// What the moment allows: halts, data, hours, and the price against book and last trade.
extension RiskGate {
    @_noLocks
    func checkState(_ intent: OrderIntent, _ context: RiskContext) {
        let limits = instruments + intent.instrument.slot
        if context.isHalted || limits.pointee.limits.isHalted { fail(.halted, 1, 0, .none) }
        if !context.quote.isValid { fail(.bookInvalid, 1, 0, .none) }
        let stale = limits.pointee.limits.staleData.count
        if stale > 0 {
            let age = (context.now - context.lastDataTime).count
            // Data from the future is no fresher than old data: the clock is not to be trusted.
            if age > stale || age < 0 {
                fail(.staleData, Int128(age), Int128(stale), .nanoseconds)
            }
        }
        if order.hoursStart != order.hoursEnd { checkHours(context.now) }
        // A post-only quote is no directional entry (BUG-173).
        if order.requiresProtection, !intent.hasProtection, intent.type != .limitMaker {
            fail(.protection, 0, 1, .none)
        }
        let move = limits.pointee.limits.maxMove
        if move > 0, Self.isUsable(context.sessionOpen), Self.isUsable(context.last),
            isBeyond(context.last, move, from: context.sessionOpen)
        {
            fail(
                .volatility, basisPoints(context.last, from: context.sessionOpen), Int128(move),
                .basisPoints)
        }
    }

    private func checkHours(_ now: Timestamp) {
        if !isWithinHours(now) {
            fail(.tradingHours, Int128(minute(now)), Int128(order.hoursStart), .minutes)
        }
    }

    @inline(__always) @_noLocks
    func isWithinHours(_ now: Timestamp) -> Bool {
        let minute = minute(now)
        return order.hoursStart < order.hoursEnd
            ? minute >= order.hoursStart && minute < order.hoursEnd
            : minute >= order.hoursStart || minute < order.hoursEnd
    }

    /// Of the UTC day.
    @inline(__always) @_noLocks
    func minute(_ now: Timestamp) -> Int64 {
        now.nanoseconds % Nanoseconds.day.count / 60_000_000_000
    }

    @_noLocks
    func checkPrice(_ intent: OrderIntent, _ context: RiskContext) {
        let opposite = intent.side == .buy ? context.quote.ask.price : context.quote.bid.price
        if intent.type.isConditional {
            checkConditionalPrice(intent)
            return
        }
        checkSelfCross(intent, opposite, context)
        if intent.type == .market { return }
        if order.priceBand > 0 {
            if Self.isUsable(opposite), isBeyond(intent.price, order.priceBand, from: opposite) {
                fail(
                    .priceBand, basisPoints(intent.price, from: opposite),
                    Int128(order.priceBand), .basisPoints)
            }
            if Self.isUsable(context.last),
                isBeyond(intent.price, order.priceBand, from: context.last)
            {
                fail(
                    .priceBand, basisPoints(intent.price, from: context.last),
                    Int128(order.priceBand), .basisPoints)
            }
        }
        if order.fatFinger > 0, Self.isUsable(opposite) {
            let isThrough =
                intent.side == .buy ? intent.price > opposite : intent.price < opposite
            if isThrough, isBeyond(intent.price, order.fatFinger, from: opposite) {
                fail(
                    .fatFinger, basisPoints(intent.price, from: opposite),
                    Int128(order.fatFinger), .basisPoints)
            }
        }
    }

    /// An order that waits may wait anywhere: its limit is measured from the price that wakes it.
    /// What it meets then is not known now; one of our own orders is the venue's to prevent.
    private func checkConditionalPrice(_ intent: OrderIntent) {
        let stop = intent.terms.stopPrice
        if !intent.type.isPriced || !Self.isUsable(stop) { return }
        if order.priceBand > 0, isBeyond(intent.price, order.priceBand, from: stop) {
            fail(
                .priceBand, basisPoints(intent.price, from: stop), Int128(order.priceBand),
                .basisPoints)
        }
        let isThrough = intent.side == .buy ? intent.price > stop : intent.price < stop
        if order.fatFinger > 0, isThrough, isBeyond(intent.price, order.fatFinger, from: stop) {
            fail(
                .fatFinger, basisPoints(intent.price, from: stop), Int128(order.fatFinger),
                .basisPoints)
        }
    }

    /// A market order may reach one percent into the book.
    private func checkSelfCross(
        _ intent: OrderIntent, _ opposite: Price, _ context: RiskContext
    ) {
        let own = intent.side == .buy ? context.ownBestAsk : context.ownBestBid
        if own.raw <= 0 { return }
        var reach = intent.price
        if intent.type == .market {
            let slip = opposite.raw / 100
            reach = Price(
                raw: intent.side == .buy ? opposite.raw &+ slip : opposite.raw &- slip)
            // No book to measure by: every own order may be in the way.
            if opposite.raw <= 0 { reach = own }
        }
        if intent.side == .buy ? reach >= own : reach <= own {
            fail(.selfCross, Int128(reach.raw), Int128(own.raw), .price)
        }
    }

    private static func isUsable(_ price: Price) -> Bool {
        price.raw > 0 && price.raw <= largestRaw
    }
}
