extension BinaryLayout {
    /// Sessions, accounts and events, as ``BinaryLayoutText`` reads them: schema 3, version 5.
    static let general = """
        50 WebSocketResponse
            sbeSchemaIdVersionDeprecated:u1 status:u2 rateLimits*16{ rateLimitType:u1#rateLimitType
            interval:u1#rateLimitInterval intervalNum:u1 rateLimit@limit:s8 current@count:s8 } id$8
            result$32!
        51 WebSocketSessionLogonResponse
            authorizedSince:s8 connectedSince:s8 returnRateLimits:u1 serverTime:s8
            userDataStream:u1? loggedOnApiKey@apiKey$16
        52 WebSocketSessionStatusResponse
            authorizedSince:s8? connectedSince:s8 returnRateLimits:u1 serverTime:s8
            userDataStream:u1? loggedOnApiKey@apiKey$16
        53 WebSocketSessionLogoutResponse
            authorizedSince:s8? connectedSince:s8 returnRateLimits:u1 serverTime:s8
            userDataStream:u1? loggedOnApiKey@apiKey$16
        54 WebSocketSessionSubscriptionsResponse
            subscriptions*32{ subscriptionId:u2 expirationTime:s8? }
        100 ErrorResponse
            code:s2 serverTime:s8? retryAfter:s8? msg$16 data$32!
        101 PingResponse
        102 ServerTimeResponse
            serverTime:s8
        400 AccountResponse
            commissionExponent:s1 commissionRateMaker@commissionRates.maker:s8^commissionExponent
            commissionRateTaker@commissionRates.taker:s8^commissionExponent
            commissionRateBuyer@commissionRates.buyer:s8^commissionExponent
            commissionRateSeller@commissionRates.seller:s8^commissionExponent canTrade:u1
            canWithdraw:u1 canDeposit:u1 brokered:u1 requireSelfTradePrevention:u1 preventSor:u1
            updateTime:s8 accountType:u1#accountType tradeGroupId:s8? uid:s8 balances*32{
            exponent:s1 free:s8^exponent locked:s8^exponent asset$8 } permissions*32{
            permission@..$8 } reduceOnlyAssets*32{ asset@..$8 }
        401 AccountTradesResponse
            trades@..*32{ priceExponent:s1 qtyExponent:s1 commissionExponent:s1 id:s8 orderId:s8
            orderListId:s8?-1 price:s8^priceExponent qty:s8^qtyExponent quoteQty:s8^priceExponent
            commission:s8^commissionExponent time:s8 isBuyer:u1 isMaker:u1 isBestMatch:u1 symbol$8
            commissionAsset$8 }
        402 AccountOrderRateLimitResponse
            rateLimits@..*32{ rateLimitType:u1#rateLimitType interval:u1#rateLimitInterval
            intervalNum:u1 rateLimit@limit:s8 numOrders@count:s8 }
        403 AccountPreventedMatchesResponse
            preventedMatches@..*32{ priceExponent:s1 qtyExponent:s1 preventedMatchId:s8
            takerOrderId:s8 makerOrderId:s8 tradeGroupId:s8
            selfTradePreventionMode:u1#selfTradePreventionMode price:s8^priceExponent
            takerPreventedQuantity:s8^qtyExponent? makerPreventedQuantity:s8^qtyExponent?
            transactTime:s8 symbol$8 makerSymbol$8 }
        404 AccountAllocationsResponse
            allocations@..*32{ priceExponent:s1 qtyExponent:s1 commissionExponent:s1?
            allocationId:s8 allocationType:u1#allocationType orderId:s8 orderListId:s8?-1
            sourceTradeId:s8? sourceAllocationId:s8? price:s8^priceExponent qty:s8^qtyExponent
            quoteQty:s8^priceExponent commission:s8^commissionExponent? time:s8 isBuyer:u1
            isMaker:u1 isAllocator:u1 symbol$8 commissionAsset$8 sourceSymbol$8 }
        405 AccountCommissionResponse
            commissionExponent:s1 discountExponent:s1
            standardCommissionMaker@standardCommission.maker:s8^commissionExponent
            standardCommissionTaker@standardCommission.taker:s8^commissionExponent
            standardCommissionBuyer@standardCommission.buyer:s8^commissionExponent
            standardCommissionSeller@standardCommission.seller:s8^commissionExponent
            taxCommissionMaker@taxCommission.maker:s8^commissionExponent
            taxCommissionTaker@taxCommission.taker:s8^commissionExponent
            taxCommissionBuyer@taxCommission.buyer:s8^commissionExponent
            taxCommissionSeller@taxCommission.seller:s8^commissionExponent
            discountEnabledForAccount@discount.enabledForAccount:u1
            discountEnabledForSymbol@discount.enabledForSymbol:u1
            discount@discount.discount:s8^discountExponent
            specialCommissionMaker@specialCommission.maker:s8^commissionExponent?
            specialCommissionTaker@specialCommission.taker:s8^commissionExponent?
            specialCommissionBuyer@specialCommission.buyer:s8^commissionExponent?
            specialCommissionSeller@specialCommission.seller:s8^commissionExponent? symbol$8
            discountAsset@discount.discountAsset$8
        503 UserDataStreamSubscribeResponse
            subscriptionId:u2?
        504 UserDataStreamUnsubscribeResponse
        601 BalanceUpdateEvent
            eventTime@E:s8 clearTime@T:s8? qtyExponent:s1 freeQtyDelta@d:s8^qtyExponent
            subscriptionId:u2? asset@a$8
        602 EventStreamTerminatedEvent
            eventTime@E:s8 subscriptionId:u2?
        603 ExecutionReportEvent
            eventTime@E:s8 transactTime@T:s8 priceExponent:s1 qtyExponent:s1 commissionExponent:s1
            orderCreationTime@O:s8?-1 workingTime@W:s8? orderId@i:s8 orderListId@g:s8?-1
            origQty@q:s8^qtyExponent price@p:s8^priceExponent origQuoteOrderQty@Q:s8^priceExponent
            icebergQty@F:s8^qtyExponent stopPrice@P:s8^priceExponent orderType@o:u1#orderType
            side@S:u1#orderSide timeInForce@f:u1#timeInForce executionType@x:u1#executionType
            orderStatus@X:u1#orderStatus tradeId@t:s8?-1 executionId@I:s8
            executedQty@z:s8^qtyExponent cummulativeQuoteQty@Z:s8^priceExponent
            lastQty@l:s8^qtyExponent lastPrice@L:s8^priceExponent quoteQty@Y:s8^priceExponent
            commission@n:s8^commissionExponent isWorking@w:u1 isMaker@m:u1 isBestMatch@M:u1
            matchType@b:u1#matchType selfTradePreventionMode@V:u1#selfTradePreventionMode
            orderCapacity@y:u1#orderCapacity workingFloor@k:u1#floor usedSor@uS:u1 allocId@a:s8?
            trailingDelta@d:u8? trailingTime@D:s8? tradeGroupId@u:s8? preventedQty@A:s8^qtyExponent
            lastPreventedQty@B:s8^qtyExponent? preventedMatchId@v:s8?
            preventedExecutionQty@pl:s8^qtyExponent? preventedExecutionPrice@pL:s8^priceExponent?
            preventedExecutionQuoteQty@pY:s8^priceExponent? strategyType@J:s4? strategyId@j:s8?
            counterOrderId@U:s8? subscriptionId:u2? pegPriceType@gP:u1#pegPriceType?
            pegOffsetType@gOT:u1#pegOffsetType? pegOffsetValue@gOV:u1?
            peggedPrice@gp:s8^priceExponent? expiryReason@eR:u1#expiryReason? symbol@s$8
            clientOrderId@c$8 origClientOrderId@C$8 commissionAsset@N$8 rejectReason@r$8?NONE
            counterSymbol@Cs$8
        604 ExternalLockUpdateEvent
            eventTime@E:s8 clearTime@T:s8 qtyExponent:s1 lockedQtyDelta@d:s8^qtyExponent
            subscriptionId:u2? asset@a$8
        606 ListStatusEvent
            eventTime@E:s8 transactTime@T:s8 orderListId@g:s8 contingencyType@c:u1#contingencyType
            listStatusType@l:u1#listStatusType listOrderStatus@L:u1#listOrderStatus
            subscriptionId:u2? orders@O*16{ orderId@i:s8 symbol@s$8 clientOrderId@c$8 } symbol@s$8
            listClientOrderId@C$8 rejectReason@r$8?NONE
        607 OutboundAccountPositionEvent
            eventTime@E:s8 updateTime@u:s8 subscriptionId:u2? balances@B*32{ exponent:s1
            free@f:s8^exponent locked@l:s8^exponent asset@a$8 }
        610 ServerShutdownEvent
            eventTime@E:s8
        """

    /// The venue's words in JSON and their numbers in binary messages; their bits where a field
    /// holds a set of them.
    static let words = """
        accountType SPOT=0 UNKNOWN=2
        allocationType UNKNOWN=0 SOR=2
        allowedSelfTradePreventionModes NONE=0 EXPIRE_TAKER=1 EXPIRE_MAKER=2 EXPIRE_BOTH=3
            DECREMENT=4 TRANSFER=5
        calculationType EXTERNAL=1 ARITHMETIC_MEAN=2
        cancelReplaceStatus SUCCESS=0 FAILURE=1 NOT_ATTEMPTED=2
        contingencyType OCO=1 OTO=2
        executionType NEW=0 CANCELED=1 REPLACED=2 REJECTED=3 TRADE=4 EXPIRED=5 TRADE_PREVENTION=8
            UNKNOWN=253
        expiryReason REJECTED=1 EXCHANGE_CANCELED=2 OCO_TRIGGER=3 OTO_PHASE_ONE_EXPIRED=4
            UNFILLED_IOC_QUANTITY_EXPIRED=5 UNFILLED_FOK_ORDER_EXPIRED=6 INSUFFICIENT_LIQUIDITY=7
            EXECUTION_RULE_PRICE_RANGE_EXCEEDED=8
        floor EXCHANGE=1 BROKER=2 SOR=3
        listOrderStatus CANCELING=0 EXECUTING=1 ALL_DONE=2 REJECT=3
        listStatusType RESPONSE=0 EXEC_STARTED=1 ALL_DONE=2 UPDATED=3
        matchType AUTO_MATCH=1 ONE_PARTY_TRADE_REPORT=2
        orderCapacity PRINCIPAL=1 AGENCY=2
        orderSide BUY=0 SELL=1
        orderStatus NEW=0 PARTIALLY_FILLED=1 FILLED=2 CANCELED=3 PENDING_CANCEL=4 REJECTED=5
            EXPIRED=6 EXPIRED_IN_MATCH=9 PENDING_NEW=11 UNKNOWN=253
        orderType MARKET=0 LIMIT=1 STOP_LOSS=2 STOP_LOSS_LIMIT=3 TAKE_PROFIT=4 TAKE_PROFIT_LIMIT=5
            LIMIT_MAKER=6
        orderTypes MARKET=0 LIMIT=1 STOP_LOSS=2 STOP_LOSS_LIMIT=3 TAKE_PROFIT=4
            TAKE_PROFIT_LIMIT=5 LIMIT_MAKER=6
        pegOffsetType PRICE_LEVEL=1
        pegPriceType PRIMARY_PEG=1 MARKET_PEG=2
        rateLimitInterval SECOND=0 MINUTE=1 HOUR=2 DAY=3
        rateLimitType RAW_REQUESTS=0 CONNECTIONS=1 REQUEST_WEIGHT=2 ORDERS=3
        selfTradePreventionMode NONE=1 EXPIRE_TAKER=2 EXPIRE_MAKER=3 EXPIRE_BOTH=4 DECREMENT=5
            TRANSFER=6
        symbolStatus TRADING=0 END_OF_DAY=1 HALT=2 BREAK=3 CANCEL_ONLY=4
        timeInForce GTC=0 IOC=1 FOK=2
        """
}
