import MarketModel

// Answers to requests: an envelope with the result or the error as a message within it.

extension BinanceSpotBinaryAccountDecoder {
    enum WebSocketResponse: Int, CaseIterable {
        case sbeSchemaIdVersionDeprecated = 0
        case status = 1
    }

    /// Of a logged-on session; the answers to status and logout lie the same way.
    enum WebSocketSessionLogonResponse: Int, CaseIterable {
        case authorizedSince = 0
        case serverTime = 17
    }

    enum ErrorResponse: Int, CaseIterable {
        case code = 0
        case serverTime = 2
        case retryAfter = 10
    }

    enum ServerTimeResponse: Int, CaseIterable {
        case serverTime = 0
    }

    /// With a listen token the subscription lies at the same place.
    enum UserDataStreamSubscribeResponse: Int, CaseIterable {
        case subscriptionId = 0
    }

    enum NewOrderAckResponse: Int, CaseIterable {
        case orderId = 0
        case transactTime = 16
    }

    /// NewOrderFullResponse and CancelOrderResponse begin the same way.
    enum NewOrderResultResponse: Int, CaseIterable {
        case orderId = 2
        case transactTime = 18
    }

    /// What of a queried order an answer's reply tells.
    enum QueriedOrder: Int, CaseIterable {
        case orderId = 2
        case updateTime = 94
    }

    enum CancelReplaceOrderResponse: Int, CaseIterable {
        case cancelResult = 0
    }

    enum CancelReplaceCode: UInt8, CaseIterable {
        case success = 0
    }

    @_noLocks
    func response(
        _ message: BinaryMessage, _ receiveTime: Timestamp
    ) throws(DecodeFailure) -> VenueResponse {
        var response = VenueResponse(receiveTime: receiveTime)
        let fields = message.fields
        var rest = message.rest
        response.status = Int32(try fields.uint16(WebSocketResponse.status.rawValue))
        response.isSchemaDeprecated =
            try fields.uint8(WebSocketResponse.sbeSchemaIdVersionDeprecated.rawValue) == 1
        var rows = BinaryRows(try rest.group16(), rest)
        response.limits = try RateLimitUsage(&rows)
        rest = rows.rest
        readID(try rest.data8(), &response)
        let data = try rest.data32()
        let content =
            data.count == 0 ? nil : try BinaryMessage(data, schema: Self.schema)
        if response.status == 200 {
            response.reply.outcome = .accepted
            guard let content else { return response }
            response.binaryResult = content
            try readResult(content, &response)
        } else {
            response.reply.outcome = BinanceSpotAccountDecoder.outcome(
                status: response.status, code: 0, .absent)
            guard let content, case .errorResponse = Template(content) else { return response }
            try readError(content, &response)
        }
        return response
    }

    /// Our requests are numbered; what else the venue echoes is nobody's here.
    private func readID(_ id: BinaryBlock, _ response: inout VenueResponse) {
        // 18 digits fit 64 bits.
        guard id.count > 0, id.count <= 18 else { return }
        var number: UInt64 = 0
        var index = 0
        while index < id.count {
            let digit = id.text[index] &- UInt8(ascii: "0")
            if digit > 9 { return }
            number = number &* 10 &+ UInt64(digit)
            index &+= 1
        }
        response.reply.requestID = number
        response.hasRequestID = true
    }

    private func readResult(
        _ result: BinaryMessage, _ response: inout VenueResponse
    ) throws(DecodeFailure) {
        let fields = result.fields
        switch Template(result) {
        case .newOrderAckResponse, .newOrderResultResponse, .newOrderFullResponse,
            .cancelOrderResponse:
            response.content = .order
            try readOrder(result, &response.reply)
        case .cancelReplaceOrderResponse:
            response.content = .order
            if try didCancel(fields) { response.reply.cancel = .done }
            var rest = result.rest
            _ = try rest.data16()
            try readOrder(
                try BinaryMessage(try rest.data32(), schema: Self.schema), &response.reply)
        case .orderResponse:
            response.content = .orderState
            try readOrder(result, &response.reply)
        case .cancelOpenOrdersResponse, .ordersResponse, .orderListsResponse,
            .orderAmendmentsResponse, .accountTradesResponse, .accountOrderRateLimitResponse,
            .accountPreventedMatchesResponse, .accountAllocationsResponse,
            .webSocketSessionSubscriptionsResponse, .tradesResponse, .aggTradesResponse,
            .klinesResponse:
            response.content = .list
        case .accountResponse: response.content = .account
        case .webSocketSessionLogonResponse, .webSocketSessionStatusResponse,
            .webSocketSessionLogoutResponse:
            let since = try fields.int64(WebSocketSessionLogonResponse.authorizedSince.rawValue)
            response.content = since == .min ? .anonymousSession : .session
            response.serverTime = try fields.optionalTime(
                WebSocketSessionLogonResponse.serverTime.rawValue)
        case .userDataStreamSubscribeResponse, .userDataStreamSubscribeListenTokenResponse:
            let offset = UserDataStreamSubscribeResponse.subscriptionId.rawValue
            guard fields.holds(offset, 2), try fields.uint16(offset) != .max else { return }
            response.content = .subscription
            response.subscriptionID = Int64(try fields.uint16(offset))
        case .serverTimeResponse:
            response.content = .serverTime
            response.serverTime = try fields.optionalTime(ServerTimeResponse.serverTime.rawValue)
        case .pingResponse, .orderTestResponse, .userDataStreamUnsubscribeResponse:
            response.content = .none
        default: response.content = .other
        }
    }

    /// `missingKey` for what is no order.
    private func readOrder(
        _ order: BinaryMessage, _ reply: inout RequestReply
    ) throws(DecodeFailure) {
        let id: Int
        let time: Int
        switch Template(order) {
        case .newOrderAckResponse:
            id = NewOrderAckResponse.orderId.rawValue
            time = NewOrderAckResponse.transactTime.rawValue
        case .newOrderResultResponse, .newOrderFullResponse, .cancelOrderResponse:
            id = NewOrderResultResponse.orderId.rawValue
            time = NewOrderResultResponse.transactTime.rawValue
        case .orderResponse:
            id = QueriedOrder.orderId.rawValue
            time = QueriedOrder.updateTime.rawValue
        default: throw .missingKey
        }
        reply.venueOrderID = VenueOrderID(try order.fields.int64(id))
        reply.venueTime = try order.fields.optionalTime(time)
    }

    private func didCancel(_ fields: BinaryBlock) throws(DecodeFailure) -> Bool {
        let code = try fields.uint8(CancelReplaceOrderResponse.cancelResult.rawValue)
        return code == CancelReplaceCode.success.rawValue
    }

    // MARK: - Errors

    /// What is known after a failure (binance-spot.md, section 13).
    private func readError(
        _ error: BinaryMessage, _ response: inout VenueResponse
    ) throws(DecodeFailure) {
        let code = try code(of: error)
        var rest = error.rest
        response.message = JSONValue(text: try rest.data16())
        response.reply.venueCode = code
        response.reply.outcome = BinanceSpotAccountDecoder.outcome(
            status: response.status, code: code, response.message)
        response.retryAfter = try error.fields.optionalTime(ErrorResponse.retryAfter.rawValue)
        response.serverTime = try error.fields.optionalTime(ErrorResponse.serverTime.rawValue)
        let data = try rest.data32()
        guard data.count > 0 else { return }
        let details = try BinaryMessage(data, schema: Self.schema)
        guard case .cancelReplaceOrderResponse = Template(details) else { return }
        try readReplacement(details, &response)
    }

    /// A cancel-replace that did not succeed as a whole: each half has a result of its own. Code and
    /// text become those of the half that failed, of the new order if both have, with the cancel's
    /// beside them; the whole's say only that one has.
    private func readReplacement(
        _ details: BinaryMessage, _ response: inout VenueResponse
    ) throws(DecodeFailure) {
        if try didCancel(details.fields) { response.reply.cancel = .done }
        var rest = details.rest
        let cancel = try part(try rest.data16())
        let order = try part(try rest.data32())
        var failed = failure(order)
        if let refusal = failure(cancel) {
            let code = try code(of: refusal)
            var rest = refusal.rest
            let text = JSONValue(text: try rest.data16())
            response.reply.cancel = BinanceSpotAccountDecoder.cancelHalf(code, text)
            if failed != nil {
                response.cancelCode = code
                response.cancelMessage = text
            }
        }
        if failed == nil { failed = failure(cancel) }
        if let failure = failed {
            response.reply.venueCode = try code(of: failure)
            var text = failure.rest
            response.message = JSONValue(text: try text.data16())
        }
        // The half that failed says what is known, such as that there is no order to cancel.
        if response.reply.outcome != .unknown {
            response.reply.outcome = BinanceSpotAccountDecoder.outcome(
                status: 400, code: response.reply.venueCode, response.message)
        }
        guard let order, failure(order) == nil else { return }
        response.reply.outcome = .accepted
        try readOrder(order, &response.reply)
    }

    private func part(_ data: BinaryBlock) throws(DecodeFailure) -> BinaryMessage? {
        if data.count == 0 { return nil }
        return try BinaryMessage(data, schema: Self.schema)
    }

    private func failure(_ part: BinaryMessage?) -> BinaryMessage? {
        guard let part, case .errorResponse = Template(part) else { return nil }
        return part
    }

    private func code(of error: BinaryMessage) throws(DecodeFailure) -> Int32 {
        Int32(Int16(bitPattern: try error.fields.uint16(ErrorResponse.code.rawValue)))
    }
}

extension JSONValue {
    /// A plain text that is not part of a JSON message.
    @_noLocks
    fileprivate init(text: BinaryBlock) {
        self.init(.string, text.text, count: text.count)
    }
}
