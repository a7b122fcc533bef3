"""ccxt's Binance client over REST: the market, every kind of order, the account, errors."""

import re
import time

import ccxt

import ccxt_left_out
from checks import AUTHORITY, KEY, REST, SECRET, check, expect, expect_raises, run
from coverage import Recorder, expect_covered, snake

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


called = set()
client = Recorder(connect(), called)


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
    expect({one["symbol"] for one in client.fetch_markets()} == set(markets), "markets")
    limits = client.fetch_trading_limits([SYMBOL])
    expect(limits[SYMBOL]["min"] == market["limits"]["amount"]["min"], limits)


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
    expect(len(client.fetch_l2_order_book(SYMBOL, 10)["asks"]) == 10, "added up by price")


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
def trades_by_time_and_number():
    newest = client.fetch_trades(SYMBOL, limit=100)
    since = newest[50]["timestamp"]
    later = client.fetch_trades(SYMBOL, since=since, limit=20)
    expect(later and later[0]["timestamp"] >= since, later[0])
    expect(len(later) == 20, len(later))
    # Page by page from a trade's number: the same trades as at once.
    number = int(newest[0]["id"])
    pages = []
    for start in range(number, number + 100, 25):
        page = client.fetch_trades(SYMBOL, limit=25, params={"fromId": start})
        pages += [trade["id"] for trade in page]
    expect(pages == [trade["id"] for trade in newest], "pages miss or repeat trades")


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
def candles_page_by_page():
    hour = 3_600_000
    now = client.milliseconds() // hour * hour
    since = now - 12 * hour
    whole = client.fetch_ohlcv(SYMBOL, "1h", since=since, limit=12, params={"until": now - 1})
    expect([bar[0] for bar in whole] == list(range(since, now, hour)), whole)
    pages = []
    for start in range(since, now, 5 * hour):
        pages += client.fetch_ohlcv(
            SYMBOL, "1h", since=start, limit=5, params={"until": now - 1})
    expect(pages == whole, "pages miss or repeat candles")
    paged = client.fetch_ohlcv(
        SYMBOL, "1h", since=since,
        params={"paginate": True, "until": now - 1, "maxEntriesPerRequest": 5})
    expect(paged == whole, "the client's own paging")


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
def my_trades_page_by_page():
    before = client.fetch_my_trades(SYMBOL, limit=1000)
    since = client.fetch_time()
    ids = [client.create_market_buy_order(SYMBOL, 0.001)["id"] for _ in range(5)]
    every = client.fetch_my_trades(SYMBOL, limit=1000)
    new = [trade for trade in every if trade["order"] in ids]
    expect(every == before + new and len(new) >= 5, f"{len(before)} and {len(new)}")
    # By number, by time, and by both ends of a time.
    pages, number = [], int(new[0]["id"])
    while page := client.fetch_my_trades(SYMBOL, limit=2, params={"fromId": number}):
        pages += page
        number = int(page[-1]["id"]) + 1
    expect(pages == new, "pages miss or repeat trades")
    expect(client.fetch_my_trades(SYMBOL, since=since) == new, "since a time")
    until = {"until": new[0]["timestamp"] - 1}
    expect(client.fetch_my_trades(SYMBOL, since=since, params=until) == [], "until a time")
    expect(client.fetch_my_trades(SYMBOL, limit=2) == every[-2:], "the newest")


@check
def every_shorthand_for_an_order():
    price = last()
    low, high = round(price * 0.9, 2), round(price * 1.1, 2)
    for order in (
        client.create_market_order(SYMBOL, "buy", 0.001),
        client.create_market_buy_order(SYMBOL, 0.001),
        client.create_market_sell_order(SYMBOL, 0.001),
        client.create_market_order_with_cost(SYMBOL, "buy", 100),
        client.create_market_sell_order_with_cost(SYMBOL, 100),
    ):
        expect(order["status"] == "closed" and order["filled"] > 0, order)
    placed = [
        ("LIMIT", client.create_limit_order(SYMBOL, "buy", 0.001, low)),
        ("LIMIT", client.create_limit_buy_order(SYMBOL, 0.001, low)),
        ("LIMIT", client.create_limit_sell_order(SYMBOL, 0.001, high)),
        ("LIMIT_MAKER", client.create_post_only_order(SYMBOL, "limit", "buy", 0.001, low)),
        ("STOP_LOSS", client.create_stop_order(
            SYMBOL, "market", "sell", 0.001, None, low)),
        ("STOP_LOSS_LIMIT", client.create_stop_limit_order(SYMBOL, "sell", 0.001, low, low)),
        ("STOP_LOSS", client.create_trigger_order(
            SYMBOL, "market", "sell", 0.001, None, low)),
    ]
    for kind, order in placed:
        found = client.fetch_order(order["id"], SYMBOL)
        expect(found["info"]["type"] == kind and found["status"] == "open", found)
    client.cancel_all_orders(SYMBOL)
    placed = [
        ("STOP_LOSS", client.create_stop_loss_order(
            SYMBOL, "market", "sell", 0.001, None, low)),
        ("TAKE_PROFIT", client.create_take_profit_order(
            SYMBOL, "market", "sell", 0.001, None, high)),
        ("STOP_LOSS_LIMIT", client.create_trailing_percent_order(
            SYMBOL, "limit", "sell", 0.001, low, 5, low, {"stopLossOrTakeProfit": "stopLoss"})),
    ]
    for kind, order in placed:
        found = client.fetch_order(order["id"], SYMBOL)
        expect(found["info"]["type"] == kind and found["status"] == "open", found)
    client.cancel_all_orders(SYMBOL)


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
    over = client.fetch_canceled_and_closed_orders(SYMBOL)
    expect({order["status"] for order in over} == {"canceled", "closed"}, "what is over")
    # Page by page from an order's number.
    pages, number = [], int(every[0]["id"])
    while page := client.fetch_orders(SYMBOL, limit=7, params={"orderId": number}):
        pages += [order["id"] for order in page]
        number = int(page[-1]["id"]) + 1
    expect(pages == [order["id"] for order in every], "pages miss or repeat orders")
    late = client.fetch_orders(SYMBOL, since=every[-3]["timestamp"])
    expect(late[-1] == every[-1] and late[0]["timestamp"] >= every[-3]["timestamp"], late)


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


@check
def every_endpoint_that_the_client_knows():
    price = last()
    order = {"symbol": "BTCUSDT", "side": "SELL", "quantity": "0.001"}
    limit = order | {"type": "LIMIT", "timeInForce": "GTC", "price": f"{price * 1.1:.2f}"}
    pair = {
        "symbol": "BTCUSDT", "workingType": "LIMIT", "workingSide": "BUY",
        "workingPrice": f"{price * 0.8:.2f}", "workingQuantity": "0.001",
        "workingTimeInForce": "GTC", "pendingType": "MARKET", "pendingSide": "SELL",
    }
    symbol = {"symbol": "BTCUSDT"}
    requests = {
        "get:executionRules": symbol, "get:klines": symbol | {"interval": "1m"},
        "get:uiKlines": symbol | {"interval": "1m"}, "get:exchangeInfo": symbol,
        "get:historicalBlockTrades": symbol | {"fromId": 0},
        "get:orderList": {"orderListId": 999_999_999},
        "get:order": symbol | {"orderId": 999_999_999},
        "get:myPreventedMatches": symbol | {"orderId": 1},
        "delete:orderList": symbol | {"orderListId": 999_999_999},
        "delete:order": symbol | {"orderId": 999_999_999},
        "post:order/oco": order | {
            "price": f"{price * 1.1:.2f}", "stopPrice": f"{price * 0.9:.2f}",
            "stopLimitPrice": f"{price * 0.89:.2f}", "stopLimitTimeInForce": "GTC"},
        "post:orderList/oco": order | {
            "aboveType": "LIMIT_MAKER", "abovePrice": f"{price * 1.1:.2f}",
            "belowType": "STOP_LOSS", "belowStopPrice": f"{price * 0.9:.2f}"},
        "post:orderList/oto": pair | {"pendingQuantity": "0.001"},
        "post:orderList/otoco": pair | {
            "pendingQuantity": "0.001", "pendingAboveType": "LIMIT_MAKER",
            "pendingAbovePrice": f"{price * 1.1:.2f}", "pendingBelowType": "STOP_LOSS",
            "pendingBelowStopPrice": f"{price * 0.7:.2f}"},
        "post:orderList/opo": pair, "post:orderList/opoco": pair,
        "post:sor/order": limit, "post:sor/order/test": limit,
        "post:order": limit, "post:order/test": limit,
        "post:order/cancelReplace": limit | {
            "cancelReplaceMode": "ALLOW_FAILURE", "cancelOrderId": 999_999_999},
    }
    # What no symbol here has is refused with the venue's own code; exchangeInfo says so.
    refused = {
        "get:referencePrice": -2043, "get:referencePrice/calculation": -2043,
        "post:orderList/opo": -2010, "post:orderList/opoco": -2010,
        "post:sor/order": -1013, "post:sor/order/test": -1013,
        # Nothing has these numbers.
        "get:order": -2013, "get:orderList": -2013, "delete:order": -2011,
        "delete:orderList": -2011, "post:order/cancelReplace": -2021,
    }
    offered, asked = set(), set()
    left_out = {
        name for names in ccxt_left_out.ENDPOINTS.values() for name in names.split()}
    # Placing comes before cancelling.
    methods = ("get", "post", "delete", "put")
    api = client.describe()["api"]
    for method in methods:
        for group in ("public", "private"):
            for path in api[group].get(method, {}):
                name = f"{method}:{path}"
                offered.add(name)
                if name in left_out:
                    continue
                asked.add(name)
                request = requests.get(name, {} if path in ("ping", "time") else symbol)
                if path in ("account", "rateLimit/order"):
                    request = {}
                code = 0
                try:
                    client.request(path, [group], method.upper(), dict(request))
                except ccxt.BaseError as failure:
                    found = re.search(r'"code":(-\d+)', str(failure))
                    expect(found, f"{name}: {failure}")
                    code = int(found[1])
                expect(code == refused.get(name, 0), f"{name}: {code}")
    expect_covered(offered, asked, ccxt_left_out.ENDPOINTS)
    expect(client.fetch_open_orders(SYMBOL) == [], "nothing is left")


@check
def every_method_is_called_or_left_out():
    offered = {name for name, value in client.has.items() if value}
    used = {name for name in offered if snake(name) in called}
    expect_covered(offered, used, ccxt_left_out.REST)


run("ccxt, REST")
