import MarketModel

/// A forced order that a venue has announced.
@frozen
public struct Liquidation: BitwiseCopyable, Sendable, Equatable {
    public var price: Price
    public var quantity: Quantity
    /// Side of the forced order: a liquidated long is sold.
    public var side: Side
    public var time: Timestamp

    @inlinable
    public init(price: Price, quantity: Quantity, side: Side, time: Timestamp) {
        self.price = price
        self.quantity = quantity
        self.side = side
        self.time = time
    }
}

/// Liquidations at prices of one bin within the window.
///
/// A lower bound: venues announce only a sample (Binance one a second and symbol), so no total is
/// the market's (BUG-006).
@frozen
public struct LiquidationZone: BitwiseCopyable, Sendable, Equatable, Codable {
    /// Lowest price of the bin.
    public var low: Price
    /// At least so much money was liquidated here.
    public var atLeast: Notional
    /// Part of it whose forced orders were sales, of longs.
    public var longsAtLeast: Notional
    public var count: Int64
    /// It became a zone and has not ceased to be one.
    public var isActive: Bool

    @_noLocks
    init(low: Price) {
        self.low = low
        atLeast = .zero
        longsAtLeast = .zero
        count = 0
        isActive = false
    }
}

/// What a liquidation, or time, has done to zones.
@frozen
public enum LiquidationStep: BitwiseCopyable, Sendable, Equatable {
    case counted
    /// Its bin has become a zone.
    case became(LiquidationZone)
    /// Too far from the other bins of the window, or not a valid liquidation.
    case leftOut
}

/// Prices at which much was liquidated within a rolling window of time.
///
/// A bin becomes a zone when its money reaches `enter` and ceases to be one when it falls below
/// `leave`, which is lower. Constant time a liquidation, plus one step for each that leaves the
/// window. Memory is bounded: of more liquidations than `capacity` the oldest leave early
/// (``earlyCount``); a bin further from those in use than `bins` is left out (``leftOutCount``).
public struct LiquidationZones: ~Copyable {
    struct Entry: BitwiseCopyable, Codable, Sendable {
        var time: Timestamp
        var money: Int128
        var bin: Int64
        var isLong: Bool
    }

    public let binSize: Price
    public let window: Nanoseconds
    private let enter: Notional
    private let leave: Notional
    private let entries: UnsafeMutablePointer<Entry>
    private let capacity: Int
    private let zones: UnsafeMutablePointer<LiquidationZone>
    private let mask: Int64
    private var first = 0
    private var count = 0
    public private(set) var activeCount = 0
    public private(set) var earlyCount: Int64 = 0
    public private(set) var leftOutCount: Int64 = 0

    /// All sizes positive, `enter` above `leave`; `bins` is rounded up to a power of two.
    public init(
        binSize: Price, window: Nanoseconds, enter: Notional, leave: Notional,
        capacity: Int = 8192, bins: Int = 1024
    ) throws(ContextFailure) {
        if binSize <= .zero { throw .notPositive("bin size") }
        if window <= .zero { throw .notPositive("window") }
        if enter <= leave || leave < .zero { throw .contradiction("enter is not above leave") }
        if !(1...1 << 20).contains(capacity) {
            throw .outside("liquidations", value: Int64(capacity), allowed: 1...1 << 20)
        }
        if !(16...1 << 20).contains(bins) {
            throw .outside("bins", value: Int64(bins), allowed: 16...1 << 20)
        }
        self.binSize = binSize
        self.window = window
        self.enter = enter
        self.leave = leave
        self.capacity = capacity
        entries = .allocate(capacity: capacity)
        let zoneCount = 1 << (Int.bitWidth - (bins - 1).leadingZeroBitCount)
        mask = Int64(zoneCount - 1)
        zones = .allocate(capacity: zoneCount)
        zones.initialize(repeating: LiquidationZone(low: .zero), count: zoneCount)
    }

    deinit {
        entries.deallocate()
        zones.deallocate()
    }

    /// Counts a liquidation. Times must not go back; one that does counts as of the newest.
    @_noLocks
    public mutating func add(_ liquidation: Liquidation) -> LiquidationStep {
        advance(to: liquidation.time)
        if liquidation.price <= .zero || liquidation.quantity <= .zero { return leaveOut() }
        let bin = liquidation.price.raw / binSize.raw
        let slot = Int(bin & mask)
        let low = Price(raw: bin &* binSize.raw)
        if zones[slot].count > 0, zones[slot].low != low { return leaveOut() }
        if count == capacity {
            earlyCount &+= 1
            removeOldest()
        }
        if zones[slot].count == 0 { zones[slot] = LiquidationZone(low: low) }
        let money = Notional(liquidation.price, liquidation.quantity)
        let isLong = liquidation.side == .sell
        append(
            Entry(time: liquidation.time, money: money.raw, bin: bin, isLong: isLong))
        var zone = zones[slot]
        // Each is below 2^126: a window of 2^20 of them may not fit.
        zone.atLeast = zone.atLeast.saturatingSum(money)
        if isLong { zone.longsAtLeast = zone.longsAtLeast.saturatingSum(money) }
        zone.count &+= 1
        let becomes = !zone.isActive && zone.atLeast >= enter
        if becomes {
            zone.isActive = true
            activeCount &+= 1
        }
        zones[slot] = zone
        return becomes ? .became(zone) : .counted
    }

    /// Lets go of what is older than the window at `now`.
    @_noLocks
    public mutating func advance(to now: Timestamp) {
        while count > 0, now - entries[first].time >= window { removeOldest() }
    }

    /// The bin that holds a price; empty where nothing was liquidated.
    @_noLocks
    public func zone(holding price: Price) -> LiquidationZone {
        let low = Price(raw: price.raw / binSize.raw &* binSize.raw)
        let zone = zones[Int((price.raw / binSize.raw) & mask)]
        return zone.count > 0 && zone.low == low ? zone : LiquidationZone(low: low)
    }

    /// The `limit` bins with the most money, of equals the lowest first. Allocates: for reports.
    public func largest(_ limit: Int = 10) -> [LiquidationZone] {
        let used = UnsafeBufferPointer(start: zones, count: Int(mask) + 1).filter { $0.count > 0 }
        return Array(
            used.sorted {
                ($1.atLeast.raw, $0.low.raw) < ($0.atLeast.raw, $1.low.raw)
            }.prefix(limit))
    }

    private mutating func leaveOut() -> LiquidationStep {
        leftOutCount &+= 1
        return .leftOut
    }

    private mutating func append(_ entry: Entry) {
        var entry = entry
        var place = first &+ count
        if count > 0 {
            let newest = entries[(place &- 1) % capacity].time
            if entry.time < newest { entry.time = newest }
        }
        place %= capacity
        (entries + place).initialize(to: entry)
        count &+= 1
    }

    private mutating func removeOldest() {
        let entry = entries[first]
        first = first &+ 1 == capacity ? 0 : first &+ 1
        count &-= 1
        let slot = Int(entry.bin & mask)
        var zone = zones[slot]
        zone.count &-= 1
        zone.atLeast = Notional(raw: zone.count == 0 ? 0 : zone.atLeast.raw &- entry.money)
        if entry.isLong {
            zone.longsAtLeast = Notional(raw: zone.longsAtLeast.raw &- entry.money)
        }
        if zone.isActive, zone.atLeast < leave || zone.count == 0 {
            zone.isActive = false
            activeCount &-= 1
        }
        zones[slot] = zone
    }
}

extension LiquidationZones {
    /// What it holds, to be saved: the liquidations of the window, oldest first, and their zones.
    public struct State: Codable, Sendable {
        var binSize: Price
        var entries: [Entry]
        var zones: [LiquidationZone]
        var earlyCount: Int64
        var leftOutCount: Int64
    }

    /// Allocates.
    public var state: State {
        State(
            binSize: binSize, entries: (0..<count).map { [entries, first, capacity] in
                entries[(first + $0) % capacity]
            }, zones: UnsafeBufferPointer(start: zones, count: Int(mask) + 1).filter { $0.count > 0 },
            earlyCount: earlyCount, leftOutCount: leftOutCount)
    }

    private func accepts(_ state: State) -> Bool {
        let times = state.entries.map(\.time)
        guard state.binSize == binSize, state.entries.count <= capacity,
            state.earlyCount >= 0, state.leftOutCount >= 0,
            zip(times, times.dropFirst()).allSatisfy({ $0 <= $1 }),
            state.entries.allSatisfy({ entry in
                entry.bin >= 0 && entry.bin <= .max / binSize.raw && entry.money > 0
                    && entry.money <= Int128(Int64.max) * Int128(Int64.max)
            })
        else { return false }
        var counts: [Int64: Int64] = [:]
        for entry in state.entries { counts[entry.bin, default: 0] += 1 }
        let slots = Set(state.zones.map { $0.low.raw / binSize.raw & mask })
        return counts.count == state.zones.count && slots.count == state.zones.count
            && state.zones.allSatisfy { zone in
                zone.low.raw % binSize.raw == 0
                    && counts[zone.low.raw / binSize.raw] == zone.count
                    && (zone.isActive ? zone.atLeast >= leave : zone.atLeast < enter)
            }
    }

    /// Goes on where one of the same settings was; ``ContextFailure/unsound(_:)`` when none can
    /// have been there, and nothing changes.
    public mutating func restore(_ state: State) throws(ContextFailure) {
        if !accepts(state) { throw .unsound("liquidation zones") }
        first = 0
        count = state.entries.count
        for (place, entry) in state.entries.enumerated() {
            (entries + place).initialize(to: entry)
        }
        zones.update(repeating: LiquidationZone(low: .zero), count: Int(mask) + 1)
        for zone in state.zones { zones[Int(zone.low.raw / binSize.raw & mask)] = zone }
        activeCount = state.zones.count { $0.isActive }
        earlyCount = state.earlyCount
        leftOutCount = state.leftOutCount
    }
}
