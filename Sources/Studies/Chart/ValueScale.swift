/// Values on a vertical stretch, with round numbers beside it.
struct ValueScale {
    let lowest: Double
    let highest: Double
    private let top: Double
    private let bottom: Double

    /// Holds `lowest` to `highest` with a little air; a stretch without extent gets some.
    init(_ lowest: Double, _ highest: Double, top: Double, bottom: Double) {
        let extent = highest - lowest
        let air = extent > 0 ? extent * 0.06 : max(lowest.magnitude * 0.01, 1e-9)
        self.lowest = lowest - air
        self.highest = highest + air
        self.top = top
        self.bottom = bottom
    }

    func y(_ value: Double) -> Double {
        bottom - (value - lowest) / (highest - lowest) * (bottom - top)
    }

    /// Values at round distances with their text.
    func ticks(atMost count: Int) -> [(value: Double, text: String)] {
        let step = Self.roundStep(atLeast: (highest - lowest) / Double(count))
        let places = Self.places(of: step)
        let first = (lowest / step).rounded(.up)
        let last = (highest / step).rounded(.down)
        guard last >= first, last - first < 100 else { return [] }
        return stride(from: first, through: last, by: 1).map { number in
            (number * step, Self.text(number * step, places: places, largest: magnitude))
        }
    }

    /// A value as precise as the scale is.
    func text(_ value: Double) -> String {
        let places = Self.places(of: Self.roundStep(atLeast: (highest - lowest) / 500))
        return Self.text(value, places: places, largest: magnitude)
    }

    private var magnitude: Double { max(lowest.magnitude, highest.magnitude) }

    private static func text(_ value: Double, places: Int, largest: Double) -> String {
        for (size, suffix) in [(1e12, "T"), (1e9, "B"), (1e6, "M")] where largest >= size * 5 {
            return NumberText.decimal(value / size, places: 2) + suffix
        }
        return NumberText.decimal(value, places: places)
    }

    /// 1, 2 or 5 times a power of ten.
    private static func roundStep(atLeast least: Double) -> Double {
        var power = 1.0
        while power > least { power /= 10 }
        while power * 10 <= least { power *= 10 }
        for factor in [1.0, 2, 5] where power * factor >= least { return power * factor }
        return power * 10
    }

    /// Decimals that tell neighbours apart.
    private static func places(of step: Double) -> Int {
        var (places, scale) = (0, 1.0)
        while places < 10 && step * scale < 0.999 {
            places += 1
            scale *= 10
        }
        return places
    }
}
