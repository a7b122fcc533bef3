/// The highest or the lowest of the last `period` samples, for periods up to `capacity`.
///
/// A monotonic deque in place: a sample evicts all that it beats, so the front is always the
/// extreme. O(1) amortised, at most `period` steps, no allocation.
@frozen
public struct RollingExtreme<let capacity: Int>: BitwiseCopyable, Sendable {
    @frozen
    public enum Kind: UInt8, BitwiseCopyable, Sendable {
        case highest
        case lowest
    }

    @usableFromInline let period: Int
    /// -1 turns the lowest into the highest.
    @usableFromInline let sign: Double
    @usableFromInline var samples = InlineArray<capacity, Double>(repeating: 0)
    @usableFromInline var numbers = InlineArray<capacity, Int>(repeating: 0)
    @usableFromInline var front = 0
    @usableFromInline var length = 0
    @usableFromInline var seen = 0

    /// `period` from 1 to `capacity`.
    @inlinable
    public init(_ kind: Kind, period: Int) {
        precondition(period > 0 && period <= capacity, "the window fits its capacity")
        self.period = period
        sign = kind == .highest ? 1 : -1
    }

    /// Whether the window is full.
    @inlinable @inline(__always)
    public var isReady: Bool { seen >= period }

    /// The extreme of the window; NaN until it is full.
    @inlinable @inline(__always)
    public var value: Double { isReady ? sign * samples[front] : .nan }

    /// Samples are numbers, not NaN.
    @inlinable @inline(__always)
    public mutating func update(_ sample: Double) {
        let oriented = sign * sample
        if length > 0, numbers[front] <= seen &- period {
            front = front &+ 1 == capacity ? 0 : front &+ 1
            length &-= 1
        }
        var back = slot(length &- 1)
        while length > 0, samples[back] <= oriented {
            length &-= 1
            back = back == 0 ? capacity &- 1 : back &- 1
        }
        let free = slot(length)
        samples[free] = oriented
        numbers[free] = seen
        length &+= 1
        seen &+= 1
    }

    /// The value that `sample` would give as the next one.
    @inlinable @inline(__always)
    public func peek(_ sample: Double) -> Double {
        if seen &+ 1 < period { return .nan }
        let isLeaving = length > 0 && numbers[front] <= seen &- period
        let remaining = isLeaving ? length &- 1 : length
        let oriented = sign * sample
        if remaining == 0 { return sample }
        let best = samples[isLeaving ? slot(1) : front]
        return sign * (best > oriented ? best : oriented)
    }

    /// The place of the deque's element `index`, -1...capacity.
    @inlinable @inline(__always)
    func slot(_ index: Int) -> Int {
        let place = front &+ index
        if place >= capacity { return place &- capacity }
        return place < 0 ? place &+ capacity : place
    }
}
