import Glibc
import MarketContext
import MarketModel

extension ContextStudy {
    /// The sessions of a calendar around the days of a tape, by the system's own zone rules.
    static func table(
        _ calendar: SessionCalendar, _ tape: TradeTape, _ zoneDirectory: String
    ) throws(ContextFailure) -> SessionTable {
        guard let first = tape.trades.first, let last = tape.trades.last,
            !calendar.names.isEmpty
        else { return SessionTable() }
        var zones: [String: TimeZoneRules] = [:]
        for name in calendar.zones {
            guard let bytes = bytes(of: zoneDirectory + "/" + name) else {
                throw .timeZone("no zone \(name) in \(zoneDirectory) (package tzdata)")
            }
            zones[name] = try TimeZoneRules(file: bytes)
        }
        let start = CivilDate(dayNumber: first.venueTime.utcDay - 4)
        let end = CivilDate(dayNumber: last.venueTime.utcDay + 4)
        let boundaries = try SessionPlan(calendar, zones: zones).boundaries(
            from: start, through: end)
        return try SessionTable(boundaries, sessionCount: calendar.names.count)
    }

    private static func bytes(of path: String) -> [UInt8]? {
        guard let file = fopen(path, "rb") else { return nil }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 4_096)
        while true {
            let count = fread(&part, 1, part.count, file)
            if count == 0 { return bytes }
            bytes += part[..<count]
        }
    }
}
