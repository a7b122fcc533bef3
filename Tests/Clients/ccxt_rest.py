"""ccxt's Binance client over REST: the market, every kind of order, the account, errors."""

import time

import ccxt

from checks import AUTHORITY, KEY, REST, SECRET, check, expect, expect_raises, run

SYMBOL = "BTC/USDT"


def connect(**more):
    client = ccxt.binance({
        "apiKey": KEY,
        "secret": SECRET,
        "validateServerSsl": AUTHORITY,
        "enableRateLimit": False,
        # What is not the spot API (wallet, margin, futures) is another service of the venue.
        "options": {
            "defaultType": "spot",
            "fetchMarkets": {"types": ["spot"]},
            "fetchCurrencies": False,
            "fetchMargins": False,
            "fetchOpenOrders": {"warnWithoutSymbol": False},
        },
        **more,
    })
    for name in ("public", "private", "v1"):
        client.urls["api"][name] = REST + "/v3"
    return client


client = connect()


def last():
    return client.fetch_ticker(SYMBOL)["last"]


@check
def time_and_markets():
    expect(abs(client.fetch_time() - time.time() * 1000) < 5_000, "the clock is right")
    markets = client.load_markets()
    market = markets[SYMBOL]
    expect(market["spot"] and market["active"], market)
    expect(market["precision"]["price"] == 0.01, market["precision"])
    expect(market["limits"]["cost"]["min"] == 5, market["limits"])
    expect(client.amount_to_precision(SYMBOL, 0.123456789) == "0.12345", "amounts are cut to lots")


@check
def tickers():
    ticker = client.fetch_ticker(SYMBOL)
    expect(ticker["bid"] < ticker["ask"], ticker)
    expect(ticker["low"] <= ticker["last"] <= ticker["high"], ticker)
    expect(ticker["baseVolume"] > 0 and ticker["percentage"] is not None, ticker)
    tickers = client.fetch_tickers([SYMBOL, "ETH/USDT"])
    expect(set(tickers) == {SYMBOL, "ETH/USDT"}, tickers)
    expect(SYMBOL in client.fetch_bids_asks([SYMBOL]), "best prices")
    expect(client.fetch_last_prices([SYMBOL])[SYMBOL]["price"] > 0, "last prices")


@check
def order_book():
    for limit in (5, 100, 1000):
        book = client.fetch_order_book(SYMBOL, limit)
        expect(0 < len(book["bids"]) <= limit and 0 < len(book["asks"]) <= limit, len(book["bids"]))
        prices = [level[0] for level in book["bids"]]
        expect(prices == sorted(prices, reverse=True), "bids fall")
        expect(book["bids"][0][0] < book["asks"][0][0] and book["nonce"] > 0, "not crossed")


@check
def trades():
    recent = client.fetch_trades(SYMBOL, limit=50)
    expect(0 < len(recent) <= 50, len(recent))
    expect([t["timestamp"] for t in recent] == sorted(t["timestamp"] for t in recent), "in order")
    method = {"fetchTradesMethod": "publicGetTrades"}
    expect(len(client.fetch_trades(SYMBOL, limit=10, params=method)) > 0, "single trades")
    method = {"fetchTradesMethod": "publicGetHistoricalTrades"}
    expect(len(client.fetch_trades(SYMBOL, limit=10, params=method)) > 0, "old trades")


@check
def candles():
    for interval in ("1s", "1m", "1h", "1d", "1w", "1M"):
        bars = client.fetch_ohlcv(SYMBOL, interval, limit=5)
        expect(0 < len(bars) <= 5, f"{interval}: {bars}")
        for _, opened, high, low, close, volume in bars:
            expect(low <= min(opened, close) <= max(opened, close) <= high, bars)
            expect(volume >= 0, bars)
    since = client.milliseconds() - 3 * 3_600_000
    bars = client.fetch_ohlcv(SYMBOL, "1h", since=since, limit=3)
    expect(bars and bars[0][0] >= since, bars)


@check
def balance():
    balance = client.fetch_balance()
    expect(balance["USDT"]["total"] > 0 and balance["BTC"]["free"] > 0, balance["USDT"])


@check
def market_orders():
    before = client.fetch_balance()["BTC"]["total"]
    bought = client.create_order(SYMBOL, "market", "buy", 0.01)
    expect(bought["status"] == "closed" and bought["filled"] == 0.01, bought)
    expect(bought["fee"] is None or bought["fee"]["cost"] >= 0, bought)
    spent = client.create_market_buy_order_with_cost(SYMBOL, 500)
    expect(spent["status"] == "closed" and 0 < spent["cost"] <= 500, spent)
    sold = client.create_order(SYMBOL, "market", "sell", 0.005)
    expect(sold["status"] == "closed" and len(sold["trades"]) > 0, sold)
    expect(client.fetch_balance()["BTC"]["total"] > before, "bought more than was sold")
    mine = client.fetch_my_trades(SYMBOL, limit=1000)
    expect({bought["id"], spent["id"], sold["id"]} <= {t["order"] for t in mine}, "my trades")
    expect(client.fetch_order_trades(sold["id"], SYMBOL)[0]["order"] == sold["id"], "its trades")


@check
def limit_orders_and_times_in_force():
    far = round(last() * 0.8, 2)
    order = client.create_order(SYMBOL, "limit", "buy", 0.001, far, {"clientOrderId": "ccxt-1"})
    expect(order["status"] == "open" and order["clientOrderId"] == "ccxt-1", order)
    found = client.fetch_order(order["id"], SYMBOL)
    expect(found["price"] == far and found["remaining"] == 0.001, found)
    expect(order["id"] in [o["id"] for o in client.fetch_open_orders(SYMBOL)], "open")
    expect(order["id"] in [o["id"] for o in client.fetch_open_orders()], "open on any symbol")
    canceled = client.cancel_order(order["id"], SYMBOL)
    expect(canceled["status"] == "canceled", canceled)
    for life in ("IOC", "FOK"):
        order = client.create_order(SYMBOL, "limit", "buy", 0.001, far, {"timeInForce": life})
        expect(order["status"] == "expired" and order["filled"] == 0, order)
    order = client.create_order(SYMBOL, "limit", "buy", 0.001, far, {"postOnly": True})
    expect(order["status"] == "open" and order["postOnly"], order)
    client.cancel_order(order["id"], SYMBOL)
    order = client.create_order(SYMBOL, "limit", "buy", 0.01, far, {"icebergQty": 0.002})
    expect(order["info"]["icebergQty"] == "0.00200000" or order["status"] == "open", order)
    client.cancel_order(order["id"], SYMBOL)


@check
def conditional_orders():
    price = last()
    low, high = round(price * 0.9, 2), round(price * 1.1, 2)
    orders = [
        client.create_order(SYMBOL, "market", "sell", 0.001, None, {"stopLossPrice": low}),
        client.create_order(SYMBOL, "limit", "sell", 0.001, low, {"stopLossPrice": low}),
        client.create_order(SYMBOL, "market", "sell", 0.001, None, {"takeProfitPrice": high}),
        client.create_order(SYMBOL, "limit", "sell", 0.001, high, {"takeProfitPrice": high}),
    ]
    kinds = [client.fetch_order(o["id"], SYMBOL)["info"]["type"] for o in orders]
    expect(
        kinds == ["STOP_LOSS", "STOP_LOSS_LIMIT", "TAKE_PROFIT", "TAKE_PROFIT_LIMIT"], kinds)
    trailing = client.create_order(
        SYMBOL, "STOP_LOSS", "sell", 0.001, None, {"trailingDelta": 500})
    found = client.fetch_order(trailing["id"], SYMBOL)
    expect(found["info"]["trailingDelta"] in (500, "500"), found["info"])
    client.cancel_all_orders(SYMBOL)
    expect(client.fetch_open_orders(SYMBOL) == [], "nothing is left")


@check
def changed_orders():
    far = round(last() * 0.8, 2)
    order = client.create_order(SYMBOL, "limit", "buy", 0.002, far)
    changed = client.edit_order(order["id"], SYMBOL, "limit", "buy", 0.003, far - 10)
    expect(changed["id"] != order["id"] and changed["amount"] == 0.003, changed)
    expect(client.fetch_order(order["id"], SYMBOL)["status"] == "canceled", "the old one is gone")
    client.cancel_order(changed["id"], SYMBOL)


@check
def order_lists():
    price = last()
    pair = client.private_post_orderlist_oco({
        "symbol": "BTCUSDT", "side": "SELL", "quantity": "0.001",
        "aboveType": "LIMIT_MAKER", "abovePrice": f"{price * 1.1:.2f}",
        "belowType": "STOP_LOSS_LIMIT", "belowStopPrice": f"{price * 0.9:.2f}",
        "belowPrice": f"{price * 0.89:.2f}", "belowTimeInForce": "GTC",
    })
    expect(pair["contingencyType"] == "OCO" and len(pair["orders"]) == 2, pair)
    open_lists = client.private_get_openorderlist()
    expect(pair["orderListId"] in [one["orderListId"] for one in open_lists], open_lists)
    found = client.private_get_orderlist({"orderListId": pair["orderListId"]})
    expect(found["listOrderStatus"] == "EXECUTING", found)
    gone = client.private_delete_orderlist(
        {"symbol": "BTCUSDT", "orderListId": pair["orderListId"]})
    expect(gone["listOrderStatus"] == "ALL_DONE", gone)
    for name in ("oto", "otoco"):
        request = {
            "symbol": "BTCUSDT", "workingType": "LIMIT", "workingSide": "BUY",
            "workingPrice": f"{price * 0.8:.2f}", "workingQuantity": "0.001",
            "workingTimeInForce": "GTC", "pendingSide": "SELL", "pendingQuantity": "0.001",
        }
        if name == "oto":
            request |= {"pendingType": "MARKET"}
        else:
            request |= {
                "pendingAboveType": "LIMIT_MAKER", "pendingAbovePrice": f"{price * 1.1:.2f}",
                "pendingBelowType": "STOP_LOSS", "pendingBelowStopPrice": f"{price * 0.7:.2f}",
            }
        placed = getattr(client, f"private_post_orderlist_{name}")(request)
        expect(placed["contingencyType"] == "OTO", placed)
    client.cancel_all_orders(SYMBOL)
    expect(client.private_get_openorderlist() == [], "cancelling orders ends their lists")


@check
def order_history():
    done = client.fetch_closed_orders(SYMBOL)
    expect(done and all(order["status"] == "closed" for order in done), len(done))
    every = client.fetch_orders(SYMBOL)
    expect(len(every) >= len(done) and every == sorted(every, key=lambda o: o["timestamp"]), "all")
    expect(all(o["status"] == "canceled" for o in client.fetch_canceled_orders(SYMBOL)), "canceled")


@check
def test_orders_change_nothing():
    before = len(client.fetch_orders(SYMBOL))
    client.create_order(SYMBOL, "limit", "buy", 0.001, 50_000, {"test": True})
    expect(len(client.fetch_orders(SYMBOL)) == before, "a test order was placed")


@check
def errors():
    far = round(last() * 0.8, 2)
    expect_raises(
        ccxt.InsufficientFunds, client.create_order, SYMBOL, "limit", "buy", 100, far)
    expect_raises(ccxt.OrderNotFound, client.fetch_order, "999999999", SYMBOL)
    expect_raises(ccxt.OrderNotFound, client.cancel_order, "999999999", SYMBOL)
    failure = expect_raises(
        ccxt.BadRequest, client.create_order, SYMBOL, "limit", "buy", 0.00001, far)
    expect("Filter failure: NOTIONAL" in str(failure), failure)
    expect_raises(
        ccxt.OrderImmediatelyFillable, client.create_order, SYMBOL, "limit", "buy", 0.001,
        round(last() * 1.02, 2), {"postOnly": True})
    expect_raises(ccxt.BadSymbol, client.public_get_ticker_price, {"symbol": "NONEUSDT"})
    expect_raises(ccxt.AuthenticationError, connect(apiKey="wrong").fetch_balance)
    expect_raises(ccxt.AuthenticationError, connect(secret="wrong").fetch_balance)
    expect_raises(
        ccxt.InvalidNonce, client.private_get_account, {"timestamp": 1_000_000_000_000})


run("ccxt, REST")
