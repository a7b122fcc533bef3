"""ccxt's Binance client over WebSockets: market streams, the user stream, orders by API."""

import asyncio

import ccxt
import ccxt.pro

import ccxt_left_out
from checks import AUTHORITY, KEY, REST, SECRET, STREAMS, WS_API, check, expect, run
from coverage import Recorder, expect_covered, snake

SYMBOL = "BTC/USDT"
BOTH = [SYMBOL, "ETH/USDT"]
called = set()


def connect():
    client = ccxt.pro.binance({
        "apiKey": KEY,
        "secret": SECRET,
        "cafile": AUTHORITY,
        "enableRateLimit": False,
        "options": {
            "defaultType": "spot",
            "fetchMarkets": {"types": ["spot"]},
            "fetchCurrencies": False,
            "fetchMargins": False,
        },
    })
    for name in ("public", "private", "v1"):
        client.urls["api"][name] = REST + "/v3"
    client.urls["api"]["ws"]["spot"] = STREAMS + "/ws"
    client.urls["api"]["ws"]["ws-api"]["spot"] = WS_API
    return client


def with_client(body):
    """A check with a client of its own, closed at the end."""
    async def wrapped():
        client = Recorder(connect(), called)
        try:
            await body(client)
        finally:
            await client.close()
    wrapped.__name__ = body.__name__
    return check(wrapped)


@with_client
async def order_book_follows_the_diffs(client):
    seen = []
    for _ in range(10):
        book = await client.watch_order_book(SYMBOL)
        expect(book["bids"][0][0] < book["asks"][0][0], "not crossed")
        seen.append(book["nonce"])
    expect(seen == sorted(seen) and seen[0] < seen[-1], seen)


@with_client
async def trades(client):
    trades = []
    while len(trades) < 20:
        trades += await client.watch_trades(SYMBOL)
    expect(all(trade["symbol"] == SYMBOL and trade["amount"] > 0 for trade in trades), trades[0])


@with_client
async def tickers(client):
    ticker = await client.watch_ticker(SYMBOL)
    expect(ticker["low"] <= ticker["last"] <= ticker["high"], ticker)
    tickers = await client.watch_tickers([SYMBOL, "ETH/USDT"])
    expect(set(tickers) <= {SYMBOL, "ETH/USDT"} and tickers, tickers)
    best = await client.watch_bids_asks([SYMBOL])
    expect(best[SYMBOL]["bid"] < best[SYMBOL]["ask"], best)


@with_client
async def candles(client):
    bars = await client.watch_ohlcv(SYMBOL, "1s")
    expect(len(bars) > 0 and bars[-1][3] <= bars[-1][4] <= bars[-1][2], bars)


@with_client
async def several_symbols_on_one_connection(client):
    books = {}
    while set(books) != set(BOTH):
        book = await client.watch_order_book_for_symbols(BOTH)
        expect(book["bids"][0][0] < book["asks"][0][0], "not crossed")
        books[book["symbol"]] = book["nonce"]
    seen = set()
    while seen != set(BOTH):
        seen |= {trade["symbol"] for trade in await client.watch_trades_for_symbols(BOTH)}
    seen = set()
    while seen != set(BOTH):
        candles = await client.watch_ohlcv_for_symbols([[symbol, "1s"] for symbol in BOTH])
        seen |= set(candles)


@with_client
async def what_was_watched_is_watched_no_longer(client):
    # Each pair on a connection that this client keeps: the venue acknowledges both.
    await client.watch_trades(SYMBOL)
    await client.un_watch_trades(SYMBOL)
    await client.watch_trades_for_symbols(BOTH)
    await client.un_watch_trades_for_symbols(BOTH)
    await client.watch_order_book(SYMBOL)
    await client.un_watch_order_book(SYMBOL)
    await client.watch_order_book_for_symbols(BOTH)
    await client.un_watch_order_book_for_symbols(BOTH)
    await client.watch_ohlcv(SYMBOL, "1s")
    await client.un_watch_ohlcv(SYMBOL, "1s")
    pairs = [[symbol, "1s"] for symbol in BOTH]
    await client.watch_ohlcv_for_symbols(pairs)
    await client.un_watch_ohlcv_for_symbols(pairs)
    await client.watch_ticker(SYMBOL)
    await client.un_watch_ticker(SYMBOL)
    await client.watch_tickers(BOTH)
    await client.un_watch_tickers(BOTH)
    await client.watch_bids_asks(BOTH)
    await client.un_watch_bids_asks(BOTH)


@with_client
async def user_stream_tells_of_orders_trades_and_balances(client):
    await client.load_markets()
    orders = asyncio.ensure_future(client.watch_orders(SYMBOL))
    trades = asyncio.ensure_future(client.watch_my_trades(SYMBOL))
    balance = asyncio.ensure_future(client.watch_balance())
    # Every one of them is subscribed once an order of another client has been seen.
    bought = None
    while not (orders.done() and trades.done() and balance.done()):
        bought = await client.create_order(SYMBOL, "market", "buy", 0.001)
        await asyncio.wait([orders, trades, balance], timeout=0.5)
    expect(orders.result()[-1]["symbol"] == SYMBOL, orders.result())
    expect(trades.result()[-1]["amount"] > 0, trades.result())
    expect(balance.result()["USDT"]["total"] > 0, balance.result())
    expect(bought["status"] == "closed", bought)


@with_client
async def orders_over_the_websocket_api(client):
    await client.load_markets()
    price = round((await client.fetch_ticker(SYMBOL))["last"] * 0.8, 2)
    order = await client.create_order_ws(SYMBOL, "limit", "buy", 0.001, price)
    expect(order["status"] == "open", order)
    found = await client.fetch_order_ws(order["id"], SYMBOL)
    expect(found["price"] == price, found)
    expect(order["id"] in [o["id"] for o in await client.fetch_open_orders_ws(SYMBOL)], "open")
    changed = await client.edit_order_ws(order["id"], SYMBOL, "limit", "buy", 0.002, price - 10)
    expect(changed["amount"] == 0.002, changed)
    canceled = await client.cancel_order_ws(changed["id"], SYMBOL)
    expect(canceled["status"] == "canceled", canceled)
    await client.create_limit_order_ws(SYMBOL, "buy", 0.001, price)
    filled = await client.create_market_order_ws(SYMBOL, "buy", 0.001)
    expect(filled["status"] == "closed", filled)
    for more in ({"postOnly": True}, {"timeInForce": "GTC", "icebergQty": "0.0005"}):
        order = await client.create_order_ws(SYMBOL, "limit", "buy", 0.001, price, more)
        expect(order["status"] == "open", order)
    stop = await client.create_order_ws(
        SYMBOL, "market", "sell", 0.001, None, {"stopLossPrice": price})
    expect((await client.fetch_order_ws(stop["id"], SYMBOL))["info"]["type"] == "STOP_LOSS", stop)
    await client.cancel_all_orders_ws(SYMBOL)
    expect(await client.fetch_open_orders_ws(SYMBOL) == [], "nothing is left")


@with_client
async def questions_over_the_websocket_api(client):
    await client.load_markets()
    expect(len(await client.fetch_ohlcv_ws(SYMBOL, "1m", limit=3)) == 3, "candles")
    since = client.milliseconds() // 3_600_000 * 3_600_000 - 6 * 3_600_000
    bars = await client.fetch_ohlcv_ws(SYMBOL, "1h", since=since, limit=4)
    expect(bars == await client.fetch_ohlcv(SYMBOL, "1h", since=since, limit=4), "as over REST")
    expect(len(await client.fetch_trades_ws(SYMBOL, limit=5)) > 0, "trades")
    # This version of ccxt reads the answer right and sums nothing up from it.
    assets = (await client.fetch_balance_ws())["info"]["balances"]
    expect("USDT" in [balance["asset"] for balance in assets], assets)
    mine = await client.fetch_my_trades_ws(SYMBOL)
    expect(mine and mine == await client.fetch_my_trades(SYMBOL), "my trades as over REST")
    orders = [one["id"] for one in await client.fetch_orders_ws(SYMBOL)]
    expect(orders == [one["id"] for one in await client.fetch_orders(SYMBOL)], "as over REST")


@with_client
async def errors_over_the_websocket_api(client):
    await client.load_markets()
    price = round((await client.fetch_ticker(SYMBOL))["last"] * 0.8, 2)
    for kind, request in (
        (ccxt.InsufficientFunds, client.create_order_ws(SYMBOL, "limit", "buy", 100, price)),
        (ccxt.OrderNotFound, client.fetch_order_ws("999999999", SYMBOL)),
        (ccxt.OrderNotFound, client.cancel_order_ws("999999999", SYMBOL)),
    ):
        try:
            result = await request
        except kind:
            continue
        raise AssertionError(f"{kind.__name__} expected, got {result!r}")


@check
def every_method_is_called_or_left_out():
    def claimed(client):
        return {name for name, value in client.has.items() if value}
    offered = claimed(ccxt.pro.binance()) - claimed(ccxt.binance())
    used = {name for name in offered if snake(name) in called}
    expect_covered(offered, used, ccxt_left_out.WEBSOCKETS)


run("ccxt, WebSockets")
