import CLibm

// Loops over rows that have no state, so that a compiler takes several rows at a time.

extension UnsafeMutableBufferPointer<Double> {
    /// `value` of each row of one column.
    @inlinable @inline(__always)
    func fill(_ one: [Double], _ value: (Double) -> Double) {
        one.withUnsafeBufferPointer { one in
            for row in 0..<Swift.min(count, one.count) { self[row] = value(one[row]) }
        }
    }

    /// Square roots, four at a time; NaN of negative numbers.
    @inlinable @inline(__always)
    func fillRoots(_ one: [Double]) {
        let count = Swift.min(self.count, one.count)
        let whole = count & ~3
        one.withUnsafeBytes { bytes in
            let values = UnsafeMutableRawPointer(baseAddress)
            for row in Swift.stride(from: 0, to: whole, by: 4) {
                let four = bytes.loadUnaligned(fromByteOffset: row &* 8, as: SIMD4<Double>.self)
                values?.storeBytes(
                    of: clibm_sqrts(four), toByteOffset: row &* 8, as: SIMD4<Double>.self)
            }
        }
        for row in whole..<count { self[row] = clibm_sqrt(one[row]) }
    }

    @inlinable @inline(__always)
    func fill(_ one: [Double], _ two: [Double], _ value: (Double, Double) -> Double) {
        one.withUnsafeBufferPointer { one in
            two.withUnsafeBufferPointer { two in
                for row in 0..<Swift.min(count, one.count, two.count) {
                    self[row] = value(one[row], two[row])
                }
            }
        }
    }

    @inlinable @inline(__always)
    func fill(
        _ one: [Double], _ two: [Double], _ three: [Double],
        _ value: (Double, Double, Double) -> Double
    ) {
        fill(one, two, three, three) { first, second, third, _ in value(first, second, third) }
    }

    @inlinable @inline(__always)
    func fill(
        _ one: [Double], _ two: [Double], _ three: [Double], _ four: [Double],
        _ value: (Double, Double, Double, Double) -> Double
    ) {
        let count = [one.count, two.count, three.count, four.count].reduce(count, Swift.min)
        one.withUnsafeBufferPointer { one in
            two.withUnsafeBufferPointer { two in
                three.withUnsafeBufferPointer { three in
                    four.withUnsafeBufferPointer { four in
                        for row in 0..<count {
                            self[row] = value(one[row], two[row], three[row], four[row])
                        }
                    }
                }
            }
        }
    }

    /// `value` of a row and the one `distance` before it; NaN where there is none.
    @inlinable @inline(__always)
    func fill(
        _ one: [Double], distance: Int, _ value: (_ now: Double, _ before: Double) -> Double
    ) {
        let count = Swift.min(self.count, one.count)
        let late = Swift.min(distance, count)
        for row in 0..<late { self[row] = .nan }
        one.withUnsafeBufferPointer { one in
            for row in late..<count { self[row] = value(one[row], one[row &- late]) }
        }
    }
}

extension Double {
    /// Itself, or NaN for what is infinite: that less itself is no number.
    @inlinable @inline(__always)
    var orNaN: Double { self - (self - self) }
}
