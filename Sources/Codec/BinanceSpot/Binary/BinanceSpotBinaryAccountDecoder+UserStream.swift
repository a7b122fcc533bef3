import MarketModel

// Events of the user data stream (binance-spot.md, sections 11 and 15.3).

extension BinanceSpotBinaryAccountDecoder {
    /// ExecutionReportEvent.
    enum Report: Int, CaseIterable {
        case transactTime = 8
        case priceExponent = 16
        case qtyExponent = 17
        case commissionExponent = 18
        case orderId = 35
        case origQty = 51
        case price = 59
        case orderType = 91
        case side = 92
        case timeInForce = 93
        case executionType = 94
        case orderStatus = 95
        case tradeId = 96
        case executionId = 104
        case executedQty = 112
        case cummulativeQuoteQty = 120
        case lastQty = 128
        case lastPrice = 136
        case commission = 152
        case isWorking = 160
        case isMaker = 161
        case preventedQty = 200
    }

    enum OutboundAccountPositionEvent: Int, CaseIterable {
        case updateTime = 8
    }

    /// ExternalLockUpdateEvent lies the same way.
    enum BalanceUpdateEvent: Int, CaseIterable {
        case clearTime = 8
        case qtyExponent = 16
        case freeQtyDelta = 17
    }

    enum ListStatusEvent: Int, CaseIterable {
        case transactTime = 8
        case orderListId = 16
        case listStatusType = 25
    }

    enum ListStatusCode: UInt8, CaseIterable {
        case allDone = 2
    }

    @_noLocks
    func execution(
        _ message: BinaryMessage, _ receiveTime: Timestamp
    ) throws(DecodeFailure) -> ExecutionReport {
        let fields = message.fields
        var rest = message.rest
        let slot = instrument(try rest.data8())
        // For a cancel or an amendment the first is the id of that request, the second the order's.
        let requestID = try rest.data8()
        let originalID = try rest.data8()
        let commissionAsset = try rest.data8()
        let scales = directory.scales(of: slot)
        let price = MantissaScale(
            exponent: try fields.int8(Report.priceExponent.rawValue), scale: scales.price)
        let quantity = MantissaScale(
            exponent: try fields.int8(Report.qtyExponent.rawValue), scale: scales.quantity)
        let commission = MantissaScale(
            exponent: try fields.int8(Report.commissionExponent.rawValue), scale: 8)
        var report = ExecutionReport(
            instrument: InstrumentIndex(slot),
            clientOrderID: (originalID.count > 0 ? originalID : requestID).clientOrderID,
            venueOrderID: VenueOrderID(try fields.int64(Report.orderId.rawValue)),
            executionType: try fields.executionType(Report.executionType.rawValue),
            status: try fields.orderStatus(Report.orderStatus.rawValue),
            side: try fields.side(Report.side.rawValue),
            type: try fields.orderType(Report.orderType.rawValue),
            timeInForce: try fields.timeInForce(Report.timeInForce.rawValue),
            price: Price(raw: try price.magnitude(try fields.int64(Report.price.rawValue))),
            quantity: Quantity(
                raw: try quantity.magnitude(try fields.int64(Report.origQty.rawValue))))
        report.lastPrice = Price(
            raw: try price.magnitude(try fields.int64(Report.lastPrice.rawValue)))
        report.lastQuantity = Quantity(
            raw: try quantity.magnitude(try fields.int64(Report.lastQty.rawValue)))
        report.cumulativeQuantity = Quantity(
            raw: try quantity.magnitude(try fields.int64(Report.executedQty.rawValue)))
        report.cumulativeQuote = Price(
            raw: try price.magnitude(try fields.int64(Report.cummulativeQuoteQty.rawValue)))
        report.preventedQuantity = Quantity(
            raw: try quantity.magnitude(try fields.int64(Report.preventedQty.rawValue)))
        let tradeID = try fields.int64(Report.tradeId.rawValue)
        if tradeID != .min { report.tradeID = TradeID(tradeID) }
        report.executionID = try fields.int64(Report.executionId.rawValue)
        report.commission = try commission.value(try fields.int64(Report.commission.rawValue))
        report.commissionAsset = asset(commissionAsset)
        report.isWorking = try fields.boolean(Report.isWorking.rawValue)
        report.isMaker = try fields.boolean(Report.isMaker.rawValue)
        report.venueTime = try fields.time(Report.transactTime.rawValue)
        report.receiveTime = receiveTime
        return report
    }

    /// The cursor, after one pass over the rows: a wrong row refuses the message as a whole.
    @_noLocks
    func position(
        _ message: BinaryMessage, _ receiveTime: Timestamp
    ) throws(DecodeFailure) -> BalanceCursor {
        var rest = message.rest
        let group = try rest.group32()
        let cursor = BalanceCursor(
            BinaryRows(group, rest), directory.assets,
            venueTime: try message.fields.time(OutboundAccountPositionEvent.updateTime.rawValue),
            receiveTime: receiveTime)
        var rows = cursor
        while case .some = try rows.next() {}
        return cursor
    }

    @_noLocks
    func change(_ message: BinaryMessage) throws(DecodeFailure) -> BalanceChange {
        let fields = message.fields
        var rest = message.rest
        let scale = MantissaScale(
            exponent: try fields.int8(BalanceUpdateEvent.qtyExponent.rawValue), scale: 8)
        return BalanceChange(
            asset: asset(try rest.data8()),
            delta: try scale.value(try fields.int64(BalanceUpdateEvent.freeQtyDelta.rawValue)),
            venueTime: try fields.optionalTime(BalanceUpdateEvent.clearTime.rawValue))
    }

    @_noLocks
    func orderList(_ message: BinaryMessage) throws(DecodeFailure) -> OrderListStatus {
        let fields = message.fields
        var rest = message.rest
        var orders = BinaryRows(try rest.group16(), rest)
        while case .some = try orders.next() {
            // Symbol and client order id of a member.
            _ = try orders.rest.data8()
            _ = try orders.rest.data8()
        }
        let code = try fields.uint8(ListStatusEvent.listStatusType.rawValue)
        return OrderListStatus(
            instrument: InstrumentIndex(instrument(try orders.rest.data8())),
            listID: try fields.int64(ListStatusEvent.orderListId.rawValue),
            isDone: code == ListStatusCode.allDone.rawValue,
            venueTime: try fields.time(ListStatusEvent.transactTime.rawValue))
    }
}
