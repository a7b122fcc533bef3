import MarketModel

/// Which order a request means: by the venue's id, the client's, or both.
struct OrderSelector: Equatable {
    var orderID: Int64?
    var clientOrderID: String?
}

/// States in which an order may be cancelled.
enum CancelRestriction: String {
    case onlyNew = "ONLY_NEW"
    case onlyPartiallyFilled = "ONLY_PARTIALLY_FILLED"
}

/// A cancelled order and the id of the request that did it.
struct CanceledOrder {
    let order: UserOrder
    let cancelClientOrderID: String
    let time: Timestamp
}

/// The two halves of a cancel-replace.
struct CancelReplaceOutcome {
    let cancel: Result<CanceledOrder, Rejection>
    /// `nil`: not attempted.
    let placement: Result<PlacedOrder, Rejection>?
}

extension Exchange {
    /// Finds an order of the account; `nil` when there is none or the two ids disagree.
    func find(
        _ selector: OrderSelector, in market: SymbolMarket, account: AccountIndex
    ) -> UserOrder? {
        let found = selector.orderID.flatMap { market.orders[$0] }
            ?? (selector.orderID == nil
                ? selector.clientOrderID.flatMap {
                    market.orders.find(account, clientOrderID: $0)
                } : nil)
        guard let found, found.account == account else { return nil }
        if selector.orderID != nil, let id = selector.clientOrderID, found.clientOrderID != id {
            return nil
        }
        return found
    }

    func cancel(
        _ selector: OrderSelector, in market: SymbolMarket, account: AccountIndex,
        newClientOrderID: String?, restriction: CancelRestriction? = nil, now: Timestamp
    ) throws(Rejection) -> CanceledOrder {
        guard var order = find(selector, in: market, account: account), order.isOpen else {
            throw .unknownOrder
        }
        if restriction == .onlyNew, order.status != .new { throw .restrictedCancel }
        if restriction == .onlyPartiallyFilled, order.status != .partiallyFilled {
            throw .restrictedCancel
        }
        guard market.matcher.cancel(order.handle) != nil else { throw .unknownOrder }
        var settlement = Settlement(now: now)
        close(&order, as: .canceled, market, &settlement)
        market.orders.save(order)
        let cancelID = newClientOrderID ?? makeClientOrderID()
        report(.canceled, order, now, cancelClientOrderID: cancelID)
        if market.matcher is MatchingEngine {
            market.record(market.matcher.log, now: now, into: &publicEvents)
        }
        publishPositions(settlement)
        return CanceledOrder(order: order, cancelClientOrderID: cancelID, time: now)
    }

    /// Cancels every open order of the account on one symbol; refused when there is none.
    func cancelAll(
        in market: SymbolMarket, account: AccountIndex, now: Timestamp
    ) throws(Rejection) -> [CanceledOrder] {
        let open = market.orders.open(of: account)
        guard !open.isEmpty else { throw .unknownOrder }
        var canceled: [CanceledOrder] = []
        for order in open {
            canceled.append(
                try cancel(
                    OrderSelector(orderID: order.id), in: market, account: account,
                    newClientOrderID: nil, now: now))
        }
        return canceled
    }

    /// Cancels one order and places another; with `stopsOnFailure` only after a good cancel.
    func cancelReplace(
        _ selector: OrderSelector, with ticket: OrderTicket, in market: SymbolMarket,
        account: AccountIndex, cancelClientOrderID: String?, restriction: CancelRestriction?,
        stopsOnFailure: Bool, now: Timestamp
    ) throws(Rejection) -> CancelReplaceOutcome {
        // A new order that breaks a filter fails the request before anything is cancelled.
        try check(ticket, in: market, account: account)
        let canceled: Result<CanceledOrder, Rejection>
        do throws(Rejection) {
            canceled = .success(
                try cancel(
                    selector, in: market, account: account, newClientOrderID: cancelClientOrderID,
                    restriction: restriction, now: now))
        } catch {
            if stopsOnFailure {
                return CancelReplaceOutcome(cancel: .failure(error), placement: nil)
            }
            canceled = .failure(error)
        }
        do throws(Rejection) {
            let placed = try place(ticket, in: market, account: account, now: now)
            return CancelReplaceOutcome(cancel: canceled, placement: .success(placed))
        } catch {
            return CancelReplaceOutcome(cancel: canceled, placement: .failure(error))
        }
    }
}
