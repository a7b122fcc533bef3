import MarketContext
import MarketModel

/// Candles side by side, with times in UTC where a round one begins.
struct TimeScale {
    private let times: [Timestamp]
    let count: Int
    private let left: Double
    /// From one candle to the next.
    let pitch: Double

    init(_ times: [Timestamp], count: Int, left: Double, right: Double) {
        self.times = times
        self.count = count
        self.left = left
        pitch = (right - left) / Double(count)
    }

    /// The middle of a candle.
    func x(_ place: Int) -> Double { left + (Double(place) + 0.5) * pitch }

    struct Tick {
        let place: Int
        let text: String
        let isDay: Bool
    }

    /// At most `limit` of them: the first candle at or after each round time.
    func ticks(atMost limit: Int) -> [Tick] {
        if times.isEmpty { return numbers(atMost: limit) }
        for minutes: Int64 in [1, 5, 15, 30, 60, 120, 240, 360, 720, 1440, 2880, 7200] {
            let length = minutes * 60_000_000_000
            let found = changes { $0.nanoseconds / length }
            if found.count <= limit { return found.map { tick($0, isDaily: minutes >= 1440) } }
        }
        for months: Int64 in [1, 3, 6, 12, 60] {
            let found = changes { time in
                let date = TimeText.date(time)
                return (date.year * 12 + date.month - 1) / months
            }
            if found.count <= limit || months == 60 { return found.map(monthTick) }
        }
        return []
    }

    /// Candles that begin another period than the one before.
    private func changes(_ period: (Timestamp) -> Int64) -> [Int] {
        times.indices.dropFirst().filter { period(times[$0]) != period(times[$0 - 1]) }
    }

    private func tick(_ place: Int, isDaily: Bool) -> Tick {
        let date = TimeText.date(times[place])
        let isDay = times[place].utcDay != times[place - 1].utcDay
        let text = isDay ? "\(date.day) \(TimeText.month(date))" : TimeText.clock(times[place])
        return Tick(place: place, text: text, isDay: isDay && !isDaily)
    }

    private func monthTick(_ place: Int) -> Tick {
        let date = TimeText.date(times[place])
        let isYear = date.year != TimeText.date(times[place - 1]).year
        return Tick(
            place: place, text: isYear ? "\(date.year)" : TimeText.month(date), isDay: isYear)
    }

    private func numbers(atMost limit: Int) -> [Tick] {
        let step = max(1, (count + limit - 1) / limit)
        return stride(from: 0, to: count, by: step).map {
            Tick(place: $0, text: "\($0)", isDay: false)
        }
    }
}
