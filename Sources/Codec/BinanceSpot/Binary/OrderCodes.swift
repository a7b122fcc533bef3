import MarketModel

// The schema's numbers for sides, types, times in force and states; the names are the schema's.

enum SideCode: UInt8, CaseIterable {
    case buy = 0
    case sell = 1
}

enum OrderTypeCode: UInt8, CaseIterable {
    case market = 0
    case limit = 1
    case stopLoss = 2
    case stopLossLimit = 3
    case takeProfit = 4
    case takeProfitLimit = 5
    case limitMaker = 6
}

enum TimeInForceCode: UInt8, CaseIterable {
    case gtc = 0
    case ioc = 1
    case fok = 2
}

enum OrderStatusCode: UInt8, CaseIterable {
    case new = 0
    case partiallyFilled = 1
    case filled = 2
    case canceled = 3
    case pendingCancel = 4
    case rejected = 5
    case expired = 6
    case expiredInMatch = 9
    case pendingNew = 11
}

enum ExecutionTypeCode: UInt8, CaseIterable {
    case new = 0
    case canceled = 1
    case replaced = 2
    case rejected = 3
    case trade = 4
    case expired = 5
    case tradePrevention = 8
}

extension BinaryBlock {
    @_noLocks
    func side(_ offset: Int) throws(DecodeFailure) -> Side {
        switch SideCode(rawValue: try uint8(offset)) {
        case .buy: return .buy
        case .sell: return .sell
        case nil: throw .unknownWord
        }
    }

    @_noLocks
    func orderType(_ offset: Int) throws(DecodeFailure) -> OrderType {
        switch OrderTypeCode(rawValue: try uint8(offset)) {
        case .limit: return .limit
        case .limitMaker: return .limitMaker
        case .market: return .market
        case .stopLoss: return .stopLoss
        case .stopLossLimit: return .stopLossLimit
        case .takeProfit: return .takeProfit
        case .takeProfitLimit: return .takeProfitLimit
        case nil: throw .unknownWord
        }
    }

    @_noLocks
    func timeInForce(_ offset: Int) throws(DecodeFailure) -> TimeInForce {
        switch TimeInForceCode(rawValue: try uint8(offset)) {
        case .gtc: return .gtc
        case .ioc: return .ioc
        case .fok: return .fok
        case nil: throw .unknownWord
        }
    }

    /// An unknown status is `unrecognized`, never a guess (BUG-030).
    @_noLocks
    func orderStatus(_ offset: Int) throws(DecodeFailure) -> VenueOrderStatus {
        switch OrderStatusCode(rawValue: try uint8(offset)) {
        case .new: return .new
        case .partiallyFilled: return .partiallyFilled
        case .filled: return .filled
        case .canceled: return .canceled
        case .pendingCancel: return .pendingCancel
        case .rejected: return .rejected
        case .expired, .expiredInMatch: return .expired
        case .pendingNew: return .pendingNew
        case nil: return .unrecognized
        }
    }

    /// An unknown execution type is `unrecognized`, never a guess (BUG-030).
    @_noLocks
    func executionType(_ offset: Int) throws(DecodeFailure) -> ExecutionType {
        switch ExecutionTypeCode(rawValue: try uint8(offset)) {
        case .new: return .new
        case .canceled: return .canceled
        case .replaced: return .replaced
        case .rejected: return .rejected
        case .trade: return .trade
        case .expired: return .expired
        case .tradePrevention: return .tradePrevention
        case nil: return .unrecognized
        }
    }

    /// The block as a client order id; `none` for every text that is not one of ours.
    @inline(__always)
    var clientOrderID: ClientOrderID {
        @_noLocks get { ClientOrderID.read(text, count: count) }
    }
}
