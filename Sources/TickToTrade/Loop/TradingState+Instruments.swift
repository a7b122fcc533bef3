import MarketModel

/// Single instruments stop and go on, while the others trade.
extension TradingState {
    /// A command that halts an instrument, or with cause `none` ends its halt.
    @_noLocks
    mutating func haltInstrument(_ command: Command, _ now: Timestamp) {
        guard let cause = InstrumentHalt(key: command.key),
            command.instrument.slot < instrumentCount
        else { return answer(command, accepted: false, now: now) }
        let isOther =
            cause == .none && command.value != 0
            && markets[command.instrument.slot].halt.code != command.value
        if !isOther { halt(command.instrument, cause, now) }
        answer(command, accepted: !isOther, now: now)
    }

    /// Halts an instrument or lets it go on; strategies that trade it are told, entries in it are
    /// cancelled. A newer cause takes the place of the one before.
    @_noLocks
    mutating func halt(
        _ instrument: InstrumentIndex, _ cause: InstrumentHalt, _ now: Timestamp
    ) {
        let market = markets + instrument.slot
        if market.pointee.halt == cause { return }
        market.pointee.halt = cause
        let isHalt = cause != .none
        _ = risk.set(
            RiskGate.haltedKey, instrument: instrument, strategy: .none,
            to: isHalt ? 1 : 0)
        announce(
            LaneEvent(
                isHalt ? .instrumentHalted : .instrumentResumed, time: now,
                instrument: instrument, code: cause.code))
        var slot = 0
        while slot < strategyCount {
            if listens(slot, to: instrument) {
                notify(
                    StrategyIndex(UInt16(truncatingIfNeeded: slot)),
                    .state(
                        isHalt
                            ? .instrumentHalted(instrument, cause)
                            : .instrumentResumed(instrument)))
            }
            slot &+= 1
        }
        if isHalt { _ = cancelOrders(in: instrument, of: .none, everything: false, now: now) }
    }

    /// Why an instrument takes no new risk by itself.
    @_noLocks
    public func halt(of instrument: InstrumentIndex) -> InstrumentHalt {
        instrument.slot < instrumentCount ? markets[instrument.slot].halt : .none
    }

    /// Whether an instrument is not what the venue says it is.
    var isUnbalanced: Bool {
        @_noLocks get {
            var slot = 0
            while slot < instrumentCount {
                if markets[slot].halt == .notBalanced { return true }
                slot &+= 1
            }
            return false
        }
    }
}
