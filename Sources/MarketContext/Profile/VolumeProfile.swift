import MarketModel

/// One row of a profile: what was traded between two prices.
@frozen
public struct ProfileRow: BitwiseCopyable, Sendable, Equatable {
    /// Lowest price of the bin; it ends one bin size above, which is not in it.
    public var low: Price
    /// Volume bought by aggressors (it took the ask).
    public var bought: Quantity
    /// Volume sold by aggressors (it hit the bid).
    public var sold: Quantity
    public var tradeCount: UInt32

    @_noLocks
    public init(low: Price, bought: Quantity, sold: Quantity, tradeCount: UInt32) {
        self.low = low
        self.bought = bought
        self.sold = sold
        self.tradeCount = tradeCount
    }

    public var volume: Quantity { @_noLocks get { bought.saturatingSum(sold) } }
    public var delta: Quantity { @_noLocks get { Quantity(raw: bought.raw &- sold.raw) } }
}

/// Volume by price since the last reset, in bins of whole ticks.
///
/// A trade belongs to bin ⌊price / bin size⌋. The bins lie in a window that follows the prices
/// seen: as long as highest and lowest are less than `capacity` bins apart, every trade has its
/// bin. A trade further away is counted in ``outsideVolume`` and in no bin; ``isComplete`` is then
/// false until the reset. A trade takes constant time, a reset too; the point of control is kept
/// and not searched. Memory is taken once: 24 bytes a bin.
public struct VolumeProfile: ~Copyable {
    struct Bin: BitwiseCopyable {
        var bought: Int64 = 0
        var sold: Int64 = 0
        var tradeCount: UInt32 = 0
        /// Which reset it belongs to; older ones are empty.
        var generation: UInt32 = 0
    }

    public private(set) var binSize: Price
    let mask: Int64
    private let bins: UnsafeMutablePointer<Bin>
    private var generation: UInt32 = 1

    /// Numbers of the outermost bins with trades; meaningless before the first.
    private(set) var lowest: Int64 = 0
    private(set) var highest: Int64 = 0
    private(set) var control: Int64 = 0
    private var controlVolume: Int64 = 0
    private var bought: Int64 = 0
    private var sold: Int64 = 0
    /// Volume of trades that were too far from the others to have a bin.
    public private(set) var outsideVolume = Quantity.zero

    /// `binSize` in raw price units, a whole number of ticks. `capacity` is rounded up to a power
    /// of two, 16...1,048,576 bins.
    public init(
        binSize: Price, tickSize: Price = Price(raw: 1), capacity: Int = 4096
    ) throws(ContextFailure) {
        if binSize <= .zero { throw .notPositive("bin size") }
        if tickSize <= .zero { throw .notPositive("tick size") }
        if binSize.raw % tickSize.raw != 0 {
            throw .notWholeTicks(binSize: binSize.raw, tickSize: tickSize.raw)
        }
        if !(16...1 << 20).contains(capacity) {
            throw .outside("bins", value: Int64(capacity), allowed: 16...1 << 20)
        }
        self.binSize = binSize
        let count = 1 << (Int.bitWidth - (capacity - 1).leadingZeroBitCount)
        mask = Int64(count - 1)
        bins = .allocate(capacity: count)
        bins.initialize(repeating: Bin(), count: count)
    }

    deinit { bins.deallocate() }

    /// Counts a trade. One without a positive price and quantity changes nothing.
    @_noLocks
    public mutating func add(_ trade: Trade) {
        let size = trade.quantity.raw
        if trade.price <= .zero || size <= 0 { return }
        let number = trade.price.raw / binSize.raw
        if isEmpty {
            lowest = number
            highest = number
            control = number
            controlVolume = 0
        } else {
            let low = number < lowest ? number : lowest
            let high = number > highest ? number : highest
            if high &- low > mask {
                outsideVolume = outsideVolume.saturatingSum(trade.quantity)
                return
            }
            lowest = low
            highest = high
        }
        var bin = self[number]
        bin.generation = generation
        let (count, overflow) = bin.tradeCount.addingReportingOverflow(trade.count)
        bin.tradeCount = overflow ? .max : count
        if trade.aggressor == .buy {
            bin.bought = bin.bought.saturatingSum(size)
            bought = bought.saturatingSum(size)
        } else {
            bin.sold = bin.sold.saturatingSum(size)
            sold = sold.saturatingSum(size)
        }
        bins[Int(number & mask)] = bin
        let volume = bin.bought.saturatingSum(bin.sold)
        if volume > controlVolume || (volume == controlVolume && number < control) {
            control = number
            controlVolume = volume
        }
    }

    /// Takes bins of another size, whole ticks, while it is empty.
    @_noLocks
    mutating func take(binSize: Price) {
        precondition(isEmpty && binSize > .zero, "bins are chosen before the first trade")
        self.binSize = binSize
    }

    /// Empties it, in constant time (once in 4 billion times, in that of its capacity).
    @_noLocks
    public mutating func reset() {
        generation &+= 1
        if generation == 0 {
            bins.update(repeating: Bin(), count: Int(mask) &+ 1)
            generation = 1
        }
        bought = 0
        sold = 0
        outsideVolume = .zero
    }

    // MARK: - Questions

    /// Every trade since the reset has its bin.
    public var isComplete: Bool { @_noLocks get { outsideVolume == .zero } }

    public var isEmpty: Bool { @_noLocks get { bought == 0 && sold == 0 } }

    /// Bins from the lowest with trades to the highest.
    public var rowCount: Int { @_noLocks get { isEmpty ? 0 : Int(highest &- lowest) &+ 1 } }

    /// All volume in bins.
    public var volume: Quantity { @_noLocks get { Quantity(raw: bought.saturatingSum(sold)) } }

    /// Bought less sold by aggressors, of all bins.
    public var delta: Quantity { @_noLocks get { Quantity(raw: bought &- sold) } }

    /// The row with the most volume, of equals the lowest; `nil` before the first trade.
    public var pointOfControl: ProfileRow? { @_noLocks get { isEmpty ? nil : row(control) } }

    /// Row `index` from the lowest, 0..<``rowCount``; rows between trades may be empty.
    @_noLocks
    public func row(at index: Int) -> ProfileRow {
        precondition(index >= 0 && index < rowCount, "a row of the profile")
        return row(lowest &+ Int64(index))
    }

    /// The row that a price belongs to; empty where nothing was traded.
    @_noLocks
    public func row(holding price: Price) -> ProfileRow {
        let number = price.raw / binSize.raw
        if !isEmpty, price > .zero, number >= lowest, number <= highest { return row(number) }
        return ProfileRow(
            low: Price(raw: number &* binSize.raw), bought: .zero, sold: .zero, tradeCount: 0)
    }

    /// All rows from the lowest. Allocates: for reports.
    public var rows: [ProfileRow] { (0..<rowCount).map { row(at: $0) } }

    /// Volume of a bin between the outermost.
    @_noLocks
    func volume(of number: Int64) -> Int64 {
        let bin = self[number]
        return bin.bought.saturatingSum(bin.sold)
    }

    private func row(_ number: Int64) -> ProfileRow {
        let bin = self[number]
        return ProfileRow(
            low: Price(raw: number &* binSize.raw), bought: Quantity(raw: bin.bought),
            sold: Quantity(raw: bin.sold), tradeCount: bin.tradeCount)
    }

    private subscript(number: Int64) -> Bin {
        let bin = bins[Int(number & mask)]
        return bin.generation == generation ? bin : Bin()
    }
}

extension VolumeProfile {
    /// What it holds, to be saved: each bin with trades, upwards.
    public struct State: Codable, Equatable, Sendable {
        struct Bin: Codable, Equatable, Sendable {
            var number: Int64
            var bought: Int64
            var sold: Int64
            var tradeCount: UInt32
        }

        var binSize: Price
        var bins: [Bin]
        var outsideVolume: Quantity
    }

    /// Allocates.
    public var state: State {
        var state = State(binSize: binSize, bins: [], outsideVolume: outsideVolume)
        for number in isEmpty ? 0..<0 : lowest..<highest + 1 {
            let bin = self[number]
            if bin.bought == 0, bin.sold == 0 { continue }
            state.bins.append(
                State.Bin(
                    number: number, bought: bin.bought, sold: bin.sold,
                    tradeCount: bin.tradeCount))
        }
        return state
    }

    /// Whether ``restore(_:)`` takes it.
    func accepts(_ state: State) -> Bool {
        if state.binSize != binSize || state.outsideVolume < .zero { return false }
        let numbers = state.bins.map(\.number)
        guard let low = numbers.first, let high = numbers.last else {
            return state.outsideVolume == .zero
        }
        return low >= 0 && high >= low && high <= .max / binSize.raw && high - low <= mask
            && zip(numbers, numbers.dropFirst()).allSatisfy { $0 < $1 }
            && state.bins.allSatisfy { $0.bought >= 0 && $0.sold >= 0 && $0.bought | $0.sold > 0 }
    }

    /// Goes on where a profile of the same bins was; ``ContextFailure/unsound(_:)`` when none can
    /// have been there, and nothing changes.
    public mutating func restore(_ state: State) throws(ContextFailure) {
        if !accepts(state) { throw .unsound("volume profile") }
        reset()
        outsideVolume = state.outsideVolume
        lowest = state.bins.first?.number ?? 0
        highest = state.bins.last?.number ?? 0
        controlVolume = 0
        for saved in state.bins {
            bins[Int(saved.number & mask)] = Bin(
                bought: saved.bought, sold: saved.sold, tradeCount: saved.tradeCount,
                generation: generation)
            bought = bought.saturatingSum(saved.bought)
            sold = sold.saturatingSum(saved.sold)
            let volume = saved.bought.saturatingSum(saved.sold)
            if volume > controlVolume {
                control = saved.number
                controlVolume = volume
            }
        }
    }
}
