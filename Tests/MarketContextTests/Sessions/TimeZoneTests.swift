import MarketContext
import MarketModel
import Testing

@Suite struct TimeZoneTests {
    @Test(arguments: SystemZones.names)
    func `offsets are those of the system, before and after the last transition`(
        zone: String
    ) throws {
        let rules = try SystemZones.rules(zone)
        var numbers = SplitMix(seed: 5)
        var moments = (0..<3_000).map { _ in
            Int64.random(in: 0...4_100_000_000, using: &numbers)
        }
        // The seconds around each change, which random moments miss.
        for day in stride(from: 0, to: 4_100_000_000, by: 86_400) as StrideTo<Int64>
        where rules.offset(at: day) != rules.offset(at: day + 86_400) {
            var (before, after) = (day, day + 86_400)
            while after - before > 1 {
                let middle = (before + after) / 2
                if rules.offset(at: middle) == rules.offset(at: day) {
                    before = middle
                } else {
                    after = middle
                }
            }
            moments += [before - 3600, before, after, after + 3600]
        }
        let expected = try SystemZones.offsets(zone, at: moments)
        #expect(moments.map { rules.offset(at: $0) } == expected)
    }

    @Test(arguments: SystemZones.names)
    func `a local time becomes the moment at which clocks show it`(zone: String) throws {
        let rules = try SystemZones.rules(zone)
        for day in 11_000..<18_000 as Range<Int64> {
            let date = CivilDate(dayNumber: day)
            for second in [0, 3_600, 5_400, 9_000, 43_200] as [Int64] {
                let moment = rules.moment(date, secondOfDay: second).milliseconds / 1000
                let shown = moment + rules.offset(at: moment) - day * 86_400
                // Put forward over it: later by what was skipped, never more than two hours.
                #expect(shown >= second && shown - second <= 7_200, "\(date) \(second)")
            }
        }
    }

    @Test func `a time shown twice is the first, one never shown is later`() throws {
        let london = try SystemZones.rules("Europe/London")
        let autumn = CivilDate(year: 2024, month: 10, day: 27)
        #expect(london.moment(autumn, secondOfDay: 5_400) == autumn.start + .seconds(1_800))
        let spring = CivilDate(year: 2024, month: 3, day: 31)
        #expect(london.moment(spring, secondOfDay: 5_400) == spring.start + .seconds(5_400))
        #expect(london.moment(spring, secondOfDay: 86_400) == spring.start + .seconds(82_800))
    }

    @Test func `what is no zone file is refused, wherever it stops`() throws {
        let bytes = try SystemZones.bytes("Europe/London")
        for length in 0..<bytes.count {
            #expect(throws: ContextFailure.self, "\(length) bytes") {
                try TimeZoneRules(file: Array(bytes[..<length]))
            }
        }
        var numbers = SplitMix(seed: 17)
        for _ in 0..<1_000 {
            var damaged = bytes
            for _ in 0..<Int.random(in: 1...6, using: &numbers) {
                let place = Int.random(in: 0..<damaged.count, using: &numbers)
                damaged[place] = UInt8.random(in: 0...255, using: &numbers)
            }
            guard let rules = try? TimeZoneRules(file: damaged) else { continue }
            _ = rules.offset(at: 4_000_000_000)
        }
    }

    @Test(arguments: [
        "", "GMT", "GMT0BST", "GMT0BST,M3.5.0/1", "GMT0BST,M13.5.0,M10.5.0",
        "GMT0BST,M3.6.0,M10.5.0", "GMT0BST,M3.5.0/1,M10.5.0,", "<GMT0", "GMT1234", "GMT0BST,,",
    ])
    func `a yearly rule that cannot be read is refused`(text: String) throws {
        let bytes = try SystemZones.bytes("Europe/London")
        let end = try #require(bytes.dropLast().lastIndex(of: 10))
        let changed = Array(bytes[...end]) + Array(text.utf8) + [10]
        if text.isEmpty {
            #expect(throws: Never.self) { try TimeZoneRules(file: changed) }
        } else {
            #expect(throws: ContextFailure.self) { try TimeZoneRules(file: changed) }
        }
    }
}
