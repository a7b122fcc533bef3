"""python-binance over WebSockets: market streams, the user stream, the WebSocket API."""

import ssl

from binance.async_client import AsyncClient
from binance.exceptions import BinanceAPIException
from binance.ws.depthcache import DepthCacheManager
from binance.ws.streams import BinanceSocketManager

import python_binance_left_out
from checks import AUTHORITY, KEY, REST, SECRET, STREAMS, WS_API, check, expect, run
from coverage import Recorder, expect_covered

SYMBOL = "BTCUSDT"
TRUST = ssl.create_default_context(cafile=AUTHORITY)


async def connect():
    AsyncClient.API_URL = REST
    AsyncClient.WS_API_URL = WS_API
    BinanceSocketManager.STREAM_URL = STREAMS + "/"
    return await AsyncClient.create(KEY, SECRET, requests_params={"ssl": TRUST})


_client = None
called = set()


def with_client(body):
    """A check with the client of them all: this one takes ten seconds to close."""
    async def wrapped():
        global _client
        _client = _client or await connect()
        await body(Recorder(_client, called))
    wrapped.__name__ = body.__name__
    return check(wrapped)


async def receive(socket, count=1):
    async with socket as stream:
        return [await stream.recv() for _ in range(count)]


@with_client
async def market_streams(client):
    sockets = BinanceSocketManager(client)
    for message in await receive(sockets.trade_socket(SYMBOL), 3):
        expect(message["e"] == "trade" and message["s"] == SYMBOL, message)
    expect((await receive(sockets.aggtrade_socket(SYMBOL)))[0]["e"] == "aggTrade", "aggregate")
    expect((await receive(sockets.depth_socket(SYMBOL)))[0]["e"] == "depthUpdate", "diff")
    book = (await receive(sockets.depth_socket(SYMBOL, depth="5")))[0]
    expect(len(book["bids"]) == 5, book)
    expect((await receive(sockets.kline_socket(SYMBOL)))[0]["e"] == "kline", "candle")
    expect((await receive(sockets.symbol_book_ticker_socket(SYMBOL)))[0]["s"] == SYMBOL, "best")
    expect((await receive(sockets.symbol_ticker_socket(SYMBOL)))[0]["e"] == "24hrTicker", "day")
    mini = (await receive(sockets.symbol_miniticker_socket(SYMBOL)))[0]
    expect(mini["e"] == "24hrMiniTicker", mini)
    every = (await receive(sockets.miniticker_socket()))[0]
    expect({one["s"] for one in every} == {"BTCUSDT", "ETHUSDT"}, every)


@with_client
async def combined_streams(client):
    names = ["btcusdt@trade", "ethusdt@bookTicker"]
    seen = set()
    async with BinanceSocketManager(client).multiplex_socket(names) as stream:
        while seen != set(names):
            seen.add((await stream.recv())["stream"])


@with_client
async def a_book_kept_from_snapshot_and_diffs(client):
    async with DepthCacheManager(client, symbol=SYMBOL) as cache:
        # This client puts its first event on a snapshot that may already be newer; from the
        # second one on its book is whole.
        last = (await cache.recv()).update_time
        for _ in range(4):
            book = await cache.recv()
            expect(book.get_bids()[0][0] < book.get_asks()[0][0], "not crossed")
            expect(book.update_time >= last, "in order")
            last = book.update_time


@with_client
async def user_stream(client):
    async with BinanceSocketManager(client).user_socket() as stream:
        order = await client.order_market_buy(symbol=SYMBOL, quantity="0.00100")
        kinds = []
        while "outboundAccountPosition" not in kinds:
            event = await stream.recv()
            kinds.append(event["e"])
            if event["e"] == "executionReport":
                expect(event["i"] == order["orderId"], event)
        expect(kinds.count("executionReport") >= 2, kinds)


@with_client
async def orders_over_the_websocket_api(client):
    last = float((await client.ws_get_symbol_ticker(symbol=SYMBOL))["price"])
    price = f"{last * 0.8:.2f}"
    order = await client.ws_create_order(
        symbol=SYMBOL, side="BUY", type="LIMIT", timeInForce="GTC", quantity="0.00100",
        price=price)
    found = await client.ws_get_order(symbol=SYMBOL, orderId=order["orderId"])
    expect(found["status"] == "NEW" and float(found["price"]) == float(price), found)
    open_orders = await client.ws_get_open_orders(symbol=SYMBOL)
    expect([one["orderId"] for one in open_orders] == [order["orderId"]], open_orders)
    canceled = await client.ws_cancel_order(symbol=SYMBOL, orderId=order["orderId"])
    expect(canceled["status"] == "CANCELED", canceled)
    await client.ws_create_test_order(symbol=SYMBOL, side="BUY", type="MARKET", quantity="0.001")
    await client.ws_create_order(
        symbol=SYMBOL, side="BUY", type="LIMIT", timeInForce="GTC", quantity="0.00100",
        price=price, newClientOrderId="python-ws")
    replaced = await client.ws_cancel_and_replace_order(
        symbol=SYMBOL, cancelReplaceMode="STOP_ON_FAILURE", cancelOrigClientOrderId="python-ws",
        side="BUY", type="LIMIT", timeInForce="GTC", quantity="0.00200", price=price)
    expect(replaced["cancelResult"] == replaced["newOrderResult"] == "SUCCESS", replaced)
    order = replaced["newOrderResponse"]["orderId"]
    # Newer than this client: through its own signed request.
    amended = await client._ws_api_request(
        "order.amend.keepPriority", True,
        dict(symbol=SYMBOL, orderId=order, newQty="0.00100", newClientOrderId="smaller"))
    expect(amended["amendedOrder"]["clientOrderId"] == "smaller", amended)
    history = await client._ws_api_request(
        "order.amendments", True, dict(symbol=SYMBOL, orderId=order))
    expect([one["newQty"] for one in history] == ["0.00100000"], history)
    await client.ws_cancel_all_open_orders(symbol=SYMBOL)
    expect(await client.ws_get_open_orders(symbol=SYMBOL) == [], "nothing is left")


@with_client
async def every_shorthand_for_an_order(client):
    last = float((await client.ws_get_symbol_ticker(symbol=SYMBOL))["price"])
    low, high = f"{last * 0.8:.2f}", f"{last * 1.2:.2f}"
    order = dict(symbol=SYMBOL, quantity="0.00100")
    placed = [
        await client.ws_order_limit(side="BUY", price=low, **order),
        await client.ws_order_limit_buy(price=low, **order),
        await client.ws_order_limit_sell(price=high, **order),
    ]
    expect([one["status"] for one in placed] == ["NEW"] * 3, placed)
    await client.ws_cancel_all_open_orders(symbol=SYMBOL)
    for filled in (
        await client.ws_order_market(side="BUY", **order),
        await client.ws_order_market_buy(**order),
        await client.ws_order_market_sell(**order),
    ):
        expect(filled["status"] == "FILLED", filled)


@with_client
async def order_lists_over_the_websocket_api(client):
    last = float((await client.ws_get_symbol_ticker(symbol=SYMBOL))["price"])
    pair = await client.ws_create_oco_order(
        symbol=SYMBOL, side="SELL", quantity="0.00100", aboveType="LIMIT_MAKER",
        abovePrice=f"{last * 1.1:.2f}", belowType="STOP_LOSS",
        belowStopPrice=f"{last * 0.9:.2f}")
    expect(pair["contingencyType"] == "OCO", pair)
    number = pair["orderListId"]
    found = await client.ws_get_oco_order(orderListId=number)
    expect(found["listOrderStatus"] == "EXECUTING", found)
    open_lists = await client.ws_get_oco_open_orders()
    expect([one["orderListId"] for one in open_lists] == [number], open_lists)
    gone = await client.ws_cancel_oco_order(symbol=SYMBOL, orderListId=number)
    expect(gone["listOrderStatus"] == "ALL_DONE", gone)
    working = dict(
        symbol=SYMBOL, workingType="LIMIT", workingSide="BUY", workingPrice=f"{last * 0.8:.2f}",
        workingQuantity="0.00100", workingTimeInForce="GTC", pendingSide="SELL",
        pendingQuantity="0.00100")
    placed = await client.ws_create_oto_order(**working, pendingType="MARKET")
    expect([one["status"] for one in placed["orderReports"]] == ["NEW", "PENDING_NEW"], placed)
    placed = await client.ws_create_otoco_order(
        **working, pendingAboveType="LIMIT_MAKER", pendingAbovePrice=f"{last * 1.1:.2f}",
        pendingBelowType="STOP_LOSS", pendingBelowStopPrice=f"{last * 0.7:.2f}")
    expect(len(placed["orderReports"]) == 3, placed)
    await client.ws_cancel_all_open_orders(symbol=SYMBOL)
    expect(await client.ws_get_open_orders(symbol=SYMBOL) == [], "nothing is left")


@with_client
async def questions_over_the_websocket_api(client):
    expect(await client.ws_ping() == {}, "ping")
    expect((await client.ws_get_time())["serverTime"] > 0, "time")
    info = await client.ws_get_exchange_info(symbol=SYMBOL)
    expect(info["symbols"][0]["symbol"] == SYMBOL, info)
    expect(len((await client.ws_get_order_book(symbol=SYMBOL, limit=5))["bids"]) == 5, "book")
    expect(len(await client.ws_get_klines(symbol=SYMBOL, interval="1m", limit=2)) == 2, "candles")
    expect(len(await client.ws_get_recent_trades(symbol=SYMBOL, limit=3)) == 3, "trades")
    expect((await client.ws_get_ticker(symbol=SYMBOL))["symbol"] == SYMBOL, "day")
    expect((await client.ws_get_account())["balances"], "account")
    expect(await client.ws_get_my_trades(symbol=SYMBOL), "my trades")
    expect(await client.ws_get_all_orders(symbol=SYMBOL), "orders")
    expect(len(await client.ws_get_historical_trades(symbol=SYMBOL, limit=4)) == 4, "old trades")
    expect(len(await client.ws_get_aggregate_trades(symbol=SYMBOL, limit=4)) == 4, "aggregates")
    bars = await client.ws_get_uiKlines(symbol=SYMBOL, interval="1h", limit=2)
    expect(len(bars) == 2, "display candles")
    expect(float((await client.ws_get_avg_price(symbol=SYMBOL))["price"]) > 0, "average")
    expect((await client.ws_get_trading_day_ticker(symbol=SYMBOL))["count"] > 0, "trading day")
    window = await client.ws_get_symbol_ticker_window(symbol=SYMBOL, windowSize="4h")
    expect(window["count"] > 0, window)
    best = await client.ws_get_orderbook_ticker(symbol=SYMBOL)
    expect(float(best["bidPrice"]) < float(best["askPrice"]), best)
    limits = await client.ws_get_account_rate_limits_orders()
    expect({one["interval"] for one in limits} == {"SECOND", "DAY"}, limits)
    prevented = await client.ws_get_prevented_matches(symbol=SYMBOL, preventedMatchId=1)
    expect(prevented == [], "prevented")
    expect(await client.ws_get_allocations(symbol=SYMBOL) == [], "allocations")
    rates = await client.ws_get_commission_rates(symbol=SYMBOL)
    expect(float(rates["standardCommission"]["taker"]) > 0, rates)


@with_client
async def errors_over_the_websocket_api(client):
    order = dict(symbol=SYMBOL, side="BUY", type="MARKET", quantity="0.00100")
    for code, request in (
        (-2013, client.ws_get_order(symbol=SYMBOL, orderId=999999999)),
        (-2011, client.ws_cancel_order(symbol=SYMBOL, orderId=999999999)),
        (-1121, client.ws_get_order_book(symbol="NONEUSDT")),
        # No symbol here has other books that an order could go to.
        (-1013, client.ws_create_sor_order(**order)),
        (-1013, client.ws_create_test_sor_order(**order)),
    ):
        try:
            result = await request
        except BinanceAPIException as failure:
            expect(failure.code == code, failure)
            continue
        raise AssertionError(f"{code} expected, got {result!r}")


@check
def every_websocket_method_is_called_or_left_out():
    offered = {name for name in dir(AsyncClient) if name.startswith("ws_")}
    expect_covered(offered, called & offered, python_binance_left_out.WEBSOCKETS)


run("python-binance, WebSockets")
