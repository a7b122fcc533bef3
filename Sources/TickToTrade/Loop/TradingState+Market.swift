import MarketModel

/// Market data and time come in.
extension TradingState {
    /// A bar from before this run, as the venue shows it: trades go on behind it.
    @_noLocks
    public mutating func resume(_ other: Candle) { candles.resume(other) }

    /// `false` when the trade is known already, or older than one that is.
    @_noLocks
    public mutating func apply(_ trade: Trade, now: Timestamp) -> Bool {
        let slot = trade.instrument.slot
        if slot >= instrumentCount { return false }
        markets[slot].arrived(at: now, venueTime: trade.venueTime)
        if !markets[slot].top.apply(trade) { return false }
        if indicators.wants(.trades, of: slot) {
            indicators.take(trade, markets[slot].quote(), of: slot)
        }
        markets[slot].average.add(trade.price, trade.quantity, at: markets[slot].time(now))
        if markets[slot].sessionOpen.raw == 0 { markets[slot].sessionOpen = trade.price }
        value(trade.instrument, now)
        let missing = candles.add(trade, now: now)
        if missing > 0 {
            announce(
                LaneEvent(
                    .tradesMissing, time: now, instrument: trade.instrument, code: missing))
        }
        contexts.add(trade)
        tellContextEvents()
        closeCandles(now: now)
        return true
    }

    /// `false` when a newer announcement is known.
    @_noLocks
    public mutating func apply(_ top: TopOfBook, now: Timestamp) -> Bool {
        let slot = top.instrument.slot
        if slot >= instrumentCount { return false }
        markets[slot].arrived(at: now, venueTime: top.venueTime)
        if !markets[slot].top.apply(top) { return false }
        feedQuotes(slot)
        value(top.instrument, now)
        return true
    }

    /// `false` when the book is not valid and the diff changed nothing.
    @_noLocks
    public mutating func apply(
        _ depth: DepthHeader, levels: UnsafePointer<BookLevel>, now: Timestamp
    ) -> Bool {
        let slot = depth.instrument.slot
        if slot >= instrumentCount { return false }
        markets[slot].arrived(at: now, venueTime: depth.venueTime)
        if case .refused = markets[slot].book.apply(depth, levels) { return false }
        feedQuotes(slot)
        if indicators.wants(.book, of: slot) { indicators.take(markets[slot].book, of: slot) }
        value(depth.instrument, now)
        return true
    }

    /// To shared indicators that take quotes.
    @inline(__always)
    private mutating func feedQuotes(_ slot: Int) {
        if indicators.wants(.quotes, of: slot) { indicators.take(markets[slot].quote(), of: slot) }
    }

    /// Marks the position to market; its loss may be the one that stops trading (RSK-08).
    private mutating func value(_ instrument: InstrumentIndex, _ now: Timestamp) {
        ledger.mark(instrument, at: markets[instrument.slot].mark())
        if ledger.position(instrument).pointee.quantity.raw != 0 { checkDailyLoss(now) }
    }

    /// Lets time pass: timers, answers that are overdue, candles and the UTC day that have ended.
    @_noLocks
    public mutating func advance(to now: Timestamp) {
        closeCandles(now: now)
        advanceContexts(to: now)
        while let due = timers.takeDue(now) { notify(due.strategy, .timer(due.timer)) }
        while let overdue = pending.takeOverdue(now) { loseTrack(of: overdue, now) }
        sweep(now)
        if now >= nextDay { startDay(now) }
    }

    /// Starts the UTC day that `now` is in: day profit and a daily-loss halt begin anew.
    @_noLocks
    mutating func startDay(_ now: Timestamp) {
        nextDay = Timestamp(nanoseconds: (now.utcDay &+ 1) &* Nanoseconds.day.count)
        if !ledger.roll(to: now) { return }
        var slot = 0
        while slot < instrumentCount {
            markets[slot].sessionOpen = .zero
            slot &+= 1
        }
        if halts.contains(.dailyLoss) { lift(.dailyLoss, now) }
    }

    private mutating func closeCandles(now: Timestamp) {
        while let closed = candles.takeClosed(at: now) {
            indicators.take(fromTrades: closed.candle, closed.interval)
            var slot = 0
            while slot < strategyCount {
                if listens(slot, to: closed.candle.instrument) {
                    notify(
                        StrategyIndex(UInt16(truncatingIfNeeded: slot)),
                        .candle(closed.candle, interval: closed.interval))
                }
                slot &+= 1
            }
        }
    }

    // MARK: - Connections

    @_noLocks
    public mutating func apply(_ link: LinkState, now: Timestamp) {
        switch link.event {
        case .marketStreamUp:
            lift(.marketStreamDown, now)
            indicators.markMissed(until: candles.venueTime(at: now))
            notifyAll(.marketStreamUp)
        case .marketStreamDown:
            raise(.marketStreamDown, now)
            candles.doubt()
            contexts.doubt()
            invalidateBooks(now)
            notifyAll(.marketStreamDown)
        case .orderSessionUp:
            asksForOrders = false
            lift(.userStreamDown, now)
            lift(.orderSessionDown, now)
            regainSession(now)
            notifyAll(.orderSessionUp)
        case .orderFallbackUp, .orderFallbackPlacing:
            asksForOrders = true
            if link.event == .orderFallbackUp { raise(.userStreamDown, now) }
            lift(.orderSessionDown, now)
            regainSession(now)
            notifyAll(.orderFallbackUp)
        case .orderSessionDown:
            raise(.orderSessionDown, now)
            ledger.forgetOrderOfBalances()
            lift(.userStreamDown, now)
            asksForOrders = false
            loseSession(now)
            settleIntervention(now)
            notifyAll(.orderSessionDown)
        case .bookInvalid: setBook(link.instrument, isValid: false, now)
        case .bookSynced: setBook(link.instrument, isValid: true, now)
        case .reconciled: lift(.notReconciled, now)
        }
    }

    private mutating func setBook(
        _ instrument: InstrumentIndex, isValid: Bool, _ now: Timestamp
    ) {
        if instrument.slot >= instrumentCount { return }
        if isValid {
            announce(LaneEvent(.bookSynced, time: now, instrument: instrument))
            notifyAll(.bookValid(instrument))
        } else {
            markets[instrument.slot].book.invalidate()
            markets[instrument.slot].resyncs &+= 1
            announce(LaneEvent(.bookInvalid, time: now, instrument: instrument))
            notifyAll(.bookInvalid(instrument))
        }
    }

    private mutating func invalidateBooks(_ now: Timestamp) {
        var slot = 0
        while slot < instrumentCount {
            let index = InstrumentIndex(UInt16(truncatingIfNeeded: slot))
            markets[slot].book.invalidate()
            markets[slot].top.forgetTop()
            notifyAll(.bookInvalid(index))
            slot &+= 1
        }
    }
}
