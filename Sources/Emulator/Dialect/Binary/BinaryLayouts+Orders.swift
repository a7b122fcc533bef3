extension BinaryLayout {
    /// Answers about orders, as ``BinaryLayoutText`` reads them: schema 3, version 5.
    static let orders = """
        300 NewOrderAckResponse
            orderId:s8 orderListId:s8?-1 transactTime:s8 symbol$8 clientOrderId$8
        301 NewOrderResultResponse
            priceExponent:s1 qtyExponent:s1 orderId:s8 orderListId:s8?-1 transactTime:s8
            price:s8^priceExponent origQty:s8^qtyExponent executedQty:s8^qtyExponent
            cummulativeQuoteQty:s8^priceExponent status:u1#orderStatus timeInForce:u1#timeInForce
            orderType@type:u1#orderType side:u1#orderSide stopPrice:s8^priceExponent?
            trailingDelta:s8? trailingTime:s8? workingTime:s8?-1 icebergQty:s8^qtyExponent?
            strategyId:s8? strategyType:s4? orderCapacity:u1#orderCapacity workingFloor:u1#floor
            selfTradePreventionMode:u1#selfTradePreventionMode tradeGroupId:s8?
            preventedQuantity:s8^qtyExponent usedSor:u1 origQuoteOrderQty:s8^priceExponent
            pegPriceType:u1#pegPriceType? pegOffsetType:u1#pegOffsetType? pegOffsetValue:u1?
            peggedPrice:s8^priceExponent? expiryReason:u1#expiryReason? symbol$8 clientOrderId$8
        302 NewOrderFullResponse
            priceExponent:s1 qtyExponent:s1 orderId:s8 orderListId:s8?-1 transactTime:s8
            price:s8^priceExponent origQty:s8^qtyExponent executedQty:s8^qtyExponent
            cummulativeQuoteQty:s8^priceExponent status:u1#orderStatus timeInForce:u1#timeInForce
            orderType@type:u1#orderType side:u1#orderSide stopPrice:s8^priceExponent?
            trailingDelta:s8? trailingTime:s8? workingTime:s8?-1 icebergQty:s8^qtyExponent?
            strategyId:s8? strategyType:s4? orderCapacity:u1#orderCapacity workingFloor:u1#floor
            selfTradePreventionMode:u1#selfTradePreventionMode tradeGroupId:s8?
            preventedQuantity:s8^qtyExponent usedSor:u1 origQuoteOrderQty:s8^priceExponent
            pegPriceType:u1#pegPriceType? pegOffsetType:u1#pegOffsetType? pegOffsetValue:u1?
            peggedPrice:s8^priceExponent? expiryReason:u1#expiryReason? fills*32{
            commissionExponent:s1 matchType:u1#matchType price:s8^priceExponent qty:s8^qtyExponent
            commission:s8^commissionExponent tradeId:s8? allocId:s8? commissionAsset$8 }
            preventedMatches*32{ preventedMatchId:s8 makerOrderId:s8? price:s8^priceExponent?
            takerPreventedQuantity:s8^qtyExponent? makerPreventedQuantity:s8^qtyExponent?
            makerSymbol$8 } symbol$8 clientOrderId$8
        303 OrderTestResponse
        304 OrderResponse
            priceExponent:s1 qtyExponent:s1 orderId:s8 orderListId:s8?-1 price:s8^priceExponent
            origQty:s8^qtyExponent executedQty:s8^qtyExponent cummulativeQuoteQty:s8^priceExponent
            status:u1#orderStatus timeInForce:u1#timeInForce orderType@type:u1#orderType
            side:u1#orderSide stopPrice:s8^priceExponent? trailingDelta:s8? trailingTime:s8?
            icebergQty:s8^qtyExponent? time:s8 updateTime:s8 isWorking:u1 workingTime:s8?-1
            origQuoteOrderQty:s8^priceExponent strategyId:s8? strategyType:s4?
            orderCapacity:u1#orderCapacity workingFloor:u1#floor
            selfTradePreventionMode:u1#selfTradePreventionMode preventedMatchId:s8?
            preventedQuantity:s8^qtyExponent usedSor:u1 pegPriceType:u1#pegPriceType?
            pegOffsetType:u1#pegOffsetType? pegOffsetValue:u1? peggedPrice:s8^priceExponent?
            expiryReason:u1#expiryReason? symbol$8 clientOrderId$8
        305 CancelOrderResponse
            priceExponent:s1 qtyExponent:s1 orderId:s8 orderListId:s8?-1 transactTime:s8
            price:s8^priceExponent origQty:s8^qtyExponent executedQty:s8^qtyExponent
            cummulativeQuoteQty:s8^priceExponent status:u1#orderStatus timeInForce:u1#timeInForce
            orderType@type:u1#orderType side:u1#orderSide stopPrice:s8^priceExponent?
            trailingDelta:s8? trailingTime:s8? icebergQty:s8^qtyExponent? strategyId:s8?
            strategyType:s4? orderCapacity:u1#orderCapacity workingFloor:u1#floor
            selfTradePreventionMode:u1#selfTradePreventionMode preventedQuantity:s8^qtyExponent
            usedSor:u1 origQuoteOrderQty:s8^priceExponent pegPriceType:u1#pegPriceType?
            pegOffsetType:u1#pegOffsetType? pegOffsetValue:u1? peggedPrice:s8^priceExponent?
            symbol$8 origClientOrderId$8 clientOrderId$8
        306 CancelOpenOrdersResponse
            responses@..*32{ response$16! }
        307 CancelReplaceOrderResponse
            cancelResult:u1#cancelReplaceStatus newOrderResult:u1#cancelReplaceStatus
            cancelResponse$16! newOrderResponse$32!
        308 OrdersResponse
            orders@..*32{ priceExponent:s1 qtyExponent:s1 orderId:s8 orderListId:s8?-1
            price:s8^priceExponent origQty:s8^qtyExponent executedQty:s8^qtyExponent
            cummulativeQuoteQty:s8^priceExponent status:u1#orderStatus timeInForce:u1#timeInForce
            orderType@type:u1#orderType side:u1#orderSide stopPrice:s8^priceExponent?
            trailingDelta:s8? trailingTime:s8? icebergQty:s8^qtyExponent? time:s8 updateTime:s8
            isWorking:u1 workingTime:s8?-1 origQuoteOrderQty:s8^priceExponent strategyId:s8?
            strategyType:s4? orderCapacity:u1#orderCapacity workingFloor:u1#floor
            selfTradePreventionMode:u1#selfTradePreventionMode preventedMatchId:s8?
            preventedQuantity:s8^priceExponent usedSor:u1 pegPriceType:u1#pegPriceType?
            pegOffsetType:u1#pegOffsetType? pegOffsetValue:u1? peggedPrice:s8^priceExponent?
            expiryReason:u1#expiryReason? symbol$8 clientOrderId$8 }
        309 NewOrderListAckResponse
            orderListId:s8 contingencyType:u1#contingencyType listStatusType:u1#listStatusType
            listOrderStatus:u1#listOrderStatus transactionTime:s8 orders*16{ orderId:s8 symbol$8
            clientOrderId$8 } orderReports*16{ orderId:s8 orderListId:s8?-1 transactTime:s8 symbol$8
            clientOrderId$8 } listClientOrderId$8 symbol$8
        310 NewOrderListResultResponse
            orderListId:s8 contingencyType:u1#contingencyType listStatusType:u1#listStatusType
            listOrderStatus:u1#listOrderStatus transactionTime:s8 priceExponent:s1 qtyExponent:s1
            orders*16{ orderId:s8 symbol$8 clientOrderId$8 } orderReports*16{ orderId:s8
            orderListId:s8?-1 transactTime:s8 price:s8^priceExponent origQty:s8^qtyExponent
            executedQty:s8^qtyExponent cummulativeQuoteQty:s8^priceExponent status:u1#orderStatus
            timeInForce:u1#timeInForce orderType@type:u1#orderType side:u1#orderSide
            stopPrice:s8^priceExponent? trailingDelta:s8? trailingTime:s8? workingTime:s8?-1
            icebergQty:s8^qtyExponent? strategyId:s8? strategyType:s4?
            orderCapacity:u1#orderCapacity workingFloor:u1#floor
            selfTradePreventionMode:u1#selfTradePreventionMode tradeGroupId:s8?
            preventedQuantity:s8^qtyExponent usedSor:u1 origQuoteOrderQty:s8^priceExponent
            pegPriceType:u1#pegPriceType? pegOffsetType:u1#pegOffsetType? pegOffsetValue:u1?
            peggedPrice:s8^priceExponent? expiryReason:u1#expiryReason? symbol$8 clientOrderId$8 }
            listClientOrderId$8 symbol$8
        311 NewOrderListFullResponse
            orderListId:s8 contingencyType:u1#contingencyType listStatusType:u1#listStatusType
            listOrderStatus:u1#listOrderStatus transactionTime:s8 priceExponent:s1 qtyExponent:s1
            orders*16{ orderId:s8 symbol$8 clientOrderId$8 } orderReports*16{ orderId:s8
            orderListId:s8?-1 transactTime:s8 price:s8^priceExponent origQty:s8^qtyExponent
            executedQty:s8^qtyExponent cummulativeQuoteQty:s8^priceExponent status:u1#orderStatus
            timeInForce:u1#timeInForce orderType@type:u1#orderType side:u1#orderSide
            stopPrice:s8^priceExponent? trailingDelta:s8? trailingTime:s8? workingTime:s8?-1
            icebergQty:s8^qtyExponent? strategyId:s8? strategyType:s4?
            orderCapacity:u1#orderCapacity workingFloor:u1#floor
            selfTradePreventionMode:u1#selfTradePreventionMode tradeGroupId:s8?
            preventedQuantity:s8^qtyExponent usedSor:u1 origQuoteOrderQty:s8^priceExponent
            pegPriceType:u1#pegPriceType? pegOffsetType:u1#pegOffsetType? pegOffsetValue:u1?
            peggedPrice:s8^priceExponent? expiryReason:u1#expiryReason? fills*32{
            commissionExponent:s1 matchType:u1#matchType price:s8^priceExponent qty:s8^qtyExponent
            commission:s8^commissionExponent tradeId:s8? allocId:s8? commissionAsset$8 }
            preventedMatches*32{ preventedMatchId:s8 makerOrderId:s8? price:s8^priceExponent?
            takerPreventedQuantity:s8^qtyExponent? makerPreventedQuantity:s8^qtyExponent?
            makerSymbol$8 } symbol$8 clientOrderId$8 } listClientOrderId$8 symbol$8
        312 CancelOrderListResponse
            orderListId:s8 contingencyType:u1#contingencyType listStatusType:u1#listStatusType
            listOrderStatus:u1#listOrderStatus transactionTime:s8 priceExponent:s1 qtyExponent:s1
            orders*16{ orderId:s8 symbol$8 clientOrderId$8 } orderReports*16{ orderId:s8
            orderListId:s8?-1 transactTime:s8 price:s8^priceExponent origQty:s8^qtyExponent
            executedQty:s8^qtyExponent cummulativeQuoteQty:s8^priceExponent status:u1#orderStatus
            timeInForce:u1#timeInForce orderType@type:u1#orderType side:u1#orderSide
            stopPrice:s8^priceExponent? trailingDelta:s8? trailingTime:s8?
            icebergQty:s8^qtyExponent? strategyId:s8? strategyType:s4?
            orderCapacity:u1#orderCapacity workingFloor:u1#floor
            selfTradePreventionMode:u1#selfTradePreventionMode preventedQuantity:s8^qtyExponent
            usedSor:u1 origQuoteOrderQty:s8^priceExponent pegPriceType:u1#pegPriceType?
            pegOffsetType:u1#pegOffsetType? pegOffsetValue:u1? peggedPrice:s8^priceExponent?
            symbol$8 origClientOrderId$8 clientOrderId$8 } listClientOrderId$8 symbol$8
        313 OrderListResponse
            orderListId:s8 contingencyType:u1#contingencyType listStatusType:u1#listStatusType
            listOrderStatus:u1#listOrderStatus transactionTime:s8 orders*16{ orderId:s8 symbol$8
            clientOrderId$8 } listClientOrderId$8 symbol$8
        314 OrderListsResponse
            orderLists@..*32{ orderListId:s8 contingencyType:u1#contingencyType
            listStatusType:u1#listStatusType listOrderStatus:u1#listOrderStatus transactionTime:s8
            orders*32{ orderId:s8 symbol$8 clientOrderId$8 } listClientOrderId$8 symbol$8 }
        315 OrderTestWithCommissionsResponse
            commissionExponent:s1 discountExponent:s1
            standardCommissionForOrderMaker@standardCommissionForOrder.maker:s8^commissionExponent
            standardCommissionForOrderTaker@standardCommissionForOrder.taker:s8^commissionExponent
            taxCommissionForOrderMaker@taxCommissionForOrder.maker:s8^commissionExponent
            taxCommissionForOrderTaker@taxCommissionForOrder.taker:s8^commissionExponent
            discountEnabledForAccount@discount.enabledForAccount:u1
            discountEnabledForSymbol@discount.enabledForSymbol:u1
            discount@discount.discount:s8^discountExponent
            specialCommissionForOrderMaker@specialCommissionForOrder.maker:s8^commissionExponent?
            specialCommissionForOrderTaker@specialCommissionForOrder.taker:s8^commissionExponent?
            discountAsset@discount.discountAsset$8
        316 OrderAmendmentsResponse
            amendments@..*32{ orderId:s8 executionId:s8 qtyExponent:s1 origQty:s8^qtyExponent
            newQty:s8^qtyExponent time:s8 symbol$8 origClientOrderId$8 newClientOrderId$8 }
        317 OrderAmendKeepPriorityResponse
            transactTime:s8 executionId:s8 priceExponent:s1 qtyExponent:s1 orderId:s8
            orderListId:s8?-1 price:s8^priceExponent qty:s8^qtyExponent executedQty:s8^qtyExponent
            preventedQty:s8^qtyExponent cumulativeQuoteQty:s8^priceExponent status:u1#orderStatus
            timeInForce:u1#timeInForce orderType@type:u1#orderType side:u1#orderSide
            stopPrice:s8^priceExponent? trailingDelta:s8? trailingTime:s8?
            icebergQty:s8^qtyExponent? workingTime:s8?-1 strategyId:s8? strategyType:s4?
            orderCapacity:u1#orderCapacity workingFloor:u1#floor
            selfTradePreventionMode:u1#selfTradePreventionMode usedSor:u1
            pegPriceType:u1#pegPriceType? pegOffsetType:u1#pegOffsetType? pegOffsetValue:u1?
            peggedPrice:s8^priceExponent? listStatus*16{ orderListId:s8
            contingencyType:u1#contingencyType listOrderStatus:u1#listOrderStatus orders*16{
            orderId:s8 symbol$8 clientOrderId$8 } listClientOrderId$8 symbol$8 } relatedOrders*16{
            orderId:s8 orderListId:s8?-1 price:s8^priceExponent qty:s8^qtyExponent
            executedQty:s8^qtyExponent preventedQty:s8^qtyExponent
            cumulativeQuoteQty:s8^priceExponent status:u1#orderStatus timeInForce:u1#timeInForce
            orderType@type:u1#orderType side:u1#orderSide stopPrice:s8^priceExponent?
            trailingDelta:s8? trailingTime:s8? icebergQty:s8^qtyExponent? workingTime:s8?-1
            strategyId:s8? strategyType:s4? orderCapacity:u1#orderCapacity workingFloor:u1#floor
            selfTradePreventionMode:u1#selfTradePreventionMode usedSor:u1
            pegPriceType:u1#pegPriceType? pegOffsetType:u1#pegOffsetType? pegOffsetValue:u1?
            peggedPrice:s8^priceExponent? symbol$8 clientOrderId$8 } symbol$8 origClientOrderId$8
            clientOrderId$8
        """
}
