import MarketModel

/// When a market place is awake, by its own clocks.
public struct TradingSession: Hashable, Sendable {
    public var name: String
    /// Its time zone in the system's database: `Europe/London`.
    public var zone: String
    /// Seconds after local midnight, 0..<86,400.
    public var opens: Int64
    /// Seconds after local midnight, 1...86,400; at or before ``opens`` it is the next day's.
    public var closes: Int64
    /// Days on which it opens, 0 Sunday ... 6 Saturday.
    public var weekdays: Set<Int64>
    /// Days on which it does not open: a calendar of one's own.
    public var holidays: Set<CivilDate>

    public init(
        _ name: String, in zone: String, opens: Int64, closes: Int64,
        weekdays: Set<Int64> = Set(0...6), holidays: Set<CivilDate> = []
    ) {
        self.name = name
        self.zone = zone
        self.opens = opens
        self.closes = closes
        self.weekdays = weekdays
        self.holidays = holidays
    }
}

/// The sessions that a market is watched by; up to 16 with the overlaps.
public struct SessionCalendar: Hashable, Sendable {
    /// The time in which two sessions are open together, as a session of its own.
    public struct Overlap: Hashable, Sendable {
        public var name: String
        /// Places in ``SessionCalendar/sessions``.
        public var first: Int
        public var second: Int

        public init(_ name: String, of first: Int, and second: Int) {
            self.name = name
            self.first = first
            self.second = second
        }
    }

    public var sessions: [TradingSession]
    public var overlaps: [Overlap]

    public init(_ sessions: [TradingSession], overlaps: [Overlap] = []) {
        self.sessions = sessions
        self.overlaps = overlaps
    }

    /// No session.
    public static let none = SessionCalendar([])

    /// Asia (Tokyo 09:00–18:00), London (08:00–17:00), New York (08:00–17:00) and the overlap of
    /// the last two, every day of the week: local times, whatever UTC makes of them (BUG-167).
    public static let standard = SessionCalendar(
        [
            TradingSession("asia", in: "Asia/Tokyo", opens: 9 * 3600, closes: 18 * 3600),
            TradingSession("london", in: "Europe/London", opens: 8 * 3600, closes: 17 * 3600),
            TradingSession("new_york", in: "America/New_York", opens: 8 * 3600, closes: 17 * 3600),
        ], overlaps: [Overlap("overlap", of: 1, and: 2)])

    /// Names by session number: the sessions, then the overlaps.
    public var names: [String] { sessions.map(\.name) + overlaps.map(\.name) }

    /// The zones whose rules it takes to place it in UTC.
    public var zones: Set<String> { Set(sessions.map(\.zone)) }

    /// What an event says to people: `london opened, open: asia, london` (CTX-10).
    public func text(of event: SessionEvent) -> String {
        let names = names
        let open = names.indices.filter { event.open.contains(SessionIndex(UInt8($0))) }
        let what = event.opens ? "opened" : "closed"
        let rest = open.isEmpty ? "none" : open.map { names[$0] }.joined(separator: ", ")
        return "\(names[Int(event.session.raw)]) \(what), open: \(rest)"
    }
}

/// A calendar with the rules of its zones: what the table of UTC moments is made from. Cold.
public struct SessionPlan: Sendable {
    private let sessions: [(hours: TradingSession, zone: TimeZoneRules)]
    private let overlaps: [SessionCalendar.Overlap]

    /// Zones by their names; ``TimeZoneRules/utc`` need not be among them.
    public init(
        _ calendar: SessionCalendar, zones: [String: TimeZoneRules]
    ) throws(ContextFailure) {
        let count = Int64(calendar.names.count)
        if count > 16 { throw .outside("sessions", value: count, allowed: 0...16) }
        var sessions: [(hours: TradingSession, zone: TimeZoneRules)] = []
        for session in calendar.sessions {
            if !(0..<86_400).contains(session.opens) {
                throw .outside("opens", value: session.opens, allowed: 0...86_399)
            }
            if !(1...86_400).contains(session.closes) {
                throw .outside("closes", value: session.closes, allowed: 1...86_400)
            }
            let known = session.zone == "UTC" ? TimeZoneRules.utc : nil
            guard let zone = zones[session.zone] ?? known else {
                throw .timeZone("no rules for \(session.zone)")
            }
            sessions.append((session, zone))
        }
        for overlap in calendar.overlaps {
            for place in [overlap.first, overlap.second] where !sessions.indices.contains(place) {
                throw .outside(
                    "overlap", value: Int64(place), allowed: 0...Int64(max(sessions.count - 1, 0)))
            }
        }
        self.sessions = sessions
        overlaps = calendar.overlaps
    }

    /// Every opening and closing of sessions that open on the days from `first` through `last`,
    /// in the order of time, closings first.
    public func boundaries(from first: CivilDate, through last: CivilDate) -> [SessionBoundary] {
        var spans: [[(open: Timestamp, close: Timestamp)]] = []
        for session in sessions {
            spans.append(Self.spans(of: session.hours, session.zone, from: first, through: last))
        }
        for overlap in overlaps {
            spans.append(Self.common(spans[overlap.first], spans[overlap.second]))
        }
        var boundaries: [SessionBoundary] = []
        for (number, spans) in spans.enumerated() {
            let session = SessionIndex(UInt8(number))
            for span in spans {
                boundaries.append(SessionBoundary(span.open, session, opens: true))
                boundaries.append(SessionBoundary(span.close, session, opens: false))
            }
        }
        boundaries.sort {
            ($0.time.nanoseconds, $0.opens ? 1 : 0, $0.session.raw)
                < ($1.time.nanoseconds, $1.opens ? 1 : 0, $1.session.raw)
        }
        var open = SessionSet()
        for index in boundaries.indices {
            let bit = SessionSet(boundaries[index].session)
            open = boundaries[index].opens ? open.union(bit) : open.subtracting(bit)
            boundaries[index].open = open
        }
        return boundaries
    }

    private static func spans(
        of session: TradingSession, _ zone: TimeZoneRules, from first: CivilDate,
        through last: CivilDate
    ) -> [(open: Timestamp, close: Timestamp)] {
        var spans: [(open: Timestamp, close: Timestamp)] = []
        for number in first.dayNumber...max(first.dayNumber, last.dayNumber) {
            let date = CivilDate(dayNumber: number)
            if !session.weekdays.contains(date.weekday) || session.holidays.contains(date) {
                continue
            }
            let next = session.closes <= session.opens
            let open = zone.moment(date, secondOfDay: session.opens)
            let close = zone.moment(
                CivilDate(dayNumber: next ? number + 1 : number), secondOfDay: session.closes)
            // Clocks may be put forward over all of it.
            if close > open { spans.append((open, close)) }
        }
        return spans
    }

    private static func common(
        _ first: [(open: Timestamp, close: Timestamp)],
        _ second: [(open: Timestamp, close: Timestamp)]
    ) -> [(open: Timestamp, close: Timestamp)] {
        var common: [(open: Timestamp, close: Timestamp)] = []
        var other = 0
        for span in first {
            while other < second.count, second[other].close <= span.open { other += 1 }
            var next = other
            while next < second.count, second[next].open < span.close {
                let open = max(span.open, second[next].open)
                let close = min(span.close, second[next].close)
                if open < close { common.append((open, close)) }
                next += 1
            }
        }
        return common
    }
}
