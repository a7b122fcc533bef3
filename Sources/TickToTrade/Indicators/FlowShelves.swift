import Indicators

/// Indicators of quotes, books and trades; see ``IndicatorShelves``.
struct FlowShelves: ~Copyable {
    enum Shelf: UInt8, BitwiseCopyable {
        case orderFlowImbalance, queueImbalance, weightedMid, microPrice, bookSlope, depth
        case cumulativeDelta, tradeFlowImbalance, vpin, kyleLambda, rollSpread, effectiveSpread
        case realisedSpread
    }

    private var orderFlowImbalance = FlowShelf<OrderFlowImbalance>()
    private var queueImbalance = FlowShelf<QueueImbalance>()
    private var weightedMid = FlowShelf<WeightedMid>()
    private var microPrice = FlowShelf<MicroPrice>()
    private var bookSlope = FlowShelf<BookSlope>()
    private var depth = FlowShelf<DepthAtDistance>()
    private var cumulativeDelta = FlowShelf<CumulativeDelta>()
    private var tradeFlowImbalance = FlowShelf<TradeFlowImbalance>()
    private var vpin = FlowShelf<VPIN>()
    private var kyleLambda = FlowShelf<KyleLambda>()
    private var rollSpread = FlowShelf<RollSpread>()
    private var effectiveSpread = FlowShelf<EffectiveSpread>()
    private var realisedSpread = FlowShelf<RealisedSpread>()

    /// As ``IndicatorShelves/add(_:)``; `nil` for one of another group. Cold.
    mutating func add(_ wanted: SharedIndicator) throws(IndicatorFailure) -> IndicatorPlace? {
        switch wanted {
        case .orderFlowImbalance(let period):
            orderFlowImbalance.add(
                try OrderFlowImbalance(period: period),
                .flow(.orderFlowImbalance))
        case .queueImbalance: queueImbalance.add(QueueImbalance(), .flow(.queueImbalance))
        case .weightedMid: weightedMid.add(WeightedMid(), .flow(.weightedMid))
        case .microPrice(let bins): microPrice.add(try MicroPrice(bins: bins), .flow(.microPrice))
        case .bookSlope: bookSlope.add(BookSlope(), .flow(.bookSlope))
        case .depth(let basisPoints):
            depth.add(try DepthAtDistance(basisPoints: basisPoints), .flow(.depth))
        case .cumulativeDelta: cumulativeDelta.add(CumulativeDelta(), .flow(.cumulativeDelta))
        case .tradeFlowImbalance(let period):
            tradeFlowImbalance.add(
                try TradeFlowImbalance(period: period),
                .flow(.tradeFlowImbalance))
        case .vpin(let bucketVolume, let buckets):
            vpin.add(try VPIN(bucketVolume: bucketVolume, buckets: buckets), .flow(.vpin))
        case .kyleLambda(let period):
            kyleLambda.add(try KyleLambda(period: period), .flow(.kyleLambda))
        case .rollSpread(let period):
            rollSpread.add(try RollSpread(period: period), .flow(.rollSpread))
        case .effectiveSpread(let period):
            effectiveSpread.add(try EffectiveSpread(period: period), .flow(.effectiveSpread))
        case .realisedSpread(let period, let delay):
            realisedSpread.add(
                try RealisedSpread(period: period, delay: delay),
                .flow(.realisedSpread))
        default: nil
        }
    }

    /// A change of the best quotes: the value behind it, of a shelf that takes such.
    @_noLocks
    mutating func take(
        _ quotes: BestQuotes, at number: Int, on shelf: Shelf
    ) -> IndicatorReading? {
        switch shelf {
        case .orderFlowImbalance: reading(orderFlowImbalance.take(quotes, at: number))
        case .queueImbalance: reading(queueImbalance.take(quotes, at: number))
        case .weightedMid: reading(weightedMid.take(quotes, at: number))
        case .microPrice: reading(microPrice.take(quotes, at: number))
        default: nil
        }
    }

    /// The best levels after a change of the book: the value behind it, of a shelf that takes such.
    @_noLocks
    mutating func take(
        _ levels: BookLevels, at number: Int, on shelf: Shelf
    ) -> IndicatorReading? {
        switch shelf {
        case .bookSlope: reading(bookSlope.take(levels, at: number))
        case .depth: reading(depth.take(levels, at: number))
        default: nil
        }
    }

    /// A trade, with the middle of the quotes just before it; 0 where there are none: the value behind it, of a shelf that takes such.
    @_noLocks
    mutating func take(
        _ trade: QuotedTrade, at number: Int, on shelf: Shelf
    ) -> IndicatorReading? {
        switch shelf {
        case .cumulativeDelta: reading(cumulativeDelta.take(trade.trade, at: number))
        case .tradeFlowImbalance: reading(tradeFlowImbalance.take(trade.trade, at: number))
        case .vpin: reading(vpin.take(trade.trade, at: number))
        case .kyleLambda: reading(kyleLambda.take(trade.trade, at: number))
        case .rollSpread: reading(rollSpread.take(trade.trade.price, at: number))
        case .effectiveSpread: reading(effectiveSpread.take(trade, at: number))
        case .realisedSpread: reading(realisedSpread.take(trade, at: number))
        default: nil
        }
    }

    static func feed(of shelf: Shelf) -> IndicatorFeed {
        switch shelf {
        case .orderFlowImbalance, .queueImbalance, .weightedMid, .microPrice: .quotes
        case .bookSlope, .depth: .book
        case .cumulativeDelta, .tradeFlowImbalance, .vpin, .kyleLambda,
            .rollSpread, .effectiveSpread, .realisedSpread:
            .trades
        }
    }
}

/// Indicators of one formula, side by side. Like `IndicatorShelf`, and here, since debug builds prove generic
/// code only within the file that uses it.
private struct FlowShelf<Formula: IndicatorFormula>: ~Copyable {
    private var items = UnsafeMutablePointer<Indicator<Formula>>.allocate(capacity: 1)
    private var count = 0

    deinit {
        items.deinitialize(count: count)
        items.deallocate()
    }

    mutating func add(_ formula: Formula, _ shelf: IndicatorPlace.Shelf) -> IndicatorPlace {
        let grown = UnsafeMutablePointer<Indicator<Formula>>.allocate(capacity: count + 1)
        grown.moveInitialize(from: items, count: count)
        items.deallocate()
        items = grown
        (items + count).initialize(to: Indicator(formula))
        count += 1
        return IndicatorPlace(shelf: shelf, number: count - 1, warmUp: formula.warmUp)
    }

    /// The value behind an input, also behind one that is refused.
    @inline(__always)
    mutating func take(_ input: Formula.Input, at number: Int) -> Formula.Output? {
        items[number].update(input)
        return items[number].value
    }
}
