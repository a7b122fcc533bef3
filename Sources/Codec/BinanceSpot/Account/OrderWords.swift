import MarketModel

// The venue's words for sides, types, times in force and states (binance-spot.md, section 10).

extension JSONValue {
    /// `BUY` or `SELL`.
    @_noLocks
    func side() throws(DecodeFailure) -> Side {
        if equals("BUY") { return .buy }
        if equals("SELL") { return .sell }
        throw isAbsent ? .missingKey : .unknownWord
    }

    @_noLocks
    func orderType() throws(DecodeFailure) -> OrderType {
        if equals("LIMIT") { return .limit }
        if equals("LIMIT_MAKER") { return .limitMaker }
        if equals("MARKET") { return .market }
        if equals("STOP_LOSS_LIMIT") { return .stopLossLimit }
        if equals("STOP_LOSS") { return .stopLoss }
        if equals("TAKE_PROFIT_LIMIT") { return .takeProfitLimit }
        if equals("TAKE_PROFIT") { return .takeProfit }
        throw isAbsent ? .missingKey : .unknownWord
    }

    @_noLocks
    func timeInForce() throws(DecodeFailure) -> TimeInForce {
        if equals("GTC") { return .gtc }
        if equals("IOC") { return .ioc }
        if equals("FOK") { return .fok }
        throw isAbsent ? .missingKey : .unknownWord
    }

    /// An unknown status is `unrecognized`, never a guess (BUG-030).
    @_noLocks
    func orderStatus() -> VenueOrderStatus {
        if equals("NEW") { return .new }
        if equals("PARTIALLY_FILLED") { return .partiallyFilled }
        if equals("FILLED") { return .filled }
        if equals("CANCELED") { return .canceled }
        if equals("REJECTED") { return .rejected }
        if equals("EXPIRED") || equals("EXPIRED_IN_MATCH") { return .expired }
        if equals("PENDING_NEW") { return .pendingNew }
        return equals("PENDING_CANCEL") ? .pendingCancel : .unrecognized
    }

    /// An unknown execution type is `unrecognized`, never a guess (BUG-030).
    @_noLocks
    func executionType() -> ExecutionType {
        if equals("NEW") { return .new }
        if equals("TRADE") { return .trade }
        if equals("CANCELED") { return .canceled }
        if equals("EXPIRED") { return .expired }
        if equals("REJECTED") { return .rejected }
        if equals("REPLACED") { return .replaced }
        return equals("TRADE_PREVENTION") ? .tradePrevention : .unrecognized
    }

    /// The client order id; `none` for every text that is not one of ours.
    @_noLocks
    func clientOrderID() throws(DecodeFailure) -> ClientOrderID {
        ClientOrderID.read(try bytes(.string), count: count)
    }
}
