import Codec
import MarketModel
import Wire

/// The WebSocket API: requests out, answers and user events in.
extension SpotSession {
    /// Requests of the session itself carry numbers from here; the core's start at 1.
    static var ownRequests: UInt64 { @_noLocks get { 1 << 52 } }
    static var logonRequest: UInt64 { @_noLocks get { ownRequests &+ 1 } }
    static var subscribeRequest: UInt64 { @_noLocks get { ownRequests &+ 2 } }
    static var accountRequest: UInt64 { @_noLocks get { ownRequests &+ 3 } }
    /// The account over REST.
    static var fallbackAccountRequest: UInt64 { @_noLocks get { ownRequests &+ 4 } }
    /// Of the connection that is to follow the order link.
    static var reliefLogonRequest: UInt64 { @_noLocks get { ownRequests &+ 5 } }
    static var reliefSubscribeRequest: UInt64 { @_noLocks get { ownRequests &+ 6 } }
    static var clearRequests: UInt64 { @_noLocks get { ownRequests &+ 1_000 } }
    /// The trades of one order each; the number says where the answer about the order is kept.
    static var fillRequests: UInt64 { @_noLocks get { ownRequests &+ 1_100 } }

    /// The next record of the order link, or of the one that it has followed. Hot.
    @_noLocks
    mutating func nextOrderRecord(_ link: Int, now: Int64) -> VenueRecord {
        if let record = nextBalance() { return record }
        if ordersText.count > 0 {
            let text = ordersText
            ordersText.count = 0
            if let record = onAccountText(text, link, now) { return record }
        }
        while true {
            switch links[link].next() {
            case .text(let bytes, let count):
                let text = MessageText(bytes: bytes, count: count)
                if let record = onAccountMessage(text, link, now) { return record }
            case .binary(let bytes, let count):
                let text = MessageText(bytes: bytes, count: count, isBinary: true)
                if let record = onAccountMessage(text, link, now) { return record }
            case .pong(let roundTrip): roundTrips[SpotLink.orders] = roundTrip
            case .none: return .none
            case .needsCold: return .needsCold
            case .opened: return .opened
            case .closed(let reason):
                closeReasons[link] = reason
                return .closed
            case .response, .request: break
            }
        }
    }

    @inline(__always)
    private mutating func onAccountMessage(
        _ text: MessageText, _ link: Int, _ now: Int64
    ) -> VenueRecord? {
        messages[SpotLink.orders] &+= 1
        if configuration.recordsFrames {
            ordersText = text
            return .frame(text.bytes, text.count, isBinary: text.isBinary)
        }
        return onAccountText(text, link, now)
    }

    /// Both of them where the two halves of a replacement have failed.
    private mutating func countRefusals(in response: VenueResponse) {
        if response.reply.outcome == .rejected || !Self.findsNoOrder(response.reply.venueCode) {
            refusals.add(response.reply.venueCode, response.messageBytes)
        }
        if response.cancelCode != 0, response.reply.cancel != .noSuchOrder {
            refusals.add(response.cancelCode, response.cancelMessageBytes)
        }
    }

    @_noLocks
    mutating func onAccountText(_ text: MessageText, _ link: Int, _ now: Int64) -> VenueRecord? {
        let bytes = text.bytes.assumingMemoryBound(to: UInt8.self)
        let time = Timestamp(nanoseconds: now)
        var frame = AccountFrame.unrecognized
        if text.isBinary {
            frame = binaryAccount.decode(bytes, text.count, receiveTime: time)
        } else {
            account.decode(bytes, text.count, receiveTime: time, into: &frame)
        }
        switch frame {
        // Each connection tells of itself, in the same words.
        case .streamTerminated, .serverShutdown: break
        default: if hearsTwice, !heardMessages.isNew(text) { return nil }
        }
        switch frame {
        case .execution(let report):
            return .report(report)
        case .response(let response):
            settle(response, now)
            if response.hasRequestID, response.reply.requestID < Self.ownRequests {
                if link == SpotLink.orderRelief { requestsLeft &-= 1 } else { requestsUnderWay &-= 1 }
                if response.reply.venueCode == Self.wrongTime { nextClockTime = now }
                if response.status != 200 { countRefusals(in: response) }
                return onReply(response)
            }
            return onOwnResponse(response)
        case .balances(let cursor):
            balances = cursor
            return nextBalance()
        case .malformed(let failure):
            noteOrders(failure, text)
            return .malformed
        case .streamTerminated:
            // Without the user stream nobody tells of fills: reconnecting subscribes anew. The
            // connection that has taken over has a stream of its own.
            if link != SpotLink.orderRelief { wantsOrderRestart = true }
            return nil
        case .serverShutdown:
            if link != SpotLink.orderRelief { wantsOrderRelief = true }
            return nil
        case .unrecognized:
            note(.unknownWord, text)
            return nil
        case .balanceChanged(let change):
            if change.asset.slot < Self.assetCapacity {
                transfers[change.asset.slot] &+= change.delta
            }
            return nil
        // The total stays; what an order list does, its orders tell.
        case .lockChanged, .orderList: return nil
        }
    }

    /// Where the cost of a request is kept: the session's own behind those of the core.
    @_noLocks
    static func costPlace(_ requestID: UInt64) -> Int {
        requestID < ownRequests
            ? Int(requestID & costMask)
            : Int(costMask &+ 1 &+ (requestID & ownCostMask))
    }

    /// Corrects the budget by what an answer tells.
    @_noLocks
    mutating func settle(_ response: VenueResponse, _ now: Int64) {
        let place = Self.costPlace(response.reply.requestID)
        let cost = response.hasRequestID ? costs[place] : 0
        costs[place] = 0
        budget.settle(
            weight: Int64(cost & 63), orders: Int64(cost >> 6), told: response.limits,
            at: now &+ clockOffset)
        if response.retryAfter.nanoseconds > 0 {
            budget.keepQuiet(
                until: response.retryAfter.nanoseconds, at: now &+ clockOffset)
        }
    }

    /// INVALID_TIMESTAMP: the venue's clock is asked at once.
    private static var wrongTime: Int32 { @_noLocks get { -1021 } }

    /// A cancel or a query came too late: no order was refused.
    private static func findsNoOrder(_ code: Int32) -> Bool { code == -2011 || code == -2013 }

    /// An answer to the core: a queried order's state is a report, followed by its reply, and both
    /// come behind the order's trades.
    private mutating func onReply(_ response: VenueResponse) -> VenueRecord {
        guard case .orderState = response.content else { return .reply(response.reply) }
        do throws(DecodeFailure) {
            let report =
                response.isBinary
                ? try binaryAccount.executionReport(of: response)
                : try account.executionReport(of: response)
            if report.cumulativeQuantity.raw > 0, report.instrument.slot < instrumentCount {
                let isKept = awaitedFills.keep(report, response.reply)
                return isKept ? .needsCold : .reply(response.reply.undecided)
            }
            answeredQuery = response.reply
            return .report(report)
        } catch {
            noteOrders(error)
            return .malformed
        }
    }

    /// An answer to the session: kept for `progress`, which may allocate.
    private mutating func onOwnResponse(_ response: VenueResponse) -> VenueRecord? {
        if !response.hasRequestID { return nil }
        if response.reply.requestID >= Self.fillRequests { return onFills(response) }
        ownAnswer.requestID = response.reply.requestID
        ownAnswer.status = response.status
        ownAnswer.code = response.reply.venueCode
        ownAnswer.isSchemaDeprecated = response.isSchemaDeprecated
        do throws(DecodeFailure) {
            if case .account = response.content {
                balances =
                    response.isBinary
                    ? try binaryAccount.balances(of: response)
                    : try account.balances(of: response)
            }
            return .needsCold
        } catch {
            noteOrders(error)
            return .malformed
        }
    }

    @_noLocks
    mutating func nextBalance() -> VenueRecord? {
        if answeredQuery.requestID != 0 {
            let reply = answeredQuery
            answeredQuery.requestID = 0
            return .reply(reply)
        }
        if let record = nextTrade() { return record }
        guard var cursor = balances else { return nil }
        do throws(DecodeFailure) {
            if let balance = try cursor.next() {
                balances = cursor
                return .balance(balance)
            }
            balances = nil
        } catch {
            balances = nil
            noteOrders(error)
            return .malformed
        }
        return nil
    }

    /// What cannot be read may have been a fill or a balance: a new connection reads both back.
    private mutating func noteOrders(_ failure: DecodeFailure, _ text: MessageText? = nil) {
        note(failure, text)
        wantsOrderRestart = true
    }

    // MARK: - Trades of an order

    /// Trades that the venue tells of one order at a time.
    private static var longestList: Int { @_noLocks get { 1_000 } }

    /// An order's trades, or a refusal to tell them.
    private mutating func onFills(_ response: VenueResponse) -> VenueRecord? {
        let place = Int(response.reply.requestID &- Self.fillRequests)
        if awaitedFills.order(at: place) == .none { return nil }
        told = place
        toldCount = 0
        toldQuantity = awaitedFills.toldQuantity(at: place)
        do throws(DecodeFailure) {
            if case .list = response.content {
                trades =
                    response.isBinary
                    ? try binaryAccount.fills(of: response) : try account.fills(of: response)
            }
        } catch {
            note(error)
        }
        return nextTrade()
    }

    /// The next trade of the order whose state waits, then that state.
    private mutating func nextTrade() -> VenueRecord? {
        if told < 0 { return nil }
        if var cursor = trades {
            do throws(DecodeFailure) {
                if let fill = try cursor.next() {
                    trades = cursor
                    toldCount &+= 1
                    toldQuantity &+= fill.quantity.raw
                    lastTold = fill.tradeID
                    return .report(ExecutionReport(fill, of: awaitedFills.order(at: told)))
                }
            } catch {
                note(error)
            }
            trades = nil
        }
        let place = told
        told = -1
        let isShort = toldQuantity < awaitedFills.filledQuantity(at: place)
        if isShort, toldCount >= Self.longestList {
            awaitedFills.goOn(place, after: lastTold, told: toldQuantity)
            return .needsCold
        }
        let answer = awaitedFills.take(place)
        // A list that does not add up is not complete yet: the core is to ask again.
        if isShort { return .reply(answer.reply.undecided) }
        answeredQuery = answer.reply
        return .report(answer.report)
    }

    // MARK: - Requests

    /// Encodes, signs where needed, and queues one request of the core. Hot.
    ///
    /// A count of 0 says that nothing left: the outcome is known.
    @_noLocks
    public mutating func send(_ request: OrderRequest) -> EncodedRequest {
        if request.contingency != .none, request.kind == .placeLeg {
            if !takeLeg(request) { return .nothing(requestText, .notSent) }
            if request.hasMoreLegs { return .nothing(requestText, .awaitsLegs) }
        }
        guard takes(request) else { return .nothing(requestText, .notSent) }
        let time = request.decisionTime.nanoseconds &+ clockOffset
        if configuration.isDryRun, request.kind != .query { return prepare(request, at: time) }
        let weight = request.weight
        let orders = request.orderCount
        if !budget.take(request.urgency, weight: weight, orders: orders, at: time) {
            heldBack &+= 1
            return .nothing(requestText, .heldBack)
        }
        costs[Self.costPlace(request.requestID)] =
            UInt8(truncatingIfNeeded: weight | orders << 6)
        if !isOrderSessionUp { return sendOverREST(request, Timestamp(nanoseconds: time)) }
        let encoded = queue(request)
        if encoded.count > 0 { requestsUnderWay &+= 1 }
        return encoded
    }

    /// Keeps an order of a list until the last one has come; false when one before it is missing.
    private mutating func takeLeg(_ request: OrderRequest) -> Bool {
        if request.leg == 0 { legCount = 0 }
        if request.leg != legCount || request.leg > 2 { return false }
        legs[Int(legCount)] = request
        legCount &+= 1
        return legs.pointee.requestID == request.requestID
    }

    @_noLocks
    mutating func queue(_ request: OrderRequest) -> EncodedRequest {
        let encoded = encode(request)
        if encoded.count > 0, !links[SpotLink.orders].sendText(encoded.bytes, encoded.count) {
            return .nothing(requestText, .notSent)
        }
        return encoded
    }

    /// A dry run's way: everything but sending. The budget sees a request that the venue has
    /// taken, which costs no weight and counts as an order.
    @_noLocks
    private mutating func prepare(_ request: OrderRequest, at time: Int64) -> EncodedRequest {
        let orders = request.orderCount
        if !budget.take(request.urgency, weight: 0, orders: orders, at: time) {
            heldBack &+= 1
            return .nothing(requestText, .heldBack)
        }
        budget.settle(weight: 0, orders: orders, told: RateLimitUsage(), at: time)
        return .nothing(requestText, encode(request).count > 0 ? .dryRun : .notSent)
    }

    /// The request's text, signed where needed.
    @_noLocks
    private mutating func encode(_ request: OrderRequest) -> EncodedRequest {
        let time = Timestamp(nanoseconds: request.decisionTime.nanoseconds &+ clockOffset)
        if let made = encodeSpare(request, time) { return made }
        let nothing = EncodedRequest.nothing(requestText, .notSent)
        let isList = request.kind == .placeLeg
        do throws(EncodeFailure) {
            let count =
                isList
                ? try encoder.encodeList(legs, time: time, into: requestText)
                : try encoder.encode(request, time: time, into: requestText)
            if !logsOn {
                let length =
                    isList
                    ? try encoder.encodeListSigningText(legs, time: time, into: signingText)
                    : try encoder.encodeSigningText(request, time: time, into: signingText)
                let place = requestText + encoder.signatureOffset(count: count)
                if signer.signText(signingText, length, into: place) != encoder.signatureCount {
                    return nothing
                }
            }
            return EncodedRequest(bytes: requestText, count: count, time: time)
        } catch {
            return nothing
        }
    }
}

extension RequestReply {
    /// The same as if nobody had answered.
    fileprivate var undecided: RequestReply {
        RequestReply(requestID: requestID, outcome: .unknown, receiveTime: receiveTime)
    }
}

extension ExecutionReport {
    /// A trade of an order as the account's list tells it: without an execution id.
    @_noLocks
    fileprivate init(_ fill: AccountFill, of order: ClientOrderID) {
        self.init(
            instrument: fill.instrument, clientOrderID: order, venueOrderID: fill.venueOrderID,
            executionType: .trade, status: .partiallyFilled, side: fill.side, type: .limit,
            timeInForce: .gtc, price: fill.price, quantity: fill.quantity)
        tradeID = fill.tradeID
        lastPrice = fill.price
        lastQuantity = fill.quantity
        commission = fill.commission
        commissionAsset = fill.commissionAsset
        isMaker = fill.isMaker
        venueTime = fill.venueTime
    }
}
