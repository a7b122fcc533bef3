import Emulator
import Engine
import Journal
import MarketModel
import TickToTrade
import Wire

/// Faults that strike the machines rather than single messages.
extension World {
    /// Does what is due: once in a second or so a roll for every such fault.
    func runAgenda() {
        while let first = agenda.first, first.due <= now {
            agenda.removeFirst()
            perform(first.task)
        }
        guard now >= nextRoll else { return }
        nextRoll = now + 100_000_000 + Int64(random.next() % 1_800_000_000)
        for kind in FaultKind.allCases where kind.isTimed && faults.strikes(kind) { strike(kind) }
        operate()
    }

    /// Nothing strikes any more, and what lasts ends.
    func endFaults() {
        faults.isOver = true
        disk.heal()
        nextJournalTurn = min(nextJournalTurn, now)
        readersStuckUntil = now
    }

    private func strike(_ kind: FaultKind) {
        switch kind {
        case .exchangeRestart, .exchangeRestartWithLoss: takeExchangeDown(kind)
        case .streamExpiry: exchange.expireUserStreams(at: exchangeNow)
        case .venueCancel:
            exchange.perform(.expireOrders(symbol: symbol(kind)), at: exchangeNow)
        case .ownerCancel:
            let market = Int(faults.number(kind, in: 0...1))
            // Half of the time as soon as an order is partly filled, which seldom lasts.
            let patience = faults.number(kind, in: 0...1) * 2_000_000_000
            plan(.cancelPartlyFilled(market, until: now + patience), in: 0)
        case .maintenance:
            let symbol = symbol(kind)
            exchange.perform(.setStatus(symbol: symbol, .pause), at: exchangeNow)
            plan(.openSymbol(symbol), in: faults.number(kind, in: 200_000_000...2_000_000_000))
        case .apiOutage:
            exchange.perform(.serveAPI(false), at: exchangeNow)
            plan(.serveAPI, in: faults.number(kind, in: 100_000_000...2_000_000_000))
        case .retirement, .hastyRetirement:
            let notice = kind == .retirement
                ? Surroundings.ampleNotice : 0...Surroundings.ampleNotice.lowerBound
            exchange.perform(
                .retireConnections(noticeMilliseconds: faults.number(kind, in: notice)),
                at: exchangeNow)
        case .fundsLock: lockFunds()
        case .exchangeClockStep:
            exchangeClock.step(by: faults.number(kind, in: 1_000_000...400_000_000))
            plan(.settleClock, in: 3_000_000_000)
        case .clockStep:
            machineClock.step(by: faults.number(kind, in: -2_000_000_000...90_000_000))
        case .clockJump:
            machineClock.step(by: faults.number(kind, in: 150_000_000...3_000_000_000))
        case .clockDrift:
            machineClock.run(
                fast: faults.number(kind, in: -500...500), at: now, since: Surroundings.start)
        case .exchangeDrift:
            exchangeClock.run(
                fast: faults.number(kind, in: -500...500), at: now, since: Surroundings.start)
        case .liquidation:
            exchange.perform(
                .liquidate(
                    account: Surroundings.account, symbol: symbol(kind),
                    quantity: faults.number(kind, in: 1...100) * 1_000_000), at: exchangeNow)
        case .diskFull:
            disk.isFull = true
            plan(.freeDisk, in: faults.number(kind, in: 200_000_000...4_000_000_000))
        case .diskError: disk.loseNextSync()
        case .diskSlow: nextJournalTurn = now + faults.number(kind, in: 50_000_000...4_000_000_000)
        case .stuckReaders: readersStuckUntil = now + faults.number(kind, in: 0...3_000_000_000)
        case .commandFlood: flood()
        case .crash, .tornCrash:
            doom(after: UInt64(faults.number(kind, in: 1...40)), isTorn: kind == .tornCrash)
        default: command(kind)
        }
    }

    private func command(_ kind: FaultKind) {
        switch kind {
        case .commandHalt:
            lane?.command(.halt, at: engineNow)
            plan(.resume, in: faults.number(kind, in: 1_000_000...2_000_000_000))
        case .commandCancelAll: lane?.command(.cancelAll, at: engineNow)
        case .commandFlatten:
            lane?.command(.flatten, at: engineNow)
            plan(.resume, in: faults.number(kind, in: 1_000_000...2_000_000_000))
        case .commandLimit:
            // One after the other, beginning anywhere: none waits for its luck.
            if limitTurn == nil {
                limitTurn = Int(faults.number(kind, in: 0...Int64(Surroundings.binding.count - 1)))
            }
            for _ in 0..<2 { tightenNext() }
        case .commandRestart: lane?.command(.shutdown, value: 1, at: engineNow)
        default: break
        }
    }

    /// Somebody asks so often that the ring of commands is full, and the operator's halt has to wait.
    private func flood() {
        guard let lane else { return }
        while lane.command(.listOrders, at: engineNow) {}
        plan(.halt, in: 0)
        plan(.resume, in: faults.number(.commandFlood, in: 100_000_000...1_000_000_000))
    }

    /// What is free of every asset is locked for a while: the venue refuses every new order.
    private func lockFunds() {
        let span = faults.number(.fundsLock, in: 200_000_000...2_000_000_000)
        for asset in Surroundings.assets {
            let amount = exchange.freeBalance(of: Surroundings.account, asset)
            exchange.perform(lock(asset, amount), at: exchangeNow)
            plan(.freeFunds(asset, amount), in: span)
        }
    }

    private func lock(_ asset: String, _ amount: Int64) -> ExchangeAction {
        .lockExternally(account: Surroundings.account, asset: asset, amount: amount)
    }

    private func takeExchangeDown(_ kind: FaultKind) {
        guard exchangeDownUntil == nil else { return }
        network.resetAll(of: .exchange)
        exchangeDownUntil = now + faults.number(kind, in: 10_000_000...1_500_000_000)
        restartLosesOrders = kind == .exchangeRestartWithLoss
    }

    private func perform(_ task: Errand) {
        switch task {
        case .resume where isResting: break
        case .freeDisk: disk.isFull = false
        case .halt: if lane?.command(.halt, at: engineNow) == false { plan(.halt, in: 100_000) }
        case .resume: lane?.command(.resume, at: engineNow)
        case .openSymbol(let symbol):
            exchange.perform(.setStatus(symbol: symbol, .trading), at: exchangeNow)
        case .restoreLimit(let key, let instrument, let strategy):
            set(key, instrument, strategy, to: Surroundings.limits[key] ?? 0)
        case .freeFunds(let asset, let amount):
            exchange.perform(lock(asset, -amount), at: exchangeNow)
        case .settleClock: exchangeClock.settle()
        case .serveAPI: exchange.perform(.serveAPI(true), at: exchangeNow)
        case .cancelPartlyFilled(let market, let until):
            if now < until, !isResting, !hasPartlyFilled(market) {
                return plan(.cancelPartlyFilled(market, until: until), in: 2_000_000)
            }
            exchange.perform(
                .cancelOrders(
                    account: Surroundings.account, symbol: Surroundings.symbols[market]),
                at: exchangeNow)
        }
    }

    /// Whether the engine holds an order as partly filled that it has not asked to change.
    private func hasPartlyFilled(_ market: Int) -> Bool {
        lane?.state.pointee.openOrders(in: InstrumentIndex(UInt16(market)))
            .contains { $0.state == .partiallyFilled } ?? false
    }

    /// Sets the next limit to a value that binds, for a while.
    private func tightenNext() {
        guard let turn = limitTurn else { return }
        limitTurn = (turn + 1) % Surroundings.binding.count
        let (key, values) = Surroundings.binding[turn]
        let instrument = InstrumentIndex(UInt16(faults.number(.commandLimit, in: 0...1)))
        let strategy = StrategyIndex(UInt16(faults.number(.commandLimit, in: 0...2)))
        set(key, instrument, strategy, to: faults.number(.commandLimit, in: values))
        plan(
            .restoreLimit(key, instrument, strategy),
            in: faults.number(.commandLimit, in: 300_000_000...3_000_000_000))
    }

    private func set(
        _ key: RiskLimitKey, _ instrument: InstrumentIndex, _ strategy: StrategyIndex, to value: Int64
    ) {
        lane?.command(
            .setLimit, instrument: instrument, strategy: strategy, key: key.rawValue, value: value,
            at: engineNow)
    }

    func stop(strategy: StrategyIndex) {
        lane?.command(.stopStrategy, strategy: strategy, at: engineNow)
    }

    /// The operator: whatever only a human may lift is lifted once it has been looked at.
    func operate() {
        guard let lane else { return }
        // What is not journaled any more can only begin anew, also when everything comes to rest.
        // Nor does a day's loss end before the day, but for whoever knows that its limit was wrong.
        let isLoss = !isResting && lane.state.pointee.halts.contains(.dailyLoss)
        if lane.journal.status.hasEnded || isLoss {
            lane.command(.shutdown, value: 1, at: engineNow)
            return
        }
        if isResting { return }
        let halts = lane.state.pointee.halts
        if halts.rawValue & HaltReasons.byOperator.rawValue != 0 {
            plan(.resume, in: 500_000_000)
        }
    }

    private func plan(_ task: Errand, in span: Int64) {
        agenda.append((now + span, task))
        agenda.sort { $0.due < $1.due }
    }

    private func symbol(_ kind: FaultKind) -> String {
        Surroundings.symbols[Int(faults.number(kind, in: 0...1))]
    }
}
