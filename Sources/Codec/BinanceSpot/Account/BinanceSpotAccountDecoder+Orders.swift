import MarketModel

// Rows of answers: queried orders, open orders, balances, own trades.

extension BinanceSpotAccountDecoder {
    /// The state of the queried order in an answer whose content is `orderState`.
    @_noLocks
    public func executionReport(
        of response: VenueResponse
    ) throws(DecodeFailure) -> ExecutionReport {
        try orderState(try ResultFields(response.result), response.reply.receiveTime)
    }

    /// The open orders in an answer whose content is `list`.
    @_noLocks
    public func openOrders(of response: VenueResponse) throws(DecodeFailure) -> OrderCursor {
        try OrderCursor(response.result, self, receiveTime: response.reply.receiveTime)
    }

    /// The balances in an answer whose content is `account`.
    @_noLocks
    public func balances(of response: VenueResponse) throws(DecodeFailure) -> BalanceCursor {
        let fields = try ResultFields(response.result)
        return try BalanceCursor(
            fields.balances, directory.assets, venueTime: try VenueTime.optional(fields.updateTime),
            receiveTime: response.reply.receiveTime)
    }

    /// The own trades in an answer whose content is `list`.
    @_noLocks
    public func fills(of response: VenueResponse) throws(DecodeFailure) -> FillCursor {
        try FillCursor(response.result, self)
    }

    /// An order as a query tells it.
    @_noLocks
    func orderState(
        _ order: ResultFields, _ receiveTime: Timestamp
    ) throws(DecodeFailure) -> ExecutionReport {
        let slot = try instrument(order.symbol)
        let scales = directory.scales(of: slot)
        let status = order.status.orderStatus()
        var report = ExecutionReport(
            instrument: InstrumentIndex(slot),
            clientOrderID: try order.clientOrderID.clientOrderID(),
            venueOrderID: VenueOrderID(try order.orderID.integer()), executionType: .status,
            status: status, side: try order.side.side(), type: try order.type.orderType(),
            timeInForce: try order.timeInForce.timeInForce(),
            price: Price(raw: try order.price.magnitude(scale: Int(scales.price))),
            quantity: Quantity(raw: try order.quantity.magnitude(scale: Int(scales.quantity))))
        report.cumulativeQuantity = Quantity(
            raw: try order.executedQuantity.magnitude(scale: Int(scales.quantity)))
        if order.preventedQuantity.isPresent {
            report.preventedQuantity = Quantity(
                raw: try order.preventedQuantity.magnitude(scale: Int(scales.quantity)))
        }
        // Negative for old orders whose amount the venue no longer knows.
        let quote = try order.cumulativeQuote.decimal(scale: Int(scales.price))
        report.cumulativeQuote = Price(raw: max(quote, 0))
        report.venueTime = try VenueTime.optional(order.updateTime)
        report.receiveTime = receiveTime
        switch status {
        case .new, .partiallyFilled:
            report.isWorking = order.isWorking.isAbsent ? true : try order.isWorking.boolean()
        default:
            report.isWorking = false
        }
        return report
    }
}
