"""python-binance over REST: the market, every kind of order, the account, errors."""

import inspect
import re

from binance.client import Client
from binance.exceptions import BinanceAPIException, BinanceOrderException
from binance.helpers import round_step_size

import python_binance_left_out
from checks import AUTHORITY, KEY, REST, SECRET, check, expect, expect_raises, run
from coverage import Recorder, expect_covered

SYMBOL = "BTCUSDT"


def connect(key=KEY, secret=SECRET):
    Client.API_URL = REST
    return Client(key, secret, requests_params={"verify": AUTHORITY})


called = set()
client = Recorder(connect(), called)


def last():
    return float(client.get_symbol_ticker(symbol=SYMBOL)["price"])


def price(factor):
    return f"{round_step_size(last() * factor, 0.01):.2f}"


@check
def general():
    expect(client.ping() == {}, "ping")
    expect(client.get_server_time()["serverTime"] > 0, "time")
    info = client.get_exchange_info()
    expect({"BTCUSDT", "ETHUSDT"} == {one["symbol"] for one in info["symbols"]}, info["symbols"])
    symbol = client.get_symbol_info(SYMBOL)
    kinds = {one["filterType"] for one in symbol["filters"]}
    expect({"PRICE_FILTER", "LOT_SIZE", "NOTIONAL", "MAX_NUM_ORDERS"} <= kinds, kinds)


@check
def market_data():
    book = client.get_order_book(symbol=SYMBOL, limit=20)
    expect(float(book["bids"][0][0]) < float(book["asks"][0][0]), book)
    expect(len(client.get_recent_trades(symbol=SYMBOL, limit=10)) == 10, "trades")
    expect(len(client.get_historical_trades(symbol=SYMBOL, limit=10)) == 10, "old trades")
    expect(len(client.get_aggregate_trades(symbol=SYMBOL)) > 0, "aggregates")
    expect(float(client.get_avg_price(symbol=SYMBOL)["price"]) > 0, "average")
    day = client.get_ticker(symbol=SYMBOL)
    expect(float(day["lowPrice"]) <= float(day["lastPrice"]) <= float(day["highPrice"]), day)
    expect(client.get_symbol_ticker_window(symbol=SYMBOL, windowSize="4h")["count"] > 0, "window")
    expect(len(client.get_all_tickers()) == 2 and len(client.get_orderbook_tickers()) == 2, "all")
    expect(client.get_orderbook_ticker(symbol=SYMBOL)["symbol"] == SYMBOL, "best")
    expect(client.v3_get_ticker_trading_day(symbol=SYMBOL)["count"] > 0, "trading day")


@check
def candles():
    bars = client.get_klines(symbol=SYMBOL, interval=Client.KLINE_INTERVAL_15MINUTE, limit=7)
    expect(len(bars) == 7 and len(bars[0]) == 12, bars)
    expect(client.get_ui_klines(symbol=SYMBOL, interval="1h", limit=3)[0][0] > 0, "display")
    old = client.get_historical_klines(SYMBOL, "1h", "2 days ago UTC")
    expect(47 <= len(old) <= 49, len(old))
    opens = [bar[0] for bar in client.get_historical_klines_generator(SYMBOL, "1d", "30 days ago")]
    expect(opens == sorted(set(opens)) and 29 <= len(opens) <= 31, opens)


@check
def market_and_limit_orders():
    bought = client.order_market_buy(symbol=SYMBOL, quantity="0.01000")
    expect(bought["status"] == "FILLED" and bought["fills"], bought)
    spent = client.order_market_buy(symbol=SYMBOL, quoteOrderQty="300")
    expect(float(spent["cummulativeQuoteQty"]) <= 300, spent)
    sold = client.order_market_sell(symbol=SYMBOL, quantity="0.01000")
    expect(sold["status"] == "FILLED", sold)
    resting = client.order_limit_buy(
        symbol=SYMBOL, quantity="0.01000", price=price(0.8), newClientOrderId="python-1")
    found = client.get_order(symbol=SYMBOL, origClientOrderId="python-1")
    expect(found["orderId"] == resting["orderId"] and found["status"] == "NEW", found)
    expect(resting["orderId"] in [o["orderId"] for o in client.get_open_orders()], "open")
    canceled = client.cancel_order(symbol=SYMBOL, orderId=resting["orderId"])
    expect(canceled["status"] == "CANCELED", canceled)
    for life in (Client.TIME_IN_FORCE_IOC, Client.TIME_IN_FORCE_FOK):
        order = client.order_limit_sell(
            symbol=SYMBOL, quantity="0.01000", price=price(1.2), timeInForce=life)
        expect(order["status"] == "EXPIRED", order)


@check
def every_other_kind_of_order():
    requests = [
        ("LIMIT_MAKER", {"price": price(1.2)}),
        ("STOP_LOSS", {"stopPrice": price(0.9)}),
        ("STOP_LOSS_LIMIT", {
            "stopPrice": price(0.9), "price": price(0.89), "timeInForce": "GTC"}),
        ("TAKE_PROFIT", {"stopPrice": price(1.1)}),
        ("TAKE_PROFIT_LIMIT", {
            "stopPrice": price(1.1), "price": price(1.1), "timeInForce": "GTC",
            "icebergQty": "0.00100"}),
    ]
    for kind, more in requests:
        order = client.create_order(
            symbol=SYMBOL, side="SELL", type=kind, quantity="0.00500", **more)
        found = client.get_order(symbol=SYMBOL, orderId=order["orderId"])
        expect(found["type"] == kind and found["status"] == "NEW", found)
    ended = client.cancel_all_open_orders(symbol=SYMBOL)
    expect(len(ended) == len(requests), ended)
    trailing = client.create_order(
        symbol=SYMBOL, side="SELL", type="STOP_LOSS", quantity="0.00500", trailingDelta=300)
    client.cancel_order(symbol=SYMBOL, orderId=trailing["orderId"])


@check
def order_lists_and_replacing():
    pair = client.create_oco_order(
        symbol=SYMBOL, side="SELL", quantity="0.00100",
        aboveType="LIMIT_MAKER", abovePrice=price(1.1),
        belowType="STOP_LOSS_LIMIT", belowStopPrice=price(0.9), belowPrice=price(0.89),
        belowTimeInForce="GTC")
    expect(pair["listStatusType"] == "EXEC_STARTED", pair)
    expect([one["orderListId"] for one in client.get_open_oco_orders()] == [pair["orderListId"]],
           "one list is open")
    found = client.v3_get_order_list(orderListId=pair["orderListId"])
    expect(found["contingencyType"] == "OCO", found)
    expect(pair["orderListId"] in [
        one["orderListId"] for one in client.v3_get_all_order_list()], "all lists")
    gone = client.v3_delete_order_list(symbol=SYMBOL, orderListId=pair["orderListId"])
    expect(gone["listOrderStatus"] == "ALL_DONE", gone)
    order = client.order_limit_buy(symbol=SYMBOL, quantity="0.00200", price=price(0.8))
    replaced = client.cancel_replace_order(
        symbol=SYMBOL, side="BUY", type="LIMIT", timeInForce="GTC", quantity="0.00300",
        price=price(0.81), cancelReplaceMode="STOP_ON_FAILURE", cancelOrderId=order["orderId"])
    expect(replaced["cancelResult"] == replaced["newOrderResult"] == "SUCCESS", replaced)
    # Newer than this client: through its own signed request.
    amended = client._put("order/amend/keepPriority", True, data=dict(
        symbol=SYMBOL, orderId=replaced["newOrderResponse"]["orderId"], newQty="0.00100"))
    expect(amended["amendedOrder"]["qty"] == "0.00100000", amended)
    client.cancel_all_open_orders(symbol=SYMBOL)


@check
def triggered_lists_and_routing():
    working = dict(
        symbol=SYMBOL, workingType="LIMIT", workingSide="BUY", workingPrice=price(0.8),
        workingQuantity="0.00100", workingTimeInForce="GTC", pendingSide="SELL",
        pendingQuantity="0.00100")
    placed = client.v3_post_order_list_oto(**working, pendingType="MARKET")
    expect([one["status"] for one in placed["orderReports"]] == ["NEW", "PENDING_NEW"], placed)
    placed = client.v3_post_order_list_otoco(
        **working, pendingAboveType="LIMIT_MAKER", pendingAbovePrice=price(1.1),
        pendingBelowType="STOP_LOSS", pendingBelowStopPrice=price(0.7))
    expect(len(placed["orderReports"]) == 3, placed)
    client.cancel_all_open_orders(symbol=SYMBOL)
    expect(client.get_open_oco_orders() == [], "nothing is left")
    order = dict(
        symbol=SYMBOL, side="BUY", type="LIMIT", timeInForce="GTC", quantity="0.00100",
        price=price(0.8))
    for route in (client.v3_post_sor_order, client.v3_post_sor_order_test):
        failure = expect_raises(BinanceAPIException, route, **order)
        expect((failure.code, failure.message) == (-1013, "This symbol has no SOR."), failure)


@check
def trades_and_orders_page_by_page():
    trades = client.get_my_trades(symbol=SYMBOL)
    pages, number = [], trades[0]["id"]
    while page := client.get_my_trades(symbol=SYMBOL, fromId=number, limit=2):
        pages += page
        number = page[-1]["id"] + 1
    expect(pages == trades, "pages miss or repeat trades")
    orders = client.get_all_orders(symbol=SYMBOL)
    pages, number = [], orders[0]["orderId"]
    while page := client.get_all_orders(symbol=SYMBOL, orderId=number, limit=5):
        pages += page
        number = page[-1]["orderId"] + 1
    expect(pages == orders, "pages miss or repeat orders")


@check
def account():
    balances = {one["asset"]: one for one in client.get_account()["balances"]}
    expect(float(balances["USDT"]["free"]) > 0, balances)
    expect(float(client.get_asset_balance(asset="BTC")["free"]) > 0, "balance")
    trades = client.get_my_trades(symbol=SYMBOL)
    expect(trades and float(trades[-1]["commission"]) >= 0, trades)
    expect(len(client.get_all_orders(symbol=SYMBOL)) > 5, "orders")
    limits = client.get_current_order_count()
    expect({one["interval"] for one in limits} == {"SECOND", "DAY"}, limits)
    expect(client.get_prevented_matches(symbol=SYMBOL, preventedMatchId=1) == [], "prevented")
    expect(client.get_allocations(symbol=SYMBOL) == [], "allocations")
    expect("standardCommission" in client.v3_get_account_commission(symbol=SYMBOL), "commission")


@check
def test_orders_change_nothing():
    before = len(client.get_all_orders(symbol=SYMBOL))
    answer = client.create_test_order(symbol=SYMBOL, side="BUY", type="MARKET", quantity="0.01000")
    expect(answer == {} and len(client.get_all_orders(symbol=SYMBOL)) == before, answer)
    rates = client.create_test_order(
        symbol=SYMBOL, side="BUY", type="MARKET", quantity="0.01000", computeCommissionRates="true")
    expect(set(rates["standardCommissionForOrder"]) == {"maker", "taker"}, rates)


@check
def errors():
    def code(function, *arguments, **options):
        kinds = (BinanceAPIException, BinanceOrderException)
        return expect_raises(kinds, function, *arguments, **options).code
    order = {"symbol": SYMBOL, "quantity": "0.01000"}
    expect(code(client.order_limit_buy, **order | {"quantity": "100"}, price=price(0.8)) == -2010,
           "insufficient balance")
    expect(code(client.order_limit_buy, **order, price="49000.123456789") == -1111, "too precise")
    expect(code(client.order_limit_buy, **order, price=price(0.1)) == -1013, "percent price")
    expect(code(client.get_order, symbol=SYMBOL, orderId=999999999) == -2013, "no such order")
    expect(code(client.cancel_order, symbol=SYMBOL, orderId=999999999) == -2011, "not there")
    expect(code(client.get_order_book, symbol="NONEUSDT") == -1121, "no such symbol")
    expect(code(client.get_klines, symbol=SYMBOL, interval="7m") == -1120, "no such interval")
    expect(code(client.create_order, symbol=SYMBOL, side="BUY", type="LIMIT") == -1102, "missing")
    expect(code(connect(key="w" * 64).get_account) == -2015, "no such key")
    expect(code(connect(secret="wrong").get_account) == -1022, "bad signature")


@check
def every_spot_method_is_called_or_left_out():
    # The spot API is what these helpers ask; futures, margin, wallet and options have their own.
    def asks_spot(method):
        return re.search(r"self\._(get|post|put|delete|request_api)\(", inspect.getsource(method))
    methods = inspect.getmembers(Client, inspect.isfunction)
    offered = {
        name for name, method in methods if not name.startswith("_") and asks_spot(method)}
    expect_covered(offered, called & offered, python_binance_left_out.REST)


run("python-binance, REST")
