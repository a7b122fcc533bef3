extension BinaryLayout {
    /// Public market data and the venue's description of itself, as ``BinaryLayoutText`` reads
    /// them: schema 3, version 5.
    static let market = """
        1 PriceFilter
            priceExponent:s1 minPrice:s8^priceExponent maxPrice:s8^priceExponent
            tickSize:s8^priceExponent
        2 PercentPriceFilter
            multiplierExponent:s1 multiplierUp:s8^multiplierExponent
            multiplierDown:s8^multiplierExponent avgPriceMins:s4
        3 PercentPriceBySideFilter
            multiplierExponent:s1 bidMultiplierUp:s8^multiplierExponent
            bidMultiplierDown:s8^multiplierExponent askMultiplierUp:s8^multiplierExponent
            askMultiplierDown:s8^multiplierExponent avgPriceMins:s4
        4 LotSizeFilter
            qtyExponent:s1 minQty:s8^qtyExponent maxQty:s8^qtyExponent stepSize:s8^qtyExponent
        5 MinNotionalFilter
            priceExponent:s1 minNotional:s8^priceExponent applyToMarket:u1 avgPriceMins:s4
        6 NotionalFilter
            priceExponent:s1 minNotional:s8^priceExponent applyMinToMarket:u1
            maxNotional:s8^priceExponent applyMaxToMarket:u1 avgPriceMins:s4
        7 IcebergPartsFilter
            filterLimit@limit:s8
        8 MarketLotSizeFilter
            qtyExponent:s1 minQty:s8^qtyExponent maxQty:s8^qtyExponent stepSize:s8^qtyExponent
        9 MaxNumOrdersFilter
            maxNumOrders:s8
        10 MaxNumAlgoOrdersFilter
            maxNumAlgoOrders:s8
        11 MaxNumIcebergOrdersFilter
            maxNumIcebergOrders:s8
        12 MaxPositionFilter
            qtyExponent:s1 maxPosition:s8^qtyExponent
        13 TrailingDeltaFilter
            minTrailingAboveDelta:s8 maxTrailingAboveDelta:s8 minTrailingBelowDelta:s8
            maxTrailingBelowDelta:s8
        14 TPlusSellFilter
            endTime:s8?-1
        18 MaxNumOrderListsFilter
            maxNumOrderLists:s8
        20 MaxNumOrderAmendsFilter
            maxNumOrderAmends:s8
        15 ExchangeMaxNumOrdersFilter
            maxNumOrders:s8
        16 ExchangeMaxNumAlgoOrdersFilter
            maxNumAlgoOrders:s8
        17 ExchangeMaxNumIcebergOrdersFilter
            maxNumIcebergOrders:s8
        19 ExchangeMaxNumOrderListsFilter
            maxNumOrderLists:s8
        21 MaxAssetFilter
            qtyExponent:s1 maxQty@limit:s8^qtyExponent asset$8
        22 PriceRangeExecutionRule
            multiplierExponent:s1 bidLimitMultUp:s8^multiplierExponent?
            bidLimitMultDown:s8^multiplierExponent? askLimitMultUp:s8^multiplierExponent?
            askLimitMultDown:s8^multiplierExponent?
        103 ExchangeInfoResponse
            rateLimits*32{ rateLimitType:u1#rateLimitType interval:u1#rateLimitInterval
            intervalNum:u1 rateLimit@limit:s8 } exchangeFilters*32{ filter@..$8! } symbols*32{
            status:u1#symbolStatus baseAssetPrecision:u1 quoteAssetPrecision:u1
            baseCommissionPrecision:u1 quoteCommissionPrecision:u1 orderTypes:u2#orderTypes
            icebergAllowed:u1 ocoAllowed:u1 otoAllowed:u1 quoteOrderQtyMarketAllowed:u1
            allowTrailingStop:u1 cancelReplaceAllowed:u1 amendAllowed:u1 isSpotTradingAllowed:u1
            isMarginTradingAllowed:u1 defaultSelfTradePreventionMode:u1#selfTradePreventionMode
            allowedSelfTradePreventionModes:u1#allowedSelfTradePreventionModes
            pegInstructionsAllowed:u1? filters*32{ filter@..$8! } permissionSets*32{
            permissions@..*32{ permission@..$8 } } symbol$8 baseAsset$8 quoteAsset$8 } sors*32{
            sorSymbols@symbols*32{ symbol@..$8 } baseAsset$8 }
        104 ExecutionRulesResponse
            symbolRules*32{ rules*32{ rule@..$8! } symbol$8 }
        105 MyFiltersResponse
            exchangeFilters*32{ filter@..$8! } symbolFilters*32{ filter@..$8! } assetFilters*32{
            filter@..$8! }
        200 DepthResponse
            lastUpdateId:s8 priceExponent:s1 qtyExponent:s1 bids*32{ price@[]:s8^priceExponent
            qty@[]:s8^qtyExponent } asks*32{ price@[]:s8^priceExponent qty@[]:s8^qtyExponent }
        201 TradesResponse
            priceExponent:s1 qtyExponent:s1 trades@..*32{ id:s8 price:s8^priceExponent
            qty:s8^qtyExponent quoteQty:s8^priceExponent time:s8 isBuyerMaker:u1 isBestMatch:u1 }
        202 AggTradesResponse
            priceExponent:s1 qtyExponent:s1 aggTrades@..*32{ aggTradeId@a:s8
            price@p:s8^priceExponent qty@q:s8^qtyExponent firstTradeId@f:s8 lastTradeId@l:s8
            time@T:s8 isBuyerMaker@m:u1 isBestMatch@M:u1 }
        203 KlinesResponse
            priceExponent:s1 qtyExponent:s1 klines@..*32{ openTime@[]:s8
            openPrice@[]:s8^priceExponent highPrice@[]:s8^priceExponent lowPrice@[]:s8^priceExponent
            closePrice@[]:s8^priceExponent volume@[]:u16^qtyExponent closeTime@[]:s8
            quoteVolume@[]:u16^priceExponent numTrades@[]:s8 takerBuyBaseVolume@[]:u16^qtyExponent
            takerBuyQuoteVolume@[]:u16^priceExponent }
        204 AveragePriceResponse
            mins:s8 priceExponent:s1 price:s8^priceExponent?0 closeTime:s8?-1
        205 Ticker24hSymbolFullResponse
            priceExponent:s1 qtyExponent:s1 priceChange:s8^priceExponent?0 priceChangePercent:f4?0.0
            weightedAvgPrice:s8^priceExponent?0 prevClosePrice:s8^priceExponent?0
            lastPrice:s8^priceExponent?0 lastQty:u16^qtyExponent bidPrice:s8^priceExponent?0
            bidQty:s8^qtyExponent askPrice:s8^priceExponent?0 askQty:s8^qtyExponent
            openPrice:s8^priceExponent?0 highPrice:s8^priceExponent?0 lowPrice:s8^priceExponent?0
            volume:u16^qtyExponent quoteVolume:u16^priceExponent openTime:s8 closeTime:s8
            firstId:s8?-1 lastId:s8?-1 numTrades@count:s8 symbol$8
        206 Ticker24hFullResponse
            tickers@..*32{ &205 }
        207 Ticker24hSymbolMiniResponse
            priceExponent:s1 qtyExponent:s1 openPrice:s8^priceExponent?0
            highPrice:s8^priceExponent?0 lowPrice:s8^priceExponent?0 lastPrice:s8^priceExponent?0
            volume:u16^qtyExponent quoteVolume:u16^priceExponent openTime:s8 closeTime:s8
            firstId:s8?-1 lastId:s8?-1 numTrades@count:s8 symbol$8
        208 Ticker24hMiniResponse
            tickers@..*32{ &207 }
        209 PriceTickerSymbolResponse
            priceExponent:s1 price:s8^priceExponent?0 symbol$8
        210 PriceTickerResponse
            tickers@..*32{ &209 }
        211 BookTickerSymbolResponse
            priceExponent:s1 qtyExponent:s1 bidPrice:s8^priceExponent?0 bidQty:s8^qtyExponent
            askPrice:s8^priceExponent?0 askQty:s8^qtyExponent symbol$8
        212 BookTickerResponse
            tickers@..*32{ &211 }
        213 TickerSymbolFullResponse
            priceExponent:s1 qtyExponent:s1 priceChange:s8^priceExponent?0 priceChangePercent:f4?0.0
            weightedAvgPrice:s8^priceExponent?0 openPrice:s8^priceExponent?0
            highPrice:s8^priceExponent?0 lowPrice:s8^priceExponent?0 lastPrice:s8^priceExponent?0
            volume:u16^qtyExponent quoteVolume:u16^priceExponent openTime:s8 closeTime:s8
            firstId:s8?-1 lastId:s8?-1 numTrades@count:s8 symbol$8
        214 TickerFullResponse
            tickers@..*32{ &213 }
        215 TickerSymbolMiniResponse
            priceExponent:s1 qtyExponent:s1 openPrice:s8^priceExponent?0
            highPrice:s8^priceExponent?0 lowPrice:s8^priceExponent?0 lastPrice:s8^priceExponent?0
            volume:u16^qtyExponent quoteVolume:u16^priceExponent openTime:s8 closeTime:s8
            firstId:s8?-1 lastId:s8?-1 numTrades@count:s8 symbol$8
        216 TickerMiniResponse
            tickers@..*32{ &215 }
        217 ReferencePriceResponse
            priceExponent:s1 referencePrice:s8^priceExponent? timestamp:s8 symbol$8
        218 ReferencePriceCalculationResponse
            calculationType:u1#calculationType externalCalculationId:s8? bucketCount:u4?
            bucketWidthMs:u4? symbol$8
        219 BlockTradesResponse
            priceExponent:s1 qtyExponent:s1 blockTrades@..*32{ id:s8 price:s8^priceExponent
            qty:s8^qtyExponent quoteQty:s8^priceExponent time:s8 isBuyerMaker:u1 }
        """
}
