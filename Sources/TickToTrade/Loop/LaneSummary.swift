import MarketModel
import Rings

/// One instrument as the lane last published it.
@frozen
public struct InstrumentSummary: BitwiseCopyable, Sendable {
    public var bid = BookLevel(price: .zero, quantity: .zero)
    public var ask = BookLevel(price: .zero, quantity: .zero)
    public var last = Price.zero
    public var position = Quantity.zero
    public var averageEntry = Price.zero
    public var unrealised = Notional.zero
    public var realised = Notional.zero
    public var fees = Notional.zero
    public var openOrders: Int32 = 0
    public var resyncs: Int32 = 0
    public var isBookValid = false
    /// What its market contexts lack.
    public var history = TradeHistoryRequest()

    @inlinable
    public init() {}
}

/// One asset of the account as the lane last published it; amounts in units of 1e-8.
@frozen
public struct AssetSummary: BitwiseCopyable, Sendable, Equatable {
    /// Free and locked together, as told and moved by fills since; -1 while unknown.
    public var balance: Int64 = -1
    /// Commissions paid in it; a rebate is negative.
    public var feesPaid: Int64 = 0
    /// The part of them for which there was no rate.
    public var feesUnvalued: Int64 = 0
    /// The part of them that was paid for trades in which it is not the base asset: it left the
    /// balance and no position.
    public var feesOutside: Int64 = 0
    /// Deposits less withdrawals since the start, as the session has heard of them.
    public var transferred: Int64 = 0

    @inlinable
    public init() {}
}

/// The lane's state as of its last publication.
@frozen
public struct LaneSummary: BitwiseCopyable, Sendable {
    public var time = Timestamp.unknown
    public var haltReasons: UInt32 = 0
    public var openOrders: Int32 = 0
    public var unknownOrders: Int32 = 0
    /// Changes with every balance that changes.
    public var balanceVersion: UInt64 = 0

    @inlinable
    public init() {}
}

extension TradingState {
    /// One instrument as people see it. Cold: divides for the average.
    public func status(of index: InstrumentIndex) -> InstrumentSummary {
        let quote = markets[index.slot].quote()
        let position = ledger.position(index).pointee
        var status = InstrumentSummary()
        status.bid = quote.bid
        status.ask = quote.ask
        status.last = markets[index.slot].top.lastPrice
        status.position = position.quantity
        status.averageEntry = position.averageEntry
        status.unrealised = position.unrealised(at: ledger.mark(index))
        status.realised = position.realised
        status.fees = position.fees
        status.openOrders = Int32(truncatingIfNeeded: orders.openCount(in: index))
        status.resyncs = markets[index.slot].resyncs
        status.isBookValid = quote.isValid
        status.history = contexts.request(of: index)
        return status
    }

    /// The lane as people see it.
    public func laneStatus(now: Timestamp) -> LaneSummary {
        var status = LaneSummary()
        status.time = now
        status.haltReasons = halts.rawValue
        status.openOrders = Int32(truncatingIfNeeded: orders.openCount)
        status.unknownOrders = Int32(truncatingIfNeeded: unknownCount)
        status.balanceVersion = ledger.balanceVersion
        return status
    }

    /// Whether a book may be traded on, and the last update id it has taken in.
    public func bookPlace(of index: InstrumentIndex) -> (isValid: Bool, updateID: Int64) {
        let market = markets + index.slot
        return (market.pointee.book.isValid, market.pointee.book.lastUpdateID)
    }

    /// Orders that the venue has although they have ended here, still being cancelled.
    package var revivedOrderCount: Int { revived.count + givenUp.count }

    /// One asset as people see it.
    public func account(of asset: AssetIndex) -> AssetSummary {
        var status = AssetSummary()
        status.balance = ledger.balance(asset) ?? -1
        if asset.slot >= ledger.assetCount { return status }
        status.feesPaid = ledger.fees.paid(in: asset.slot)
        status.feesUnvalued = ledger.fees.unvalued(in: asset.slot)
        status.feesOutside = ledger.fees.outside(in: asset.slot)
        return status
    }

    public var assetCount: Int { ledger.assetCount }

    /// Orders that may still trade.
    public var openOrderCount: Int { orders.openCount }

    /// Orders denied by rule number `rule` since the start.
    public func denials(of rule: Int) -> Int64 { risk.denials[rule] }

    /// Hands each open order of an instrument to `body`, newest first; neither may change them.
    public func forEachOpenOrder(in index: InstrumentIndex, _ body: (Order) -> Void) {
        var order = orders.firstOpen(in: index)
        while let current = order {
            body(current.pointee)
            order = orders.next(after: current)
        }
    }

    /// Open orders of an instrument, newest first. Cold: allocates.
    public func openOrders(in index: InstrumentIndex) -> [Order] {
        var list: [Order] = []
        forEachOpenOrder(in: index) { list.append($0) }
        return list
    }

    /// An order that stands for none, to end a listing with.
    public var blankOrder: Order {
        Order(
            id: .none,
            intent: OrderIntent(
                instrument: .none, side: .buy, type: .limit, timeInForce: .gtc, price: .zero,
                quantity: .zero),
            strategy: .none, time: .unknown)
    }
}
