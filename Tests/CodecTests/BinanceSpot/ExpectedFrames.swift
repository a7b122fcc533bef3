/// The record that each line of each frame file must give. The requests among the lines are our own
/// words: a decoder sees them only as something it does not know.
enum ExpectedFrames {
    static let market: [(file: String, records: [String])] = [
        (
            "aggTrade_capture.jsonl",
            [
                "aggregate of 1 NKNUSDT #15683430 buy 58.00000000 at 0.35280000 time "
                    + "1633998523963",
                "aggregate of 1 LRCBTC #9213679 buy 177.00000000 at 0.00000638 time "
                    + "1633998534486",
            ]
        ),
        (
            "aggTrade_doc.jsonl",
            [
                "aggregate of 6 BNBBTC #12345 sell 100.00000000 at 0.00100000 time "
                    + "1672515782136"
            ]
        ),
        (
            "avgPrice_doc.jsonl",
            [
                "ignored averagePrice"
            ]
        ),
        (
            "blockTrade_doc.jsonl",
            [
                "ignored blockTrade"
            ]
        ),
        (
            "bookTicker_doc.jsonl",
            [
                "top BNBUSDT #400900217 31.21000000 at 25.35190000 / 40.66000000 at "
                    + "25.36520000"
            ]
        ),
        (
            "control_getProperty_doc.jsonl",
            [
                "ignored unrecognized",
                "reply 2 accepted",
            ]
        ),
        (
            "control_list_doc.jsonl",
            [
                "ignored unrecognized",
                "reply 3 accepted",
            ]
        ),
        (
            "control_setProperty_doc.jsonl",
            [
                "ignored unrecognized",
                "reply 5 accepted",
            ]
        ),
        (
            "control_subscribe_doc.jsonl",
            [
                "ignored unrecognized",
                "reply 1 accepted",
            ]
        ),
        (
            "control_unsubscribe_doc.jsonl",
            [
                "ignored unrecognized",
                "reply 312 accepted",
            ]
        ),
        (
            "depthDiff_doc.jsonl",
            [
                "diff BNBBTC #157...160 time 1672515782136 bids [10.00000000 at "
                    + "0.00240000] asks [100.00000000 at 0.00260000]"
            ]
        ),
        (
            "depthPartial_doc.jsonl",
            [
                "snapshot BTCUSDT #160...160 time 0 bids [10.00000000 at 0.00240000] "
                    + "asks [100.00000000 at 0.00260000]"
            ]
        ),
        (
            "kline_capture.jsonl",
            [
                "candle NKNUSDT 1633998480000...1633998539999999999 o 0.35270000 h "
                    + "0.35280000 l 0.35220000 c 0.35280000 v 25877.00000000 bought "
                    + "58.00000000 quote 91160460000000000000 n 30 closed false",
                "candle LRCBTC 1633998480000...1633998539999999999 o 0.00000638 h "
                    + "0.00000638 l 0.00000638 c 0.00000638 v 177.00000000 bought "
                    + "177.00000000 quote 11292600000000 n 1 closed false",
            ]
        ),
        (
            "kline_doc.jsonl",
            [
                "candle BNBBTC 1672515780000...1672515839999999999 o 0.00100000 h "
                    + "0.00250000 l 0.00150000 c 0.00200000 v 1000.00000000 bought "
                    + "500.00000000 quote 10000000000000000 n 100 closed false"
            ]
        ),
        (
            "miniTicker_doc.jsonl",
            [
                "ignored miniTicker"
            ]
        ),
        (
            "referencePrice_doc.jsonl",
            [
                "ignored referencePrice"
            ]
        ),
        (
            "serverShutdown_doc.jsonl",
            [
                "shutdown",
                "shutdown",
            ]
        ),
        (
            "tickerWindow_doc.jsonl",
            [
                "ignored windowTicker"
            ]
        ),
        (
            "ticker_doc.jsonl",
            [
                "ignored ticker"
            ]
        ),
        (
            "trade_2021_fixture.jsonl",
            [
                "trade ETHUSDT #705291099 sell 0.43870000 at 4149.74000000 time "
                    + "1639351062243"
            ]
        ),
        (
            "trade_doc.jsonl",
            [
                "trade BNBBTC #12345 sell 100.00000000 at 0.00100000 time 1672515782136"
            ]
        ),
    ]

    static let account: [(file: String, records: [String])] = [
        (
            "user_balanceUpdate_doc.jsonl",
            [
                "balance BTC by 10000000000 at 1573200697068"
            ]
        ),
        (
            "user_eventStreamTerminated_doc.jsonl",
            [
                "terminated"
            ]
        ),
        (
            "user_executionReport_doc.jsonl",
            [
                "new new ETHBTC #4293153 own 0 buy limit gtc 1.00000000 at 0.10264410 "
                    + "filled 0.00000000 for 0.00000000 exec 8641984 time 1499405658657 "
                    + "working"
            ]
        ),
        (
            "user_executionReport_expired_fixture.jsonl",
            [
                "expired expired ETHUSDT #12345678 own 0 buy limit ioc 1.00000000 at "
                    + "2500.00000000 filled 0.00000000 for 0.00000000 exec 0 time "
                    + "1709654403000"
            ]
        ),
        (
            "user_executionReport_fixture.jsonl",
            [
                "new new ETHUSDT #1234567890 own 0 buy limit gtc 1.00000000 at "
                    + "2500.00000000 filled 0.00000000 for 0.00000000 exec 4644480641 time "
                    + "1759347763167 working",
                "trade partiallyFilled ETHUSDT #1234567890 own 0 buy limit gtc "
                    + "1.00000000 at 2500.00000000 filled 0.50000000 for 1249.75000000 trade "
                    + "98765432 0.50000000 at 2499.50000000 fee 50000 ETH maker true exec "
                    + "4644480641 time 1759347763167 working",
                "canceled canceled ETHUSDT #9876543210 own 0 sell limit gtc 0.50000000 "
                    + "at 2500.00000000 filled 0.10000000 for 250.00000000 exec 4644480641 "
                    + "time 1759347763167",
                "trade filled BTCUSD #2281896601 own 0 sell limit gtc 0.00042000 at "
                    + "117290.77000000 filled 0.00042000 for 49.26212340 trade 88685053 "
                    + "0.00042000 at 117290.77000000 fee 492621 USD maker false exec "
                    + "4644480641 time 1759347763167",
            ]
        ),
        (
            "user_externalLockUpdate_doc.jsonl",
            [
                "lock NEO by 1000000000 at 1581557507268"
            ]
        ),
        (
            "user_listStatus_doc.jsonl",
            [
                "list ETHBTC #2 done false"
            ]
        ),
        (
            "user_outboundAccountPosition_doc.jsonl",
            [
                "balances at 1564034571073 ETH 1000000000000+0"
            ]
        ),
        (
            "wsapi_account_status_doc.jsonl",
            [
                "unrecognized",
                "200 #- accepted account weight 20",
            ]
        ),
        (
            "wsapi_depth_doc.jsonl",
            [
                "unrecognized",
                "200 #- accepted other weight 2",
            ]
        ),
        (
            "wsapi_error_418_doc.jsonl",
            [
                "200 #- accepted list weight 70",
                "418 #- rejected none code -1003 clock 1659142907531 retry "
                    + "1659146400000 weight 2411",
            ]
        ),
        (
            "wsapi_orderList_cancel_doc.jsonl",
            [
                "unrecognized",
                "200 #- accepted other weight 1",
            ]
        ),
        (
            "wsapi_orderList_place_oco_doc.jsonl",
            [
                "unrecognized",
                "200 #- accepted other weight 1 orders 2/2",
            ]
        ),
        (
            "wsapi_orderList_place_oto_doc.jsonl",
            [
                "unrecognized",
                "200 #- accepted other weight 38",
            ]
        ),
        (
            "wsapi_orderList_place_otoco_doc.jsonl",
            [
                "unrecognized",
                "200 #- accepted other weight 65",
            ]
        ),
        (
            "wsapi_order_amend_doc.jsonl",
            [
                "unrecognized",
                "200 #- accepted other weight 1",
                "200 #- accepted other weight 1",
            ]
        ),
        (
            "wsapi_order_cancelReplace_doc.jsonl",
            [
                "unrecognized",
                "200 #- accepted order order 12569099453 canceled time 1660813156959 "
                    + "weight 1 orders 1/1",
                "400 #- noSuchOrder none code -2011 cancel noSuchOrder weight 1 orders 1/1",
                "409 #- rejected none code -2010 canceled weight 1 orders 1/1",
                "409 #- accepted none order 12569099453 code -2011 cancel noSuchOrder "
                    + "time 1660813156959 weight 1 orders 1/1",
                "400 #- rejected none code -2010 cancel noSuchOrder -2011 Unknown order sent. "
                    + "weight 1 orders 1/1",
                "429 #- rejected none code -1015 weight 1 orders 50/50",
                "409 #- rejected none code -1015 canceled weight 1 orders 50/50",
            ]
        ),
        (
            "wsapi_order_cancel_doc.jsonl",
            [
                "unrecognized",
                "200 #- accepted order order 12569099453 time 1684804350068 weight 1",
                "200 #- accepted other weight 1",
                "unrecognized",
                "unrecognized",
            ]
        ),
        (
            "wsapi_order_place_doc.jsonl",
            [
                "unrecognized",
                "200 #- accepted order order 12569099453 time 1660801715639 weight 1 "
                    + "orders 1/1",
                "200 #- accepted order order 12569099453 time 1660801715639 weight 1 "
                    + "orders 1/1",
                "200 #- accepted order order 12569099453 time 1660801715793 weight 1 "
                    + "orders 1/1",
            ]
        ),
        (
            "wsapi_order_status_doc.jsonl",
            [
                "unrecognized",
                "200 #- accepted orderState order 12569099453 time 1660801717945 "
                    + "weight 4",
            ]
        ),
        (
            "wsapi_session_logon_doc.jsonl",
            [
                "unrecognized",
                "200 #- accepted session clock 1649729878630",
            ]
        ),
        (
            "wsapi_session_logout_doc.jsonl",
            [
                "unrecognized",
                "200 #- accepted anonymousSession clock 1649730611671",
            ]
        ),
        (
            "wsapi_session_status_doc.jsonl",
            [
                "unrecognized",
                "200 #- accepted session clock 1649730611671",
            ]
        ),
        (
            "wsapi_time_doc.jsonl",
            [
                "unrecognized",
                "200 #- accepted serverTime clock 1656400526260 weight 1",
            ]
        ),
        (
            "wsapi_userDataStream_subscribe_doc.jsonl",
            [
                "unrecognized",
                "200 #- accepted subscription subscription 0",
            ]
        ),
        (
            "wsapi_userDataStream_subscribe_signature_doc.jsonl",
            [
                "unrecognized",
                "200 #- accepted subscription subscription 0",
            ]
        ),
        (
            "wsapi_userDataStream_unsubscribe_doc.jsonl",
            [
                "unrecognized",
                "200 #- accepted none",
            ]
        ),
    ]
}
