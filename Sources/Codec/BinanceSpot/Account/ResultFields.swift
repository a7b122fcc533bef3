/// The values of a `result` object that the engine uses, in whatever order the keys come.
struct ResultFields {
    var symbol = JSONValue.absent
    var orderID = JSONValue.absent
    var clientOrderID = JSONValue.absent
    var originalClientOrderID = JSONValue.absent
    var price = JSONValue.absent
    var quantity = JSONValue.absent
    var executedQuantity = JSONValue.absent
    var cumulativeQuote = JSONValue.absent
    var preventedQuantity = JSONValue.absent
    var status = JSONValue.absent
    var timeInForce = JSONValue.absent
    var type = JSONValue.absent
    var side = JSONValue.absent
    var updateTime = JSONValue.absent
    var transactTime = JSONValue.absent
    var isWorking = JSONValue.absent
    var cancelResult = JSONValue.absent
    var newOrderResponse = JSONValue.absent
    var serverTime = JSONValue.absent
    var subscriptionID = JSONValue.absent
    var authorizedSince = JSONValue.absent
    var balances = JSONValue.absent

    @_noLocks
    init(_ object: JSONValue) throws(DecodeFailure) {
        var scanner = try JSONScanner(object)
        try self.init(&scanner)
    }

    @_noLocks
    init(_ scanner: inout JSONScanner) throws(DecodeFailure) {
        try scanner.enterObject()
        while let key = try scanner.nextKey() {
            let value = try scanner.value()
            if !setOrder(key, value) { setOther(key, value) }
        }
    }

    private mutating func setOrder(_ key: JSONValue, _ value: JSONValue) -> Bool {
        if key.equals("symbol") {
            symbol = value
        } else if key.equals("orderId") {
            orderID = value
        } else if key.equals("clientOrderId") {
            clientOrderID = value
        } else if key.equals("transactTime") {
            transactTime = value
        } else if key.equals("origClientOrderId") {
            originalClientOrderID = value
        } else if key.equals("price") {
            price = value
        } else if key.equals("origQty") {
            quantity = value
        } else if key.equals("executedQty") {
            executedQuantity = value
        } else if key.equals("cummulativeQuoteQty") {
            cumulativeQuote = value
        } else if key.equals("status") {
            status = value
        } else if key.equals("timeInForce") {
            timeInForce = value
        } else if key.equals("type") {
            type = value
        } else if key.equals("side") {
            side = value
        } else if key.equals("updateTime") {
            updateTime = value
        } else if key.equals("isWorking") {
            isWorking = value
        } else {
            return false
        }
        return true
    }

    private mutating func setOther(_ key: JSONValue, _ value: JSONValue) {
        if key.equals("cancelResult") {
            cancelResult = value
        } else if key.equals("newOrderResponse") {
            newOrderResponse = value
        } else if key.equals("serverTime") {
            serverTime = value
        } else if key.equals("subscriptionId") {
            subscriptionID = value
        } else if key.equals("preventedQuantity") {
            preventedQuantity = value
        } else if key.equals("authorizedSince") {
            authorizedSince = value
        } else if key.equals("balances") {
            balances = value
        }
    }
}
