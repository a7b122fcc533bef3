import MarketContext
import MarketModel
import TickToTrade

/// Tells people when sessions open and close, by what the lane shows (CTX-10).
struct SessionWatch {
    private let calendars: [SessionCalendar]
    /// What was open at the last look; `nil` before the first, or while no calendar knew.
    private var open: [SessionSet?]

    init(_ plan: ContextPlan) {
        // Once for each calendar: all instruments keep the same hours.
        var calendars: [SessionCalendar] = []
        for entry in plan.entries
        where !calendars.contains(entry.settings.calendar) && !entry.settings.calendar.names.isEmpty {
            calendars.append(entry.settings.calendar)
        }
        self.calendars = calendars
        open = calendars.map { _ in nil }
    }

    /// Sentences about what has changed since the last look, such as `london opened, open: asia,
    /// london`.
    mutating func look(_ published: [ContextSummary], _ plan: ContextPlan) -> [String] {
        var sentences: [String] = []
        for (place, calendar) in calendars.enumerated() {
            // The instrument that is furthest: markets are as late as their last trade.
            let newest = zip(plan.entries, published)
                .filter { $0.0.settings.calendar == calendar && $0.1.knowsSessions }
                .max { $0.1.clock < $1.1.clock }?.1
            guard let newest, !newest.isCatchingUp else { continue }
            if let before = open[place], before != newest.openSessions {
                for number in calendar.names.indices {
                    let session = SessionIndex(UInt8(number))
                    let isOpen = newest.openSessions.contains(session)
                    if isOpen == before.contains(session) { continue }
                    var event = SessionEvent(newest.clock, session, opens: isOpen)
                    event.open = newest.openSessions
                    sentences.append(calendar.text(of: event))
                }
            }
            open[place] = newest.openSessions
        }
        return sentences
    }
}
