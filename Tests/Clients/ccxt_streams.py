"""ccxt's Binance client over WebSockets: market streams, the user stream, orders by API."""

import asyncio

import ccxt
import ccxt.pro

from checks import AUTHORITY, KEY, REST, SECRET, STREAMS, WS_API, check, expect, run

SYMBOL = "BTC/USDT"


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
        client = connect()
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
    await client.create_order_ws(SYMBOL, "limit", "buy", 0.001, price)
    await client.cancel_all_orders_ws(SYMBOL)
    expect(await client.fetch_open_orders_ws(SYMBOL) == [], "nothing is left")


@with_client
async def questions_over_the_websocket_api(client):
    await client.load_markets()
    expect(len(await client.fetch_ohlcv_ws(SYMBOL, "1m", limit=3)) == 3, "candles")
    expect(len(await client.fetch_trades_ws(SYMBOL, limit=5)) > 0, "trades")
    # This version of ccxt reads the answer right and sums nothing up from it.
    assets = (await client.fetch_balance_ws())["info"]["balances"]
    expect("USDT" in [balance["asset"] for balance in assets], assets)
    expect(len(await client.fetch_my_trades_ws(SYMBOL)) > 0, "my trades")
    expect(len(await client.fetch_orders_ws(SYMBOL)) > 0, "orders")


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


run("ccxt, WebSockets")
