import MarketContext
import MarketModel

/// One thing that happened, on its way to a strategy.
@frozen
public enum StrategyEvent: BitwiseCopyable {
    case start
    case book(InstrumentIndex)
    case top(TopOfBook)
    case trade(Trade)
    case candle(Candle, interval: Nanoseconds)
    case context(ContextEvent, InstrumentIndex)
    case timer(UInt32)
    case order(OrderUpdate)
    case fill(Fill)
    case state(StateChange)
}

/// The strategies of a lane, of one or several types, addressed by a dense index.
///
/// A set is a type, so the compiler knows every strategy behind it: a group of one type, or a
/// pair of sets. `StrategyPair<StrategyGroup<MarketMaker>, StrategyGroup<MyStrategy>>` runs both.
public protocol StrategySet: ~Copyable {
    var count: Int { get }
    /// Hands an event to the strategy at `slot`, which is below ``count``.
    mutating func deliver(_ event: StrategyEvent, to slot: Int, _ context: StrategyContext)
    mutating func setParameter(_ key: Int64, _ value: Int64, of slot: Int) -> Bool
    func warmUp(of slot: Int) -> WarmUp
}

/// Strategies of one type, in the order they were added.
@frozen
public struct StrategyGroup<Member: Strategy & ~Copyable>: StrategySet, ~Copyable {
    @usableFromInline let members: UnsafeMutablePointer<Member>
    public let capacity: Int
    public private(set) var count: Int

    /// Room for `capacity` strategies.
    public init(capacity: Int) {
        precondition(capacity >= 0, "a group's capacity is not negative")
        members = .allocate(capacity: Swift.max(capacity, 1))
        self.capacity = capacity
        count = 0
    }

    deinit {
        (members).deinitialize(count: count)
        members.deallocate()
    }

    /// Adds a strategy; the group must not be full.
    public mutating func append(_ strategy: consuming Member) {
        precondition(count < capacity, "the strategy group is full")
        (members + count).initialize(to: strategy)
        count += 1
    }

    @inlinable @inline(__always)
    public mutating func deliver(
        _ event: StrategyEvent, to slot: Int, _ context: StrategyContext
    ) {
        let member = members + slot
        switch event {
        case .top(let top): member.pointee.onTop(top, context)
        case .book(let instrument): member.pointee.onBook(instrument, context)
        case .trade(let trade): member.pointee.onTrade(trade, context)
        case .order(let update): member.pointee.onOrder(update, context)
        case .fill(let fill): member.pointee.onFill(fill, context)
        case .candle(let candle, let interval):
            member.pointee.onCandle(candle, interval: interval, context)
        case .context(let event, let instrument):
            member.pointee.onContext(event, instrument, context)
        case .timer(let timer): member.pointee.onTimer(timer, context)
        case .state(let change): member.pointee.onState(change, context)
        case .start: member.pointee.onStart(context)
        }
    }

    @inlinable
    public mutating func setParameter(_ key: Int64, _ value: Int64, of slot: Int) -> Bool {
        (members + slot).pointee.setParameter(key, value)
    }

    @inlinable
    public func warmUp(of slot: Int) -> WarmUp { (members + slot).pointee.warmUp }
}

/// Two sets as one: the first set's strategies come first.
@frozen
public struct StrategyPair<First: StrategySet & ~Copyable, Second: StrategySet & ~Copyable>:
    StrategySet, ~Copyable
{
    @usableFromInline var first: First
    @usableFromInline var second: Second

    public init(_ first: consuming First, _ second: consuming Second) {
        self.first = first
        self.second = second
    }

    @inlinable
    public var count: Int { first.count + second.count }

    @inlinable @inline(__always)
    public mutating func deliver(
        _ event: StrategyEvent, to slot: Int, _ context: StrategyContext
    ) {
        let boundary = first.count
        if slot < boundary {
            first.deliver(event, to: slot, context)
        } else {
            second.deliver(event, to: slot &- boundary, context)
        }
    }

    @inlinable
    public mutating func setParameter(_ key: Int64, _ value: Int64, of slot: Int) -> Bool {
        let boundary = first.count
        return slot < boundary
            ? first.setParameter(key, value, of: slot)
            : second.setParameter(key, value, of: slot - boundary)
    }

    @inlinable
    public func warmUp(of slot: Int) -> WarmUp {
        slot < first.count ? first.warmUp(of: slot) : second.warmUp(of: slot - first.count)
    }
}
