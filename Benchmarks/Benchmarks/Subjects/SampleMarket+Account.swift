/// What the venue says of the account and of orders, as it says it (binance-spot.md, sections 9 and 11).
extension SampleMarket {
    static let candle = """
        {"stream":"btcusdt@kline_1m","data":{"e":"kline","E":1723161255042,"s":"BTCUSDT",\
        "k":{"t":1723161240000,"T":1723161299999,"s":"BTCUSDT","i":"1m","f":3735683100,\
        "L":3735683259,"o":"61830.01000000","c":"61837.63000000","h":"61840.00000000",\
        "l":"61829.99000000","v":"3.84517000","n":160,"x":false,"q":"237763.84105700",\
        "V":"2.10044000","Q":"129880.11834400","B":"0"}}}
        """

    static let execution = """
        {"subscriptionId":0,"event":{"e":"executionReport","E":1499405658658,"s":"BTCUSDT",\
        "c":"ap-0000010000000001","S":"BUY","o":"LIMIT","f":"IOC","q":"1.00000000",\
        "p":"61837.64000000","P":"0.00000000","F":"0.00000000","g":-1,"C":"","x":"TRADE",\
        "X":"FILLED","r":"NONE","i":4293153,"l":"1.00000000","z":"1.00000000",\
        "L":"61837.64000000","n":"0.00100000","N":"BTC","T":1499405658657,"t":88,"v":3,\
        "I":8641984,"w":false,"m":false,"M":false,"O":1499405658657,"Z":"61837.64000000"}}
        """

    static let newOrder = """
        {"subscriptionId":0,"event":{"e":"executionReport","E":1723161255349,"s":"BTCUSDT",\
        "c":"ap-0000010000000002","S":"SELL","o":"LIMIT_MAKER","f":"GTC","q":"0.02500000",\
        "p":"61838.10000000","P":"0.00000000","F":"0.00000000","g":-1,"C":"","x":"NEW",\
        "X":"NEW","r":"NONE","i":4293154,"l":"0.00000000","z":"0.00000000",\
        "L":"0.00000000","n":"0","N":null,"T":1723161255348,"t":-1,"v":3,"I":8641985,\
        "w":true,"m":false,"M":false,"O":1723161255348,"Z":"0.00000000",\
        "Y":"0.00000000","Q":"0.00000000","W":1723161255348,"V":"EXPIRE_MAKER"}}
        """

    static let position = """
        {"subscriptionId":0,"event":{"e":"outboundAccountPosition","E":1723161255349,\
        "u":1723161255348,"B":[{"a":"BTC","f":"1.04950000","l":"0.02500000"},\
        {"a":"USDT","f":"93811.25004000","l":"1545.90000000"}]}}
        """

    private static let usage = """
        "rateLimits":[{"rateLimitType":"ORDERS","interval":"SECOND","intervalNum":10,"limit":100,\
        "count":7},{"rateLimitType":"ORDERS","interval":"DAY","intervalNum":1,"limit":200000,\
        "count":4711},{"rateLimitType":"REQUEST_WEIGHT","interval":"MINUTE","intervalNum":1,\
        "limit":6000,"count":42}]
        """

    static let answer = """
        {"id":10000001,"status":200,"result":{"symbol":"BTCUSDT","orderId":12569099453,\
        "orderListId":-1,"clientOrderId":"ap-0000010000000002","transactTime":1723161255348},\
        \(usage)}
        """

    static let refusal = """
        {"id":10000002,"status":400,"error":{"code":-2010,\
        "msg":"Account has insufficient balance for requested action."},\(usage)}
        """
}
