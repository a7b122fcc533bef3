import Foundation
import MarketContext
import MarketModel
import TickToTrade

/// The market contexts that strategies ask for, with their sessions placed in UTC.
enum ContextPlanning {
    /// What one strategy asks for; `nil` settings for nothing.
    struct Wish {
        var strategy: String
        var instruments: [Instrument]
        var settings: ContextSettings?
        var warmUp = Nanoseconds.zero
    }

    /// The longest that trades may be asked for.
    private static let longestWarmUp = Nanoseconds(7 * Nanoseconds.day.count)

    /// Enough for the whole of last month, whatever the day.
    static let warmUp = WarmUp(interval: .day, duration: Nanoseconds(62 * Nanoseconds.day.count))

    /// Days whose sessions are known. Fixed, and wide enough for recorded markets: the sessions of
    /// a replay must not depend on the day on which it is run.
    private static let firstDay = CivilDate(year: 2015, month: 1, day: 1)
    private static let lastDay = CivilDate(year: 2045, month: 12, day: 31)

    /// The contexts of all strategies, by slot; each is tried here, so that a lane cannot fail with
    /// it.
    static func plan(
        _ wishes: [Wish],
        zoneDirectory: String = "/usr/share/zoneinfo"
    ) throws(StartFailure) -> ContextPlan {
        var boundaries: [SessionCalendar: [SessionBoundary]] = [:]
        for wish in wishes {
            guard let settings = wish.settings else { continue }
            guard (.zero...longestWarmUp).contains(wish.warmUp) else {
                throw .unusable(
                    "the market context of strategy \(wish.strategy): a warm-up of "
                        + "\(wish.warmUp.count) ns, accepted: up to seven days")
            }
            do throws(ContextFailure) {
                let calendar = settings.calendar
                if boundaries[calendar] == nil {
                    boundaries[calendar] = try SessionPlan(
                        calendar, zones: zones(calendar.zones, in: zoneDirectory)
                    ).boundaries(from: firstDay, through: lastDay)
                }
                let table = try SessionTable(
                    boundaries[calendar] ?? [], sessionCount: calendar.names.count)
                for instrument in wish.instruments {
                    _ = try InstrumentContext(settings, sessions: table, instrument: instrument)
                }
            } catch {
                throw .unusable("the market context of strategy \(wish.strategy): \(error.words)")
            }
        }
        var plan = ContextPlan(boundaries: boundaries)
        for (slot, wish) in wishes.enumerated() {
            guard let settings = wish.settings else { continue }
            for instrument in wish.instruments {
                plan.add(
                    settings, instrument: instrument.index.slot, strategy: slot,
                    warmUp: wish.warmUp)
            }
        }
        return plan
    }

    /// The system's own rules of these zones.
    private static func zones(
        _ names: Set<String>, in directory: String
    ) throws(ContextFailure) -> [String: TimeZoneRules] {
        var zones: [String: TimeZoneRules] = [:]
        for name in names where name != "UTC" {
            let file = URL(fileURLWithPath: directory).appendingPathComponent(name)
            guard !name.contains(".."), let bytes = try? Data(contentsOf: file) else {
                throw .timeZone("no zone \(name) in \(directory) (package tzdata)")
            }
            zones[name] = try TimeZoneRules(file: [UInt8](bytes))
        }
        return zones
    }
}

extension ContextFailure {
    /// For people.
    package var words: String {
        switch self {
        case .notPositive(let what): "\(what) must be above zero"
        case .notWholeTicks(let binSize, let tickSize):
            "a bin of \(binSize) is not a whole number of ticks of \(tickSize)"
        case .outside(let what, let value, let allowed):
            "\(what) is \(value), accepted: \(allowed.lowerBound) to \(allowed.upperBound)"
        case .contradiction(let what): what
        case .unsound(let what): "the saved \(what) cannot be gone on with"
        case .timeZone(let what): "time zone: \(what)"
        }
    }
}
