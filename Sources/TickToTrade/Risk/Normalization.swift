import MarketModel

/// The order as the venue will take it: quantity down to the lot, price away from risk to the
/// tick (a buy down, a sell up), all other terms copied (BUG-057, BUG-058, BUG-059).
@_noLocks
public func normalized(_ intent: OrderIntent, _ rules: UnsafePointer<Instrument>) -> OrderIntent {
    var order = intent
    let isMarket = intent.type == .market
    let lot =
        isMarket && rules.pointee.marketLotSize.raw > 0
        ? rules.pointee.marketLotSize : rules.pointee.lotSize
    if intent.quantity.raw > 0 {
        order.quantity = intent.quantity.flooredToMultiple(of: lot)
    }
    if isMarket {
        order.price = .zero
        order.timeInForce = .none
    } else if intent.price.raw > 0, intent.price.raw <= Int64.max - rules.pointee.tickSize.raw {
        order.price =
            intent.side == .buy
            ? intent.price.flooredToMultiple(of: rules.pointee.tickSize)
            : intent.price.ceiledToMultiple(of: rules.pointee.tickSize)
    }
    if intent.type == .limitMaker { order.timeInForce = .none }
    return order
}
