import MarketModel

// Rows of answers: queried orders, open orders, balances, own trades.

extension BinanceSpotBinaryAccountDecoder {
    /// OrderResponse; an entry of OrdersResponse lies the same way.
    enum OrderRow: Int, CaseIterable {
        case priceExponent = 0
        case qtyExponent = 1
        case orderId = 2
        case price = 18
        case origQty = 26
        case executedQty = 34
        case cummulativeQuoteQty = 42
        case status = 50
        case timeInForce = 51
        case orderType = 52
        case side = 53
        case updateTime = 94
        case isWorking = 102
        case preventedQuantity = 142
    }

    enum AccountResponse: Int, CaseIterable {
        case updateTime = 39
    }

    /// An entry of AccountTradesResponse.
    enum TradeRow: Int, CaseIterable {
        case priceExponent = 0
        case qtyExponent = 1
        case commissionExponent = 2
        case id = 3
        case orderId = 11
        case price = 27
        case qty = 35
        case commission = 51
        case time = 59
        case isBuyer = 67
        case isMaker = 68
    }

    /// The state of the queried order in an answer whose content is `orderState`.
    @_noLocks
    public func executionReport(
        of response: VenueResponse
    ) throws(DecodeFailure) -> ExecutionReport {
        let message = try result(of: response)
        guard case .orderResponse = Template(message) else { throw .wrongType }
        var rest = message.rest
        return try orderState(
            message.fields, &rest, isRow: false, response.reply.receiveTime)
    }

    /// The open orders in an answer whose content is `list`.
    @_noLocks
    public func openOrders(of response: VenueResponse) throws(DecodeFailure) -> OrderCursor {
        let message = try result(of: response)
        guard case .ordersResponse = Template(message) else { throw .wrongType }
        var rest = message.rest
        let group = try rest.group32()
        return OrderCursor(
            BinaryRows(group, rest), self, receiveTime: response.reply.receiveTime)
    }

    /// The balances in an answer whose content is `account`.
    @_noLocks
    public func balances(of response: VenueResponse) throws(DecodeFailure) -> BalanceCursor {
        let message = try result(of: response)
        guard case .accountResponse = Template(message) else { throw .wrongType }
        var rest = message.rest
        let group = try rest.group32()
        return BalanceCursor(
            BinaryRows(group, rest), directory.assets,
            venueTime: try message.fields.optionalTime(AccountResponse.updateTime.rawValue),
            receiveTime: response.reply.receiveTime)
    }

    /// The own trades in an answer whose content is `list`.
    @_noLocks
    public func fills(of response: VenueResponse) throws(DecodeFailure) -> FillCursor {
        let message = try result(of: response)
        guard case .accountTradesResponse = Template(message) else { throw .wrongType }
        var rest = message.rest
        let group = try rest.group32()
        return FillCursor(BinaryRows(group, rest), self)
    }

    private func result(of response: VenueResponse) throws(DecodeFailure) -> BinaryMessage {
        guard let message = response.binaryResult else { throw .missingKey }
        return message
    }

    /// An order as a query tells it: fixed fields, then symbol and client order id.
    ///
    /// `isRow`: an entry of a list, whose prevented quantity the schema gives the exponent of prices.
    @_noLocks
    func orderState(
        _ fields: BinaryBlock, _ rest: inout BinaryReader, isRow: Bool, _ receiveTime: Timestamp
    ) throws(DecodeFailure) -> ExecutionReport {
        let slot = instrument(try rest.data8())
        let clientOrderID = try rest.data8().clientOrderID
        let scales = directory.scales(of: slot)
        let priceExponent = try fields.int8(OrderRow.priceExponent.rawValue)
        let price = MantissaScale(exponent: priceExponent, scale: scales.price)
        let quantity = MantissaScale(
            exponent: try fields.int8(OrderRow.qtyExponent.rawValue), scale: scales.quantity)
        let prevented = isRow
            ? MantissaScale(exponent: priceExponent, scale: scales.quantity) : quantity
        let status = try fields.orderStatus(OrderRow.status.rawValue)
        var report = ExecutionReport(
            instrument: InstrumentIndex(slot), clientOrderID: clientOrderID,
            venueOrderID: VenueOrderID(try fields.int64(OrderRow.orderId.rawValue)),
            executionType: .status, status: status, side: try fields.side(OrderRow.side.rawValue),
            type: try fields.orderType(OrderRow.orderType.rawValue),
            timeInForce: try fields.timeInForce(OrderRow.timeInForce.rawValue),
            price: Price(raw: try price.magnitude(try fields.int64(OrderRow.price.rawValue))),
            quantity: Quantity(
                raw: try quantity.magnitude(try fields.int64(OrderRow.origQty.rawValue))))
        report.cumulativeQuantity = Quantity(
            raw: try quantity.magnitude(try fields.int64(OrderRow.executedQty.rawValue)))
        report.preventedQuantity = Quantity(
            raw: try prevented.magnitude(
                try fields.int64(OrderRow.preventedQuantity.rawValue)))
        // Negative for old orders whose amount the venue no longer knows.
        let quote = try price.value(try fields.int64(OrderRow.cummulativeQuoteQty.rawValue))
        report.cumulativeQuote = Price(raw: max(quote, 0))
        report.venueTime = try fields.optionalTime(OrderRow.updateTime.rawValue)
        report.receiveTime = receiveTime
        let isWorking = try fields.boolean(OrderRow.isWorking.rawValue)
        switch status {
        case .new, .partiallyFilled: report.isWorking = isWorking
        default: report.isWorking = false
        }
        return report
    }

    /// One of the account's own trades: fixed fields, then symbol and commission asset.
    @_noLocks
    func fill(
        _ fields: BinaryBlock, _ rest: inout BinaryReader
    ) throws(DecodeFailure) -> AccountFill {
        let slot = instrument(try rest.data8())
        let commissionAsset = asset(try rest.data8())
        let scales = directory.scales(of: slot)
        let price = MantissaScale(
            exponent: try fields.int8(TradeRow.priceExponent.rawValue), scale: scales.price)
        let quantity = MantissaScale(
            exponent: try fields.int8(TradeRow.qtyExponent.rawValue), scale: scales.quantity)
        let commission = MantissaScale(
            exponent: try fields.int8(TradeRow.commissionExponent.rawValue), scale: 8)
        return AccountFill(
            instrument: InstrumentIndex(slot),
            tradeID: TradeID(try fields.count64(TradeRow.id.rawValue)),
            venueOrderID: VenueOrderID(try fields.int64(TradeRow.orderId.rawValue)),
            price: Price(raw: try price.magnitude(try fields.int64(TradeRow.price.rawValue))),
            quantity: Quantity(
                raw: try quantity.magnitude(try fields.int64(TradeRow.qty.rawValue))),
            commission: try commission.value(try fields.int64(TradeRow.commission.rawValue)),
            commissionAsset: commissionAsset,
            side: try fields.boolean(TradeRow.isBuyer.rawValue) ? .buy : .sell,
            isMaker: try fields.boolean(TradeRow.isMaker.rawValue),
            venueTime: try fields.time(TradeRow.time.rawValue))
    }
}

/// An entry of `balances`, in AccountResponse and OutboundAccountPositionEvent alike.
enum BinaryBalance: Int, CaseIterable {
    case exponent = 0
    case free = 1
    case locked = 9
}

extension BinaryRows {
    /// The next balance of an asset in `assets`; `nil` after the last.
    @_noLocks
    mutating func nextBalance(
        _ assets: NameTable, venueTime: Timestamp, receiveTime: Timestamp
    ) throws(DecodeFailure) -> Balance? {
        while let fields = try next() {
            let name = try rest.data8()
            let slot = assets.slot(of: name.text, count: name.count)
            if slot == NameTable.none { continue }
            let scale = MantissaScale(
                exponent: try fields.int8(BinaryBalance.exponent.rawValue), scale: 8)
            return Balance(
                asset: AssetIndex(slot),
                free: try scale.value(try fields.int64(BinaryBalance.free.rawValue)),
                locked: try scale.value(try fields.int64(BinaryBalance.locked.rawValue)),
                venueTime: venueTime, receiveTime: receiveTime)
        }
        return nil
    }
}
