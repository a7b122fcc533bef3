import MarketModel
import Testing

@testable import Engine

@Suite("Clocks compared")
struct ClockFindingTests {
    @Test(arguments: [
        (2_000_000, .fine), (-99_000_000, .fine), (-300_000_000, .note), (900_000_000, .note),
        (30_000_000_000, .problem), (-7_200_000_000_000, .problem),
    ] as [(Int64, CheckReport.Weight)])
    func `the further the clocks are apart, the heavier it weighs`(
        offset: Int64, weight: CheckReport.Weight
    ) throws {
        let finding = ClockFinding([VenueClockSample(offset: offset, roundTrip: 4_000_000)])
        let line = try #require(finding.section(receiveWindow: .seconds(5)).lines.first)
        #expect(line.weight == weight)
        #expect(line.text.contains(offset < 0 ? " ahead, " : " behind, "))
        #expect(line.text.contains("give or take 2.50 ms"))
        if weight != .fine { #expect(line.text.contains("chrony")) }
    }

    @Test func `the sample with the shortest way tells the offset`() {
        let finding = ClockFinding([
            VenueClockSample(offset: 40_000_000, roundTrip: 90_000_000),
            VenueClockSample(offset: 3_000_000, roundTrip: 1_000_000),
            VenueClockSample(offset: -9_000_000, roundTrip: 20_000_000),
        ])
        #expect(finding.offset == 3_000_000)
        #expect(finding.doubt == 1_000_000)
        #expect(finding.longest == 90_000_000)
    }

    @Test func `answers slower than the receive window are a problem`() {
        let finding = ClockFinding([
            VenueClockSample(offset: 0, roundTrip: 10_000_000),
            VenueClockSample(offset: 0, roundTrip: 400_000_000),
        ])
        let lines = finding.section(receiveWindow: .milliseconds(100)).lines
        #expect(lines.map(\.weight) == [.fine, .problem])
        #expect(lines[1].text.contains("venue.receive_window 100 ms"))
    }
}
