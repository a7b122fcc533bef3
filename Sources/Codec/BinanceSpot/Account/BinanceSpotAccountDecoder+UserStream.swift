import MarketModel

// Events of the user data stream (binance-spot.md, section 11).

extension BinanceSpotAccountDecoder {
    @_noLocks
    func event(
        _ fields: FrameFields, _ receiveTime: Timestamp
    ) throws(DecodeFailure) -> AccountFrame {
        let name = fields["e"]
        if name.equals("executionReport") {
            return .execution(try execution(fields, receiveTime))
        }
        if name.equals("outboundAccountPosition") {
            return .balances(try balances(fields, receiveTime))
        }
        if name.equals("balanceUpdate") { return .balanceChanged(try change(fields)) }
        if name.equals("externalLockUpdate") { return .lockChanged(try change(fields)) }
        if name.equals("listStatus") { return .orderList(try orderList(fields)) }
        if name.equals("eventStreamTerminated") { return .streamTerminated }
        if name.equals("serverShutdown") { return .serverShutdown }
        return .unrecognized
    }

    private func execution(
        _ fields: FrameFields, _ receiveTime: Timestamp
    ) throws(DecodeFailure) -> ExecutionReport {
        let slot = try instrument(fields["s"])
        let scales = directory.scales(of: slot)
        let price = Int(scales.price)
        let quantity = Int(scales.quantity)
        // For a cancel or an amendment `c` is the id of that request and `C` the order's.
        let isRequestID = fields["C"].isPresent && fields["C"].count > 0
        var report = ExecutionReport(
            instrument: InstrumentIndex(slot),
            clientOrderID: try (isRequestID ? fields["C"] : fields["c"]).clientOrderID(),
            venueOrderID: VenueOrderID(try fields["i"].integer()),
            executionType: fields["x"].executionType(), status: fields["X"].orderStatus(),
            side: try fields["S"].side(), type: try fields["o"].orderType(),
            timeInForce: try fields["f"].timeInForce(),
            price: Price(raw: try fields["p"].magnitude(scale: price)),
            quantity: Quantity(raw: try fields["q"].magnitude(scale: quantity)))
        report.lastPrice = Price(raw: try fields["L"].magnitude(scale: price))
        report.lastQuantity = Quantity(raw: try fields["l"].magnitude(scale: quantity))
        report.cumulativeQuantity = Quantity(raw: try fields["z"].magnitude(scale: quantity))
        report.tradeID = TradeID(try fields["t"].integer())
        report.venueTime = try VenueTime.required(fields["T"])
        report.receiveTime = receiveTime
        if fields["I"].isPresent { report.executionID = try fields["I"].integer() }
        if fields["Z"].isPresent {
            report.cumulativeQuote = Price(raw: try fields["Z"].magnitude(scale: price))
        }
        if fields["A"].isPresent {
            report.preventedQuantity = Quantity(
                raw: try fields["A"].magnitude(scale: quantity))
        }
        if fields["n"].isPresent { report.commission = try fields["n"].decimal(scale: 8) }
        report.commissionAsset = try asset(fields["N"])
        if fields["w"].isPresent { report.isWorking = try fields["w"].boolean() }
        if fields["m"].isPresent { report.isMaker = try fields["m"].boolean() }
        return report
    }

    /// The cursor, after one pass over the rows: a wrong row refuses the message as a whole.
    private func balances(
        _ fields: FrameFields, _ receiveTime: Timestamp
    ) throws(DecodeFailure) -> BalanceCursor {
        let time = fields["u"].isPresent ? fields["u"] : fields["E"]
        let cursor = try BalanceCursor(
            fields["B"], directory.assets, venueTime: try VenueTime.required(time),
            receiveTime: receiveTime)
        var rows = cursor
        while case .some = try rows.next() {}
        return cursor
    }

    private func change(_ fields: FrameFields) throws(DecodeFailure) -> BalanceChange {
        guard fields["a"].isPresent else { throw .missingKey }
        return BalanceChange(
            asset: try asset(fields["a"]), delta: try fields["d"].decimal(scale: 8),
            venueTime: try VenueTime.required(fields["T"]))
    }

    private func orderList(_ fields: FrameFields) throws(DecodeFailure) -> OrderListStatus {
        OrderListStatus(
            instrument: InstrumentIndex(try instrument(fields["s"])),
            listID: try fields["g"].integer(), isDone: fields["l"].equals("ALL_DONE"),
            venueTime: try VenueTime.required(fields["T"]))
    }
}
