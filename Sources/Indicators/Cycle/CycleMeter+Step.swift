import CLibm

extension CycleMeter {
    @inlinable @inline(__always)
    static var degreesPerRadian: Double { 57.295_779_513_082_32 }

    /// Whether ``push(_:)`` has measured anything yet.
    @inlinable @inline(__always)
    var isMeasuring: Bool { count > smootherBars }

    /// Takes the next price.
    @inlinable
    mutating func push(_ price: Double) {
        let index = count
        count &+= 1
        if index < 3 {
            priceSum += price
            weightedPrice += price * Double(index &+ 1)
            remember(price)
            return
        }
        smooth(price)
        if index < smootherBars { return }
        let adjustment = 0.54.adding(0.075, times: period)
        if index & 1 == 0 {
            let step = even.transform(smoothed, adjustment)
            odd.inPhase = odd.nextInPhase
            odd.nextInPhase = step.detrender
            measure(step)
        } else {
            let step = odd.transform(smoothed, adjustment)
            even.inPhase = even.nextInPhase
            even.nextInPhase = step.detrender
            measure(step)
        }
    }

    /// Weights 4, 3, 2, 1 over the last four prices.
    @inlinable @inline(__always)
    mutating func smooth(_ price: Double) {
        priceSum += price
        priceSum -= leavingPrice
        weightedPrice += price * 4
        leavingPrice = price3
        smoothed = weightedPrice * 0.1
        weightedPrice -= priceSum
        remember(price)
    }

    @inlinable @inline(__always)
    mutating func remember(_ price: Double) {
        price3 = price2
        price2 = price1
        price1 = price
    }

    @inlinable @inline(__always)
    mutating func measure(_ step: HilbertStep) {
        inPhase = step.inPhase
        quadrature = step.quadrature
        let q2 = (0.8 * previousQ2).adding(0.2, times: quadrature + step.inPhaseTurned)
        let i2 = (0.8 * previousI2).adding(0.2, times: inPhase - step.quadratureTurned)
        real = (0.2 * (q2 * previousQ2).adding(i2, times: previousI2)).adding(0.8, times: real)
        imaginary = (0.2 * (i2 * previousQ2 - q2 * previousI2)).adding(0.8, times: imaginary)
        previousQ2 = q2
        previousI2 = i2
        advancePeriod()
    }

    @inlinable @inline(__always)
    mutating func advancePeriod() {
        let before = period
        if imaginary != 0 && real != 0 {
            period = 360 / (clibm_atan(imaginary / real) * Self.degreesPerRadian)
        }
        if period > 1.5 * before { period = 1.5 * before }
        if period < 0.67 * before { period = 0.67 * before }
        if period < 6 { period = 6 } else if period > 50 { period = 50 }
        period = (0.8 * before).adding(0.2, times: period)
        smoothPeriod = (0.33 * period).adding(0.67, times: smoothPeriod)
    }
}
