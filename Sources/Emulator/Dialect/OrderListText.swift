import MarketModel

/// JSON of order lists as answers carry it (sheet section 8.3).
struct OrderListText {
    let exchange: Exchange
    let unit: TimeUnit

    func placed(
        _ placed: PlacedList, _ type: OrderParameters.ResponseType, to text: inout TextBuffer
    ) {
        let orders = placed.orders.map(\.order)
        head(placed.list, orders.map(\.clientOrderID), placed.list.time, to: &text)
        text.raw(",\"orderReports\":[")
        let answers = OrderText(exchange: exchange, unit: unit)
        for (index, order) in placed.orders.enumerated() {
            if index > 0 { text.raw(",") }
            answers.placed(order, type, to: &text)
        }
        text.raw("]}")
    }

    func canceled(_ canceled: CanceledList, to text: inout TextBuffer) {
        let time = canceled.orders.first?.time ?? canceled.list.time
        head(canceled.list, canceled.clientOrderIDs, time, to: &text)
        text.raw(",\"orderReports\":[")
        let answers = OrderText(exchange: exchange, unit: unit)
        for (index, order) in canceled.orders.enumerated() {
            if index > 0 { text.raw(",") }
            answers.canceled(order, to: &text)
        }
        text.raw("]}")
    }

    /// A list's state as queries answer it.
    func state(_ list: OrderList, to text: inout TextBuffer) {
        let orders = exchange.markets[list.market].orders
        let clientIDs = list.orders.map { orders[$0]?.clientOrderID ?? "" }
        head(list, clientIDs, list.time, to: &text)
        text.raw("}")
    }

    func states(_ lists: [OrderList], to text: inout TextBuffer) {
        text.raw("[")
        for (index, list) in lists.enumerated() {
            if index > 0 { text.raw(",") }
            state(list, to: &text)
        }
        text.raw("]")
    }

    /// What an amendment's answer says of the list.
    func summary(of report: OrderListReport, to text: inout TextBuffer) {
        let list = report.list
        text.raw("\"orderListId\":")
        text.integer(list.id)
        text.raw(",\"contingencyType\":\"")
        text.raw(list.contingency.rawValue)
        text.raw("\",\"listOrderStatus\":\"")
        text.raw(list.orderStatus)
        text.raw("\",\"listClientOrderId\":")
        text.quoted(list.clientOrderID)
        text.raw(",\"symbol\":")
        text.quoted(symbol(of: list))
        members(list, report.clientOrderIDs, to: &text)
    }

    private func head(
        _ list: OrderList, _ clientIDs: [String], _ time: Timestamp, to text: inout TextBuffer
    ) {
        text.raw("{\"orderListId\":")
        text.integer(list.id)
        text.raw(",\"contingencyType\":\"")
        text.raw(list.contingency.rawValue)
        text.raw("\",\"listStatusType\":\"")
        text.raw(list.statusType.rawValue)
        text.raw("\",\"listOrderStatus\":\"")
        text.raw(list.orderStatus)
        text.raw("\",\"listClientOrderId\":")
        text.quoted(list.clientOrderID)
        text.raw(",\"transactionTime\":")
        text.time(time, unit)
        text.raw(",\"symbol\":")
        text.quoted(symbol(of: list))
        members(list, clientIDs, to: &text)
    }

    private func members(
        _ list: OrderList, _ clientIDs: [String], to text: inout TextBuffer
    ) {
        text.raw(",\"orders\":[")
        for (index, (id, clientID)) in zip(list.orders, clientIDs).enumerated() {
            text.raw(index == 0 ? "{\"symbol\":" : ",{\"symbol\":")
            text.quoted(symbol(of: list))
            text.raw(",\"orderId\":")
            text.integer(id)
            text.raw(",\"clientOrderId\":")
            text.quoted(clientID)
            text.raw("}")
        }
        text.raw("]")
    }

    private func symbol(of list: OrderList) -> String {
        exchange.markets[list.market].configuration.symbol
    }
}
