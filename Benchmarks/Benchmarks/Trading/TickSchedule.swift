/// When ticks are sent, and which of them ask for an order: open loop, whatever the answers do.
struct TickSchedule: Sendable, Equatable {
    var name: String
    /// Moments at which ticks are sent, a second.
    var moments: Int
    /// Ticks sent at each moment.
    var burst: Int
    /// Ticks for each order.
    var every: Int
    /// Ticks in all.
    var count: Int

    /// The rates of the latency record, each for `seconds`.
    ///
    /// The faster, the fewer ticks ask for an order: the exchange answers each with some 20 us of
    /// its own work, which must not delay the ticks that are measured.
    static func standard(seconds: Double) -> [TickSchedule] {
        func steady(_ name: String, _ rate: Int, _ every: Int) -> TickSchedule {
            let count = max(every * 24, Int(Double(rate) * seconds))
            return TickSchedule(name: name, moments: rate, burst: 1, every: every, count: count)
        }
        let moments = max(24, Int(1_000 * seconds))
        return [
            steady("1k/s", 1_000, 1), steady("10k/s", 10_000, 4), steady("20k/s", 20_000, 4),
            steady("50k/s", 50_000, 20), steady("100k/s", 100_000, 50),
            TickSchedule(
                name: "bursts of 10, 1k/s", moments: 1_000, burst: 10, every: 10,
                count: moments * 10),
        ]
    }

    /// How far a tick's update number lies above the schedule's first: only those that ask for an
    /// order are multiples of ``SampleTicks/step``.
    func update(of tick: Int) -> Int64 {
        Int64(tick / every * SampleTicks.step + tick % every)
    }

    /// Nanoseconds from the first moment to the one of a tick.
    func offset(of tick: Int) -> Double { Double(tick / burst) * 1e9 / Double(moments) }

    /// How far apart its orders lie, in words.
    var spacing: String {
        let ticks = every == 1 ? "each tick" : "one of \(every) ticks"
        let orders = Double(moments * burst) / Double(every)
        let microseconds = 1e6 / orders
        let gap =
            microseconds < 1_000
            ? "\(Int(microseconds.rounded())) us" : "\(Int((microseconds / 1_000).rounded())) ms"
        return "\(name) \(ticks), \(gap)"
    }

    /// Orders that an engine which misses nothing sends.
    var orders: Int { (count + every - 1) / every }
}

extension TickSchedule {
    /// One line for another process.
    var line: String { "\(moments) \(burst) \(every) \(count)" }

    init?(line: some StringProtocol) {
        let numbers = line.split(separator: " ").compactMap { Int($0) }
        guard numbers.count == 4, numbers.allSatisfy({ $0 > 0 }) else { return nil }
        self.init(
            name: "", moments: numbers[0], burst: numbers[1], every: numbers[2], count: numbers[3])
    }
}
