import MarketContext
import MarketModel
import Testing

@Suite struct SessionTests {
    static let asia = SessionIndex(0)
    static let london = SessionIndex(1)
    static let newYork = SessionIndex(2)
    static let overlap = SessionIndex(3)

    private func plan(_ calendar: SessionCalendar = .standard) throws -> SessionPlan {
        var zones: [String: TimeZoneRules] = [:]
        for name in calendar.zones { zones[name] = try SystemZones.rules(name) }
        return try SessionPlan(calendar, zones: zones)
    }

    /// Every boundary of a year, as `month-day hour:minute`.
    private func openings(
        _ session: SessionIndex, _ plan: SessionPlan, _ dates: [(Int64, Int64)]
    ) -> [Int64] {
        dates.map { month, day in
            let date = CivilDate(year: 2024, month: month, day: day)
            let boundary = plan.boundaries(from: date, through: date)
                .first { $0.session == session && $0.opens }
            return boundary.map { ($0.time - date.start).count / 3_600_000_000_000 } ?? -1
        }
    }

    // BUG-167, CTX-09
    @Test func `sessions keep their local hours when the clocks change`() throws {
        let plan = try plan()
        // Winter; New York has changed and London has not; both have; London is back first.
        let dates: [(Int64, Int64)] = [(1, 15), (3, 20), (7, 1), (10, 29)]
        #expect(openings(Self.asia, plan, dates) == [0, 0, 0, 0])
        #expect(openings(Self.london, plan, dates) == [8, 8, 7, 8])
        #expect(openings(Self.newYork, plan, dates) == [13, 12, 12, 12])
        #expect(openings(Self.overlap, plan, dates) == [13, 12, 12, 12])
    }

    private func isOpen(
        _ session: TradingSession, _ zone: TimeZoneRules, at seconds: Int64
    ) -> Bool {
        let local = seconds + zone.offset(at: seconds)
        let second = local % 86_400
        return session.opens < session.closes
            ? second >= session.opens && second < session.closes
            : second >= session.opens || second < session.closes
    }

    @Test func `at any moment those are open whose local clocks say so`() throws {
        let night = TradingSession(
            "night", in: "Australia/Sydney", opens: 22 * 3600, closes: 5 * 3600)
        var calendar = SessionCalendar.standard
        calendar.sessions.append(night)
        let zones = try calendar.sessions.map { try SystemZones.rules($0.zone) }
        let plan = try plan(calendar)
        let first = CivilDate(year: 2023, month: 12, day: 1)
        let boundaries = plan.boundaries(
            from: first, through: CivilDate(year: 2026, month: 1, day: 31))
        var tracker = SessionTracker(try SessionTable(boundaries, sessionCount: 5))
        let start = (first.dayNumber + 2) * 86_400
        for seconds in stride(from: start, to: start + 750 * 86_400, by: 900) {
            let now = Timestamp(milliseconds: seconds * 1000)
            while tracker.advance(to: now) != nil {}
            let states = zip(calendar.sessions, zones).map { isOpen($0, $1, at: seconds) }
            let open = tracker.open
            for (number, state) in states.enumerated() {
                #expect(open.contains(SessionIndex(UInt8(number))) == state, "\(number) \(seconds)")
            }
            #expect(open.contains(SessionIndex(4)) == (states[1] && states[2]))
            let isActive = tracker.isActive
            #expect(isActive == states.contains(true))
        }
    }

    // CTX-10
    @Test func `each boundary is reported once, in order, however the clock jumps`() throws {
        let boundaries = try plan().boundaries(
            from: CivilDate(year: 2024, month: 2, day: 1),
            through: CivilDate(year: 2024, month: 12, day: 1))
        let start = try #require(boundaries.first).time
        var numbers = SplitMix(seed: 31)
        var tracker = SessionTracker(try SessionTable(boundaries, sessionCount: 5))
        var time = start + .seconds(3600)
        var reported: [SessionEvent] = []
        while time < .init(milliseconds: 1_735_000_000_000) {
            while let event = tracker.advance(to: time) {
                reported.append(event)
                #expect(event.time <= time)
            }
            let isDue = tracker.nextChange <= time
            #expect(!isDue)
            time = time + .seconds(Int64.random(in: 0...200_000, using: &numbers))
        }
        #expect(reported == Array(boundaries.drop { $0.time <= start + .seconds(3600) }))
        let isCovered = tracker.isCovered
        #expect(!isCovered)
    }

    @Test func `the first moment places it without events`() throws {
        let day = CivilDate(year: 2024, month: 1, day: 15)
        let boundaries = try plan().boundaries(
            from: CivilDate(year: 2024, month: 1, day: 1), through: day)
        var tracker = SessionTracker(try SessionTable(boundaries, sessionCount: 5))
        let none = tracker.nextChange
        #expect(none == .never)
        let event = tracker.advance(to: day.start + .seconds(14 * 3600))
        #expect(event == nil)
        let open = tracker.open
        #expect(open.contains(Self.london) && open.contains(Self.newYork))
        #expect(open.contains(Self.overlap) && !open.contains(Self.asia))
        let opening = tracker.opening(of: Self.london)
        #expect(opening == day.start + .seconds(8 * 3600))
        let closed = tracker.opening(of: Self.asia)
        #expect(closed == nil)
        let change = tracker.nextChange
        #expect(change == day.start + .seconds(17 * 3600))
    }

    @Test func `events are told in words`() throws {
        let plan = try plan()
        let day = CivilDate(year: 2024, month: 1, day: 15)
        let texts = plan.boundaries(from: day, through: day)
            .map { SessionCalendar.standard.text(of: $0) }
        #expect(
            texts == [
                "asia opened, open: asia", "london opened, open: asia, london",
                "asia closed, open: london", "new_york opened, open: london, new_york",
                "overlap opened, open: london, new_york, overlap",
                "london closed, open: new_york, overlap", "overlap closed, open: new_york",
                "new_york closed, open: none",
            ])
    }

    @Test func `a calendar of one's own skips days`() throws {
        let christmas = CivilDate(year: 2024, month: 12, day: 25)
        let desk = TradingSession(
            "desk", in: "UTC", opens: 0, closes: 86_400, weekdays: [1, 2, 3, 4, 5],
            holidays: [christmas])
        let plan = try plan(SessionCalendar([desk]))
        let opened = plan.boundaries(
            from: CivilDate(year: 2024, month: 12, day: 20),
            through: CivilDate(year: 2024, month: 12, day: 31)
        ).filter(\.opens).map { CivilDate(dayNumber: $0.time.utcDay).day }
        #expect(opened == [20, 23, 24, 26, 27, 30, 31])
    }

    @Test func `sessions that cannot be are refused`() throws {
        func failure(
            _ session: TradingSession, _ overlaps: [SessionCalendar.Overlap] = []
        ) -> ContextFailure? {
            do throws(ContextFailure) {
                _ = try SessionPlan(SessionCalendar([session], overlaps: overlaps), zones: [:])
                return nil
            } catch {
                return error
            }
        }
        let valid = TradingSession("one", in: "UTC", opens: 0, closes: 1)
        #expect(failure(valid) == nil)
        #expect(
            failure(TradingSession("late", in: "UTC", opens: 86_400, closes: 1))
                == .outside("opens", value: 86_400, allowed: 0...86_399))
        #expect(
            failure(TradingSession("never", in: "UTC", opens: 1, closes: 0))
                == .outside("closes", value: 0, allowed: 1...86_400))
        #expect(
            failure(TradingSession("where", in: "Atlantis", opens: 0, closes: 1))
                == .timeZone("no rules for Atlantis"))
        #expect(
            failure(valid, [.init("two", of: 0, and: 1)])
                == .outside("overlap", value: 1, allowed: 0...0))
    }
}
