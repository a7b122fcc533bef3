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

/// What a cancel ended: one order, or the whole list it was part of.
enum Cancellation {
    case order(CanceledOrder)
    case list(CanceledList)
}

/// The two halves of a cancel-replace.
struct CancelReplaceOutcome {
    let cancel: Result<Cancellation, Rejection>
    /// `nil`: not attempted.
    let placement: Result<PlacedOrder, Rejection>?
}

extension Exchange {
    /// Finds an order of the account; `nil` when there is none.
    ///
    /// With both ids the venue's is looked up and the client's must belong to it.
    func find(
        _ selector: OrderSelector, in market: SymbolMarket, account: AccountIndex
    ) throws(Rejection) -> UserOrder? {
        guard let id = selector.orderID else {
            return selector.clientOrderID.flatMap {
                market.orders.find(account, clientOrderID: $0)
            }
        }
        guard let found = market.orders[id], found.account == account else { return nil }
        if let clientID = selector.clientOrderID, found.clientOrderID != clientID {
            throw .clientOrderIDMismatch
        }
        return found
    }

    /// Cancels an order, and with it the whole list it is part of.
    func cancel(
        _ selector: OrderSelector, in market: SymbolMarket, account: AccountIndex,
        newClientOrderID: String?, restriction: CancelRestriction? = nil, now: Timestamp
    ) throws(Rejection) -> Cancellation {
        guard let order = try find(selector, in: market, account: account), order.isOpen else {
            throw .unknownOrder
        }
        if restriction == .onlyNew, order.status != .new { throw .restrictedCancel }
        if restriction == .onlyPartiallyFilled, order.status != .partiallyFilled {
            throw .restrictedCancel
        }
        let cancelID = newClientOrderID ?? makeClientOrderID()
        if order.listID >= 0, let list = lists[order.listID], list.isOpen {
            return .list(cancel(list, in: market, cancelID: cancelID, now: now))
        }
        return .order(cancel(order, in: market, cancelID: cancelID, now: now))
    }

    private func cancel(
        _ order: UserOrder, in market: SymbolMarket, cancelID: String, now: Timestamp
    ) -> CanceledOrder {
        var order = order
        var settlement = Settlement(now: now)
        takeOut(order, market, now: now)
        close(&order, as: .canceled, market, &settlement)
        market.orders.save(order)
        report(.canceled, order, now) { $0.requestClientOrderID = cancelID }
        publishPositions(settlement)
        return CanceledOrder(order: order, cancelClientOrderID: cancelID, time: now)
    }

    /// Cancels an order list by the venue's id or the client's.
    func cancelList(
        _ selector: OrderSelector, in market: SymbolMarket, account: AccountIndex,
        newClientOrderID: String?, now: Timestamp
    ) throws(Rejection) -> CanceledList {
        guard let list = findList(selector, account: account), list.isOpen,
            list.market == market.index
        else { throw .unknownOrder }
        return cancel(list, in: market, cancelID: newClientOrderID ?? makeClientOrderID(), now: now)
    }

    /// Finds an order list of the account; `nil` when there is none.
    func findList(_ selector: OrderSelector, account: AccountIndex) -> OrderList? {
        let found = selector.orderID.map { lists[$0] }
            ?? selector.clientOrderID.flatMap { lists.find(account, clientOrderID: $0) }
        return found?.account == account ? found : nil
    }

    /// Cancels every open order of the account on one symbol; refused when there is none.
    func cancelAll(
        in market: SymbolMarket, account: AccountIndex, now: Timestamp
    ) throws(Rejection) -> [Cancellation] {
        let open = market.orders.open(of: account)
        guard !open.isEmpty else { throw .unknownOrder }
        var ended: [Cancellation] = []
        for order in open where market.orders[order.id]?.isOpen ?? false {
            ended.append(
                try cancel(
                    OrderSelector(orderID: order.id), in: market, account: account,
                    newClientOrderID: nil, now: now))
        }
        return ended
    }

    /// Cancels one order and places another; with `stopsOnFailure` only after a good cancel.
    ///
    /// - Parameter limit: why no new order may be placed; the cancel is tried all the same.
    func cancelReplace(
        _ selector: OrderSelector, with ticket: OrderTicket, in market: SymbolMarket,
        account: AccountIndex, cancelClientOrderID: String?, restriction: CancelRestriction?,
        stopsOnFailure: Bool, limit: Rejection? = nil, now: Timestamp
    ) throws(Rejection) -> CancelReplaceOutcome {
        guard market.configuration.features.contains(.cancelReplace) else {
            throw .notSupported("Order cancel-replace", verb: "is")
        }
        // A new order that breaks a filter fails the request before anything is cancelled; but
        // the order to cancel makes room for it.
        do throws(Rejection) {
            try check(ticket, in: market, account: account)
        } catch {
            guard error.isCountFilter else { throw error }
        }
        let canceled: Result<Cancellation, Rejection>
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
            if let limit { throw limit }
            let placed = try place(ticket, in: market, account: account, now: now)
            return CancelReplaceOutcome(cancel: canceled, placement: .success(placed))
        } catch {
            if case .success = canceled { reportRefused(ticket, error, market, account, now) }
            return CancelReplaceOutcome(cancel: canceled, placement: .failure(error))
        }
    }

    /// The stream tells of a refused order only here: its cancel half went through.
    private func reportRefused(
        _ ticket: OrderTicket, _ refusal: Rejection, _ market: SymbolMarket,
        _ account: AccountIndex, _ now: Timestamp
    ) {
        var order = makeOrder(ticket, in: market, account: account, now: now)
        order.number(market.makeOrderID())
        order.status = .rejected
        report(.rejected, order, now) { $0.reason = refusal }
    }

    /// The venue itself ends every open order of a symbol, as at a delisting.
    func expireAll(in market: SymbolMarket, of account: AccountIndex? = nil, now: Timestamp) {
        var settlement = Settlement(now: now)
        let ending = market.orders.allOpen.filter { account == nil || $0.account == account }
        for order in ending where market.orders[order.id]?.isOpen ?? false {
            expire(order.id, because: .exchangeCanceled, market, &settlement)
            if let ended = market.orders[order.id] { noteEnd(of: ended, market, &settlement) }
        }
        publishPositions(settlement)
    }

    /// Ends an account's orders and sells for it at the market; `false` when nothing could be sold.
    func liquidate(
        _ account: AccountIndex, _ quantity: Quantity, in market: SymbolMarket, now: Timestamp
    ) -> Bool {
        expireAll(in: market, of: account, now: now)
        var ticket = OrderTicket(side: .sell, type: .market, timeInForce: .none)
        ticket.quantity = quantity
        ticket.clientOrderID = "autoclose-\(market.orders.allOpen.count)-\(now.nanoseconds)"
        return (try? place(ticket, in: market, account: account, now: now)) != nil
    }
}
