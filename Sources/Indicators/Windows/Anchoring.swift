/// A sum that moves with its window keeps a rounding error of everything that ever passed: a single
/// bad tick, a million times too high, would be felt for ever. So such sums are taken anew from the
/// window every 65,536 inputs. Until the first time they equal TA-Lib's bit for bit.
extension Ring {
    @inlinable @inline(__always)
    var isAnchorDue: Bool { pushed & 0xFFFF == 0 }

    /// Pushes with which the next one is due.
    @inlinable @inline(__always)
    var nextAnchor: Int { (pushed | 0xFFFF) &+ 1 }
}

extension Ring<Double> {
    /// The sum of a full window, the oldest first.
    @inlinable @inline(__always)
    func sum() -> Double { sum(ofNewest: length) }

    /// The sum of the newest `count`, the oldest first.
    @inlinable @inline(never)
    func sum(ofNewest count: Int) -> Double {
        var sum = 0.0
        var age = count &- 1
        while age >= 0 {
            sum += self[age]
            age &-= 1
        }
        return sum
    }
}

extension Ring<SIMD2<Double>> {
    /// The sums of the newest `count` pairs, the oldest first.
    @inlinable @inline(never)
    func sums(ofNewest count: Int) -> SIMD2<Double> {
        var sums = SIMD2<Double>()
        var age = count &- 1
        while age >= 0 {
            sums += self[age]
            age &-= 1
        }
        return sums
    }
}

extension Ring<SIMD4<Double>> {
    /// The sums of a full window, the oldest first.
    @inlinable @inline(never)
    func sum() -> SIMD4<Double> {
        var sums = SIMD4<Double>()
        var age = length &- 1
        while age >= 0 {
            sums += self[age]
            age &-= 1
        }
        return sums
    }
}
