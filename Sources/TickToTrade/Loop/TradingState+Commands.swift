import MarketModel
import Rings

/// The operator's commands, and halts with or without one.
extension TradingState {
    @_noLocks
    public mutating func apply(_ command: Command, now: Timestamp) {
        switch command.kind {
        case .halt:
            // The key names another cause: the engine itself halts through a command too.
            let cause = HaltReasons(rawValue: UInt32(truncatingIfNeeded: command.key))
            raise(cause.isEmpty ? .operatorCommand : cause, now)
            if command.id != 0 || intervention.phase == .none {
                intervene(command, everything: false, isFlatten: false, now)
            } else {
                // Nobody waits for the engine's own, and what an operator has asked for goes on.
                _ = cancelOrders(
                    in: command.instrument, of: command.strategy, everything: false, now: now)
            }
        case .cancelAll: intervene(command, everything: true, isFlatten: false, now)
        case .flatten:
            raise(.operatorCommand, now)
            intervene(command, everything: true, isFlatten: true, now)
        case .shutdown:
            raise(.shutdown, now)
            intervene(command, everything: command.value != 0, isFlatten: command.value != 0, now)
        case .resume: resume(command, now)
        case .setLimit: setLimit(command, now)
        case .startStrategy, .stopStrategy: setRunning(command, now)
        case .haltInstrument: haltInstrument(command, now)
        case .setRate: setRate(command, now)
        case .claim: claim(command, now)
        case .askOrder: askOrder(command, now)
        case .setAccountLimit:
            let isTaken = risk.setAccountLimit(command.key, command.value)
            answer(command, accepted: isTaken, now: now)
        case .setParameter, .listOrders, .listPositions, .listLimits:
            answer(command, accepted: false, now: now)
        }
    }

    /// Answers a command that is done at once.
    @_noLocks
    public mutating func answer(_ command: Command, accepted: Bool, now: Timestamp) {
        var reply = CommandAnswer()
        reply.commandID = command.id
        reply.arrival = command.time
        reply.isAccepted = accepted
        reply.haltReasons = halts.rawValue
        _ = answers.push(reply)
    }

    // MARK: - Halts

    /// Stops new risk for a reason; entries are cancelled when trading was allowed before.
    @_noLocks
    public mutating func raise(_ reason: HaltReasons, _ now: Timestamp) {
        if halts.contains(reason) { return }
        let wasTrading = halts.isEmpty
        halts.insert(reason)
        announce(LaneEvent(.halted, time: now, code: Int64(halts.rawValue)))
        if !wasTrading {
            owe(at: now)
            return
        }
        counts.halts &+= 1
        notifyAll(.halted)
        _ = cancelOrders(in: .none, of: .none, everything: false, now: now)
    }

    @_noLocks
    mutating func lift(_ reason: HaltReasons, _ now: Timestamp) {
        if reason.isEmpty || !halts.contains(reason) { return }
        halts.remove(reason)
        if !halts.isEmpty { return }
        announce(LaneEvent(.resumed, time: now))
        notifyAll(.resumed)
    }

    /// The day's loss limit stops everything until the next UTC day (RSK-08).
    @_noLocks
    mutating func checkDailyLoss(_ now: Timestamp) {
        let limit = risk.global.maxDailyLoss
        if limit <= 0 || halts.contains(.dailyLoss) { return }
        let worst = 0 - Int128(limit) * Int128(risk.moneyUnit)
        if ledger.dayProfit().raw <= worst { raise(.dailyLoss, now) }
    }

    /// Refused while anything is unknown, an instrument does not balance, or a cause lasts that only
    /// its own event can lift.
    private mutating func resume(_ command: Command, _ now: Timestamp) {
        let lasting = halts.without(.byOperator)
        if !lasting.isEmpty || unknownCount > 0 || isUnbalanced || !revived.isEmpty {
            answer(command, accepted: false, now: now)
            return
        }
        lift(halts, now)
        answer(command, accepted: true, now: now)
    }

    // MARK: - Commands with confirmation

    private mutating func intervene(
        _ command: Command, everything: Bool, isFlatten: Bool, _ now: Timestamp
    ) {
        finishIntervention(now)
        intervention = Intervention()
        intervention.phase = .canceling
        intervention.isFlatten = isFlatten
        intervention.scope = command.instrument
        intervention.strategy = command.strategy
        intervention.answer.commandID = command.id
        intervention.answer.arrival = command.time
        intervention.answer.isAccepted = true
        _ = cancelOrders(
            in: command.instrument, of: command.strategy, everything: everything, now: now)
        awaitOpenOrders(command, everything, now)
        settleIntervention(now)
    }

    /// Marks the orders whose end the command waits for: those being cancelled in its scope.
    private mutating func awaitOpenOrders(
        _ command: Command, _ everything: Bool, _ now: Timestamp
    ) {
        var slot = 0
        while slot < instrumentCount {
            let index = InstrumentIndex(UInt16(truncatingIfNeeded: slot))
            slot &+= 1
            let isInScope = command.instrument == .none || command.instrument == index
            var order = orders.firstOpen(in: index)
            while let current = order {
                order = orders.next(after: current)
                let isMeant =
                    isInScope && (everything || !isSpared(current))
                    && (command.strategy == .none
                        || command.strategy == current.pointee.strategy)
                // A command taken over does not wait for its orders any more.
                current.pointee.isAwaited = isMeant
                if !isMeant { continue }
                intervention.outstanding &+= 1
                intervention.answer.cancelsSent &+= 1
                if canSend(now) { intervention.answer.lastSent = now }
            }
        }
    }

    /// Called when an order has ended: counts it for the command that waits.
    @_noLocks
    mutating func settleIntervention(_ now: Timestamp, ended: Bool = false) {
        if intervention.phase == .none { return }
        if ended {
            intervention.outstanding &-= 1
            if intervention.phase == .canceling {
                intervention.answer.cancelsConfirmed &+= 1
                intervention.answer.lastConfirmed = now
            }
        }
        if intervention.outstanding > 0 {
            // Nothing can be confirmed without a session: who asked is told how it stands, and the
            // cancels go out when it is back.
            if halts.contains(.orderSessionDown) { answerIntervention() }
            return
        }
        if intervention.phase == .canceling, intervention.isFlatten {
            // Nothing can be closed without a session: the command waits for it.
            if halts.contains(.orderSessionDown) { return }
            intervention.phase = .closing
            closePositions(now)
            if intervention.outstanding > 0 { return }
        }
        if intervention.phase == .closing, intervention.strategy == .none {
            if halts.contains(.orderSessionDown) { return }
            intervention.phase = .closingRest
            closeRemainders(now)
            if intervention.outstanding > 0 { return }
        }
        finishIntervention(now)
    }

    private mutating func finishIntervention(_ now: Timestamp) {
        if intervention.phase == .none { return }
        intervention.phase = .none
        answerIntervention()
    }

    private mutating func answerIntervention() {
        if intervention.isAnswered { return }
        intervention.isAnswered = true
        intervention.answer.haltReasons = halts.rawValue
        _ = answers.push(intervention.answer)
    }

    /// Sends a reduce-only market order for every strategy's position in the scope.
    private mutating func closePositions(_ now: Timestamp) {
        var slot = 0
        while slot < instrumentCount {
            let index = InstrumentIndex(UInt16(truncatingIfNeeded: slot))
            slot &+= 1
            if intervention.scope != .none && intervention.scope != index { continue }
            var strategy = 0
            while strategy < strategyCount {
                let owner = StrategyIndex(UInt16(truncatingIfNeeded: strategy))
                strategy &+= 1
                if intervention.strategy != .none && intervention.strategy != owner { continue }
                close(position(of: owner, in: index), in: index, of: owner, now)
            }
        }
    }

    /// Sends one for every instrument's net position that is left: several strategies may hold
    /// what each alone cannot sell, the venue's smallest order being larger.
    private mutating func closeRemainders(_ now: Timestamp) {
        var slot = 0
        while slot < instrumentCount {
            let index = InstrumentIndex(UInt16(truncatingIfNeeded: slot))
            slot &+= 1
            if intervention.scope != .none && intervention.scope != index { continue }
            close(ledger.position(index).pointee.quantity, in: index, of: .none, now)
        }
    }

    private mutating func close(
        _ held: Quantity, in index: InstrumentIndex, of owner: StrategyIndex, _ now: Timestamp
    ) {
        if held.raw == 0 { return }
        let intent = OrderIntent(
            instrument: index, side: held.raw > 0 ? .sell : .buy, type: .market,
            timeInForce: .none, price: .zero, quantity: held.magnitude, isReduceOnly: true)
        guard case .sent(let id) = submit(intent, for: owner, now: now),
            let order = orders.find(id)
        else { return }
        order.pointee.isAwaited = true
        intervention.outstanding &+= 1
        intervention.answer.closingOrders &+= 1
    }

    // MARK: - Settings

    private mutating func setLimit(_ command: Command, _ now: Timestamp) {
        let taken = risk.set(
            command.key, instrument: command.instrument, strategy: command.strategy,
            to: command.value)
        if taken {
            if command.key == RiskGate.haltedKey {
                halt(command.instrument, command.value == 0 ? .none : .operatorCommand, now)
            }
            announce(
                LaneEvent(
                    .limitChanged, time: now, instrument: command.instrument,
                    strategy: command.strategy, code: command.key,
                    price: Price(raw: command.value)))
        }
        answer(command, accepted: taken, now: now)
    }

    private mutating func setRunning(_ command: Command, _ now: Timestamp) {
        let slot = command.strategy.slot
        if slot >= strategyCount {
            answer(command, accepted: false, now: now)
            return
        }
        let isStart = command.kind == .startStrategy
        isRunning[slot] = isStart
        announce(
            LaneEvent(
                isStart ? .strategyStarted : .strategyStopped, time: now,
                strategy: command.strategy))
        if !isStart {
            _ = cancelOrders(in: .none, of: command.strategy, everything: false, now: now)
        }
        answer(command, accepted: true, now: now)
    }
}
