/// How many orders the venue lets an account have open at once, over all instruments; 0: no limit.
///
/// Binance: the filters `EXCHANGE_MAX_NUM_*` (binance-spot.md, section 12).
@frozen
public struct AccountOrderLimits: BitwiseCopyable, Sendable, Equatable {
    public var orders: Int64
    public var conditionalOrders: Int64
    public var icebergOrders: Int64
    public var orderLists: Int64

    @inlinable @inline(__always)
    public init(
        orders: Int64 = 0, conditionalOrders: Int64 = 0, icebergOrders: Int64 = 0,
        orderLists: Int64 = 0
    ) {
        self.orders = orders
        self.conditionalOrders = conditionalOrders
        self.icebergOrders = icebergOrders
        self.orderLists = orderLists
    }

    /// The limits with their numbers, as a command carries them.
    public var numbered: [(key: Int64, value: Int64)] {
        [(1, orders), (2, conditionalOrders), (3, icebergOrders), (4, orderLists)]
    }

    /// Sets the limit with a number of ``numbered``; `false` when there is none, or for a value that
    /// is no count.
    @inlinable @inline(__always)
    public mutating func set(_ key: Int64, to value: Int64) -> Bool {
        if value < 0 || value > 1 << 32 { return false }
        switch key {
        case 1: orders = value
        case 2: conditionalOrders = value
        case 3: icebergOrders = value
        case 4: orderLists = value
        default: return false
        }
        return true
    }
}
