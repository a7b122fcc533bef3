"""What ccxt's Binance client offers (its `has`) and these checks leave out, by the reason."""

REST = {
    "not a method: a kind of market, or that there is an API at all":
        "publicAPI privateAPI sandbox spot margin swap future option",
    "claimed, and not written in this version of the client":
        "fetchCurrenciesWs",
    "margin trading, another API of the venue":
        "addMargin borrowCrossMargin borrowIsolatedMargin fetchBorrowInterest"
        " fetchBorrowRateHistory fetchCrossBorrowRate fetchIsolatedBorrowRate"
        " fetchIsolatedBorrowRates fetchMarginAdjustmentHistory fetchMarginMode fetchMarginModes"
        " reduceMargin repayCrossMargin repayIsolatedMargin setMarginMode",
    "futures and options, other APIs of the venue":
        "createReduceOnlyOrder fetchADLRank fetchAllGreeks fetchFundingHistory fetchFundingInterval"
        " fetchFundingIntervals fetchFundingRate fetchFundingRateHistory fetchFundingRates"
        " fetchGreeks fetchIndexOHLCV fetchLeverage fetchLeverages fetchLeverageTiers"
        " fetchLongShortRatioHistory fetchMarketLeverageTiers fetchMarkOHLCV fetchMarkPrice"
        " fetchMarkPrices fetchMyLiquidations fetchMySettlementHistory fetchOpenInterest"
        " fetchOpenInterestHistory fetchOption fetchPosition fetchPositionADLRank"
        " fetchPositionMode fetchPositions fetchPositionsADLRank fetchPositionsRisk"
        " fetchPremiumIndexOHLCV fetchSettlementHistory setLeverage setPositionMode",
    "the client refuses it on spot markets, whose API has no batches":
        "cancelOrders createOrders editOrders fetchOpenOrder",
    "the wallet (/sapi), another API of the venue; account/commission has the fees":
        "createConvertTrade fetchConvertCurrencies fetchConvertQuote fetchConvertTrade"
        " fetchConvertTradeHistory fetchCurrencies fetchDepositAddress fetchDeposits"
        " fetchDepositWithdrawFee fetchDepositWithdrawFees fetchLedger fetchLedgerEntry"
        " fetchStatus fetchTradingFee fetchTradingFees fetchTransactionFee fetchTransactionFees"
        " fetchTransfers fetchWithdrawals transfer withdraw",
}

# Endpoints by their method and path below /api/v3.
ENDPOINTS = {
    "the venue itself has removed it (user streams come with the WebSocket API)":
        "post:userDataStream put:userDataStream delete:userDataStream",
}

WEBSOCKETS = {
    "not a method: that there are WebSockets at all":
        "ws",
    "futures, another API of the venue":
        "fetchPositionForSymbolWs fetchPositionWs fetchPositionsWs unWatchMarkPrice"
        " unWatchMarkPrices watchLiquidations watchLiquidationsForSymbols watchMarkPrice"
        " watchMarkPrices watchMyLiquidations watchMyLiquidationsForSymbols watchPositions",
    "the client refuses it on spot markets":
        "fetchOrderBookWs fetchTickerWs",
    "claimed, and not written in this version of the client":
        "watchOrdersForSymbols",
}
