import Control
import Machine
import MarketModel
import Telemetry
import TickToTrade

/// The control socket's view of the engine: each method is one command to the lane.
extension LiveEngine: ControlTarget {
    public func vocabulary() -> ControlVocabulary {
        ControlVocabulary(
            instruments: plan.instruments.map(\.symbol.text),
            strategies: snapshotNow().strategies, limits: limitBook.descriptions(plan),
            parameters: StrategyParameters.descriptions(plan))
    }

    public func snapshot() -> EngineSnapshot { snapshotNow() }

    public func latencies(includingBuckets: Bool) -> [StageFigures] {
        builder.latencies(includingBuckets: includingBuckets)
    }

    public func openOrders(
        in scope: OrderScope, atMost maximum: Int
    ) async throws(ControlFailure) -> [OrderFigures] {
        guard let orders = await desk.openOrders() else {
            throw .timedOut("the lane did not list its orders")
        }
        let now = Timestamp(nanoseconds: clock.now())
        let wanted = orders.filter { order in
            (scope.instrument == nil || symbol(order.instrument) == scope.instrument)
                && (scope.strategy == nil || name(order.strategy) == scope.strategy)
        }
        return wanted.sorted { $0.createdTime < $1.createdTime }.prefix(maximum).map {
            figures($0, now)
        }
    }

    public func positions() -> [PositionFigures] {
        let published = builder.lane.board.read()
        return zip(plan.instruments, published.instruments).map { instrument, summary in
            let figures = SnapshotBuilder.figures(instrument, summary)
            return PositionFigures(
                instrument: figures.symbol, position: figures.position,
                averageEntry: figures.averageEntry, mark: figures.last,
                unrealised: figures.unrealised, realised: figures.realised, fees: figures.fees,
                asset: instrument.quoteAssetName.text)
        }
    }

    public func journal() async -> JournalFigures { journalFigures() }

    // MARK: - Commands

    public func halt(reason: String) async throws(ControlFailure) -> CancelOutcome {
        try refuseWhileStopping()
        let reply = try await answer(.halt)
        builder.haltNote = reason == "operator" ? nil : reason
        return outcome(reply)
    }

    public func resume() async throws(ControlFailure) -> StateOutcome {
        try refuseWhileStopping()
        let reply = try await answer(.resume)
        guard reply.isAccepted else {
            let lasting = HaltReasons(rawValue: reply.haltReasons).names.joined(separator: ", ")
            throw .refused(
                "still halted by: \(lasting); resume works when their causes are gone, no order's "
                    + "fate is unknown and every instrument balances with the venue")
        }
        return StateOutcome(state: .trading)
    }

    public func cancelAll(in scope: OrderScope) async throws(ControlFailure) -> CancelOutcome {
        try refuseWhileStopping()
        return outcome(
            try await answer(
                .cancelAll, instrument: instrument(scope), strategy: strategy(scope)))
    }

    public func flatten(_ scope: OrderScope) async throws(ControlFailure) -> FlattenOutcome {
        try refuseWhileStopping()
        let reply = try await answer(
            .flatten, instrument: instrument(scope), strategy: strategy(scope),
            patience: .seconds(25))
        let wanted = scope.instrument
        return FlattenOutcome(
            cancels: outcome(reply), closingOrdersSent: Int64(reply.closingOrders),
            remaining: positions().filter { wanted == nil || $0.instrument == wanted }
                .filter { !isDust($0) })
    }

    /// Below the venue's smallest order, in quantity or in money: nothing can close it.
    private func isDust(_ position: PositionFigures) -> Bool {
        guard let own = plan.instruments.first(where: { $0.symbol.text == position.instrument }),
            let held = position.position.raw64(atScale: Int(own.quantityScale))
        else { return false }
        let size = Quantity(raw: held).magnitude
        if size.raw == 0 || size < own.minQuantity { return true }
        guard let mark = position.mark?.raw64(atScale: Int(own.priceScale)) else { return false }
        return Notional(Price(raw: mark), size) < own.minNotional
    }

    public func setLimit(_ change: LimitChange) async throws(ControlFailure) -> LimitSetting {
        try refuseWhileStopping()
        guard let key = RiskLimitKey(path: "\(change.scope.rawValue).\(change.limit)") else {
            throw .refused("there is no limit \(change.scope.rawValue).\(change.limit)")
        }
        let slots = try limitBook.slots(of: change, plan)
        let raw = try limitBook.raw(change.value, key, plan, slots.first)
        var previous: LimitSetting?
        for slot in slots {
            let isStrategy = change.scope == .strategy
            let reply = try await answer(
                .setLimit,
                instrument: change.scope == .instrument ? InstrumentIndex(UInt16(slot)) : .none,
                strategy: isStrategy ? StrategyIndex(UInt16(slot)) : .none, key: key.rawValue,
                value: raw)
            guard reply.isAccepted else {
                throw .refused("the lane did not take \(change.limit) = \(change.value)")
            }
            previous = limitBook.store(key, slot, raw, change, plan)
        }
        guard let previous else { throw .refused("nothing to set") }
        return previous
    }

    public func limits() async -> [LimitSetting] { limitBook.settings(plan) }

    public func startStrategy(_ name: String) async throws(ControlFailure) -> StrategyFigures {
        try await setRunning(name, true)
    }

    public func stopStrategy(_ name: String) async throws(ControlFailure) -> StrategyFigures {
        try await setRunning(name, false)
    }

    public func parameters(of strategy: String) -> [ParameterSetting] {
        StrategyParameters.settings(of: strategy, plan, changedParameters)
    }

    public func setParameters(
        _ changes: [ParameterChange], of strategy: String
    ) async throws(ControlFailure) -> [ParameterSetting] {
        try refuseWhileStopping()
        let writes = try StrategyParameters.writes(changes, of: strategy, plan)
        for write in writes {
            let reply = try await answer(
                .setParameter, strategy: write.strategy, key: write.key, value: write.raw)
            guard reply.isAccepted else {
                throw .refused("\(strategy) did not take \(write.name)")
            }
            changedParameters[strategy, default: [:]][write.name] = write.value
        }
        return parameters(of: strategy)
    }

    public func shutdown(flattening: Bool) -> StateOutcome {
        wantsStop = flattening ? .flattening : .plain
        return StateOutcome(state: .stopping)
    }

    // MARK: - Inside

    private func setRunning(
        _ name: String, _ isRunning: Bool
    ) async throws(ControlFailure) -> StrategyFigures {
        try refuseWhileStopping()
        for (slot, own) in plan.strategyNames.enumerated() where own == name {
            _ = try await answer(
                isRunning ? .startStrategy : .stopStrategy,
                strategy: StrategyIndex(UInt16(slot)))
        }
        if isRunning { builder.stopped.remove(name) } else { builder.stopped.insert(name) }
        guard let figures = snapshotNow().strategies.first(where: { $0.name == name }) else {
            throw .refused("there is no strategy \(name)")
        }
        return figures
    }

    private func answer(
        _ kind: CommandKind, instrument: InstrumentIndex = .none,
        strategy: StrategyIndex = .none, key: Int64 = 0, value: Int64 = 0,
        patience: Nanoseconds = .seconds(10)
    ) async throws(ControlFailure) -> CommandAnswer {
        let reply = await desk.ask(
            kind, instrument: instrument, strategy: strategy, key: key, value: value,
            patience: patience)
        guard let reply else {
            throw .timedOut("the lane did not confirm within \(patience.count / 1_000_000) ms")
        }
        return reply
    }

    private func refuseWhileStopping() throws(ControlFailure) {
        if isStopping { throw .unavailable("the engine is stopping") }
    }

    private func outcome(_ reply: CommandAnswer) -> CancelOutcome {
        let halts = HaltReasons(rawValue: reply.haltReasons)
        func after(_ time: Timestamp) -> Int64? {
            time == .unknown ? nil : max((time - reply.arrival).count, 0)
        }
        return CancelOutcome(
            state: halts.isEmpty ? .trading : .halted, cancelsSent: Int64(reply.cancelsSent),
            cancelsConfirmed: Int64(reply.cancelsConfirmed),
            lastSentAfterNanoseconds: after(reply.lastSent),
            lastConfirmedAfterNanoseconds: after(reply.lastConfirmed))
    }

    private func symbol(_ index: InstrumentIndex) -> String { plan.instruments[index.slot].symbol.text }

    private func name(_ index: StrategyIndex) -> String? {
        index.slot < plan.strategyNames.count ? plan.strategyNames[index.slot] : nil
    }

    private func instrument(_ scope: OrderScope) -> InstrumentIndex {
        plan.instruments.first { $0.symbol.text == scope.instrument }?.index ?? .none
    }

    private func strategy(_ scope: OrderScope) -> StrategyIndex {
        guard let name = scope.strategy, let slot = plan.strategyNames.firstIndex(of: name) else {
            return .none
        }
        return StrategyIndex(UInt16(slot))
    }

    func figures(_ order: Order, _ now: Timestamp) -> OrderFigures {
        let instrument = plan.instruments[order.instrument.slot]
        return OrderFigures(
            order: order.id.text,
            venueOrder: order.venueID == .none ? nil : order.venueID.raw,
            instrument: instrument.symbol.text, strategy: name(order.strategy),
            side: order.side == .buy ? .buy : .sell, type: "\(order.type)",
            state: "\(order.state)", price: ExactDecimal(order.price, of: instrument),
            quantity: ExactDecimal(order.quantity, of: instrument),
            filled: ExactDecimal(order.filled, of: instrument),
            ageNanoseconds: max((now - order.createdTime).count, 0))
    }
}
