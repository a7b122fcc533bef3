import MarketModel

// Answers to requests: {"id","status","result"|"error","rateLimits"}.

extension BinanceSpotAccountDecoder {
    @_noLocks
    func response(
        _ fields: FrameFields, _ receiveTime: Timestamp
    ) throws(DecodeFailure) -> VenueResponse {
        var response = VenueResponse(receiveTime: receiveTime)
        response.status = try fields[.status].code()
        if case .number = fields[.id].kind {
            response.reply.requestID = UInt64(truncatingIfNeeded: try fields[.id].count64())
            response.hasRequestID = true
        }
        response.limits = try RateLimitUsage(fields[.rateLimits])
        if response.status == 200 {
            response.reply.outcome = .accepted
            response.result = fields[.result]
            try readResult(&response)
        } else {
            try readError(fields[.error], &response)
        }
        return response
    }

    private func readResult(_ response: inout VenueResponse) throws(DecodeFailure) {
        switch response.result.kind {
        case .absent, .null:
            return
        case .array:
            response.content = .list
            return
        default:
            break
        }
        let result = try ResultFields(response.result)
        response.serverTime = try VenueTime.optional(result.serverTime)
        if !result.newOrderResponse.isAbsent {
            response.content = .order
            if result.cancelResult.equals("SUCCESS") { response.reply.cancel = .done }
            try readOrder(try ResultFields(result.newOrderResponse), &response.reply)
        } else if !result.orderID.isAbsent {
            // Only a queried order has an update time; an acknowledgement has a transact time.
            response.content = result.updateTime.isAbsent ? .order : .orderState
            try readOrder(result, &response.reply)
        } else if !result.balances.isAbsent {
            response.content = .account
        } else if !result.authorizedSince.isAbsent {
            response.content = result.authorizedSince.isPresent ? .session : .anonymousSession
        } else if result.subscriptionID.isPresent {
            response.content = .subscription
            response.subscriptionID = try result.subscriptionID.count64()
        } else if result.serverTime.isPresent {
            response.content = .serverTime
        } else {
            response.content = response.result.count == 2 ? .none : .other
        }
    }

    private func readOrder(
        _ order: ResultFields, _ reply: inout RequestReply
    ) throws(DecodeFailure) {
        reply.venueOrderID = VenueOrderID(try order.orderID.integer())
        reply.venueTime = try VenueTime.optional(
            order.transactTime.isAbsent ? order.updateTime : order.transactTime)
    }

    /// What is known after a failure (binance-spot.md, section 13).
    private func readError(
        _ error: JSONValue, _ response: inout VenueResponse
    ) throws(DecodeFailure) {
        var code: Int32 = 0
        if error.isPresent {
            code = try error.member("code").code()
            response.message = try error.member("msg")
        }
        response.reply.venueCode = code
        response.reply.outcome = Self.outcome(
            status: response.status, code: code, response.message)
        let data = try error.member("data")
        guard data.isPresent else { return }
        response.retryAfter = try VenueTime.optional(try data.member("retryAfter"))
        response.serverTime = try VenueTime.optional(try data.member("serverTime"))
        let details = try ResultFields(data)
        if !details.cancelResult.isAbsent {
            try readReplacement(details, try data.member("cancelResponse"), &response)
        }
    }

    /// A cancel-replace that did not succeed as a whole: each half has a result of its own. Code and
    /// text become those of the half that failed, of the new order if both have, with the cancel's
    /// beside them; the whole's say only that one has.
    private func readReplacement(
        _ details: ResultFields, _ cancelResponse: JSONValue, _ response: inout VenueResponse
    ) throws(DecodeFailure) {
        let order = details.newOrderResponse
        if details.cancelResult.equals("SUCCESS") {
            response.reply.cancel = .done
        } else if try cancelResponse.member("code").isPresent {
            let code = try cancelResponse.member("code").code()
            let text = try cancelResponse.member("msg")
            response.reply.cancel = Self.cancelHalf(code, text)
            if try order.member("code").isPresent {
                response.cancelCode = code
                response.cancelMessage = text
            }
        }
        let failed = try order.member("code").isPresent ? order : cancelResponse
        let code = try failed.member("code")
        if code.isPresent {
            response.reply.venueCode = try code.code()
            let text = try failed.member("msg")
            if text.isPresent { response.message = text }
        }
        // The half that failed says what is known, such as that there is no order to cancel.
        if response.reply.outcome != .unknown {
            response.reply.outcome = Self.outcome(
                status: 400, code: response.reply.venueCode, response.message)
        }
        guard order.isPresent else { return }
        let placed = try ResultFields(order)
        guard !placed.orderID.isAbsent else { return }
        response.reply.outcome = .accepted
        try readOrder(placed, &response.reply)
    }

    /// 5xx and the codes of a lost engine leave the outcome open; 4xx is a refusal, when it has a
    /// code of the venue's: a page of somebody on the way says nothing of what is behind it.
    @_noLocks
    static func outcome(status: Int32, code: Int32, _ message: JSONValue) -> RequestOutcome {
        if status < 400 || status >= 500 || isUncertain(code) { return .unknown }
        if code == 0, status != 429, status != 418 { return .unknown }
        // Cancel rejected, order does not exist. Under the same code the venue refuses to cancel an
        // order that is there, when a restriction forbids it.
        if code == -2011, message.equals(restricted) { return .rejected }
        return code == -2011 || code == -2013 ? .noSuchOrder : .rejected
    }

    /// What a refusal says of the order that was to be cancelled.
    @_noLocks
    static func cancelHalf(_ code: Int32, _ message: JSONValue) -> CancelHalf {
        switch outcome(status: 400, code: code, message) {
        case .noSuchOrder: .noSuchOrder
        case .rejected: .refused
        case .accepted, .unknown, .notSent: .untold
        }
    }

    private static var restricted: StaticString {
        @_noLocks get { "Order was not canceled due to cancel restrictions." }
    }

    /// Unknown error, disconnected, unexpected response, time-out: the order may have gone through.
    private static func isUncertain(_ code: Int32) -> Bool {
        code == -1000 || code == -1001 || code == -1006 || code == -1007
    }
}
