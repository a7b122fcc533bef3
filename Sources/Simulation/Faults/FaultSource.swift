import Wire

/// Decides when faults strike: a stream of numbers of its own for each kind, so that leaving one
/// kind out of a plan changes nothing about the others' dice.
final class FaultSource {
    private struct Die {
        var random: SeededRandom
        var fault: SimulationPlan.Fault
        var threshold: UInt64
        var hits = 0
        /// Rolls from here on that are known to miss, and whether the one behind them hits: most of
        /// them miss, and many at once cost less.
        var misses = 0
        var hitsThen = false

        init(random: SeededRandom, fault: SimulationPlan.Fault, threshold: UInt64) {
            (self.random, self.fault, self.threshold) = (random, fault, threshold)
            if threshold == 0 { misses = .max }
        }

        /// One roll; whether the fault has its turn.
        @inline(__always)
        mutating func strikes() -> Bool {
            if misses > 0 {
                misses -= 1
                return false
            }
            return roll()
        }

        /// What the next rolls show, up to a hit: its details are drawn right behind it.
        @inline(never)
        private mutating func roll() -> Bool {
            while !hitsThen, misses < 1_024 {
                if random.next() < threshold { hitsThen = true } else { misses += 1 }
            }
            if misses > 0 {
                misses -= 1
                return false
            }
            hitsThen = false
            hits += 1
            let turn = hits - fault.skip
            return turn >= 1 && turn <= fault.limit
        }
    }

    private let dice: UnsafeMutableBufferPointer<Die>
    /// Strikes by kind.
    private(set) var strikes: [Int]
    /// Nothing strikes any more, or ever.
    var isOver: Bool
    /// Nothing ever strikes.
    let isCalm: Bool
    private let note: (FaultKind) -> Void

    /// `note` is told of every strike.
    init(_ plan: SimulationPlan, seed: UInt64, note: @escaping (FaultKind) -> Void) {
        dice = .allocate(capacity: FaultKind.allCases.count)
        for (number, kind) in FaultKind.allCases.enumerated() {
            var mixer = SeededRandom(seed: seed ^ (UInt64(number + 1) &* 0xA24B_AED4_963E_E407))
            let fault = plan[kind] ?? SimulationPlan.Fault(rate: 0)
            let scaled = fault.rate * 0x1p64
            let threshold = scaled >= 0x1p64 ? UInt64.max : UInt64(scaled)
            dice.initializeElement(
                at: kind.place,
                to: Die(random: SeededRandom(seed: mixer.next()), fault: fault, threshold: threshold))
        }
        strikes = Array(repeating: 0, count: FaultKind.allCases.count)
        isCalm = dice.allSatisfy { $0.threshold == 0 }
        isOver = isCalm
        self.note = note
    }

    deinit {
        dice.deinitialize()
        dice.deallocate()
    }

    /// One occasion for a fault: whether it strikes.
    func strikes(_ kind: FaultKind) -> Bool {
        let place = kind.place
        if isOver || !dice[place].strikes() { return false }
        strikes[place] += 1
        note(kind)
        return true
    }

    /// A number in a range for the details of a fault that strikes.
    func number(_ kind: FaultKind, in range: ClosedRange<Int64>) -> Int64 {
        let span = UInt64(range.upperBound - range.lowerBound) + 1
        return range.lowerBound + Int64(dice[kind.place].random.next() % span)
    }
}

extension FaultKind {
    /// Its place among all.
    var place: Int { rawValue }
}
