import MarketModel
import Testing
import Venues

/// Numbers that no venue says, and that broke the arithmetic of the session: found by fuzzing.
struct HostileVenueTests {
    private static let rest = SpotLink.rest

    /// With the question for the clock on its way.
    private func rig() throws -> SessionRig {
        let rig = try SessionRig()
        try rig.connect(Self.rest)
        try rig.pass()
        #expect(rig.requests(Self.rest) == ["GET /api/v3/time"])
        return rig
    }

    @Test(arguments: ["9223372036", "9223372036854775807"])
    func `a Retry-After beyond all time is one of a week`(seconds: String) throws {
        let rig = try rig()
        rig.respond(Self.rest, "", status: 429, fields: [("Retry-After", seconds)])
        try rig.pass(.seconds(604_799))
        #expect(rig.requests(Self.rest).isEmpty)
        try rig.pass(.seconds(1))
        #expect(rig.requests(Self.rest) == ["GET /api/v3/time"])
    }

    @Test func `a Retry-After before all time is none`() throws {
        let rig = try rig()
        rig.respond(
            Self.rest, "", status: 429, fields: [("Retry-After", "-9223372036854775808")])
        try rig.pass(.seconds(15))
        #expect(rig.requests(Self.rest) == ["GET /api/v3/time"])
    }

    @Test func `a clock of another century is not believed`() throws {
        let rig = try rig()
        rig.respond(Self.rest, #"{"serverTime":9223372036853}"#)
        #expect(rig.session.clockOffset == 0)
        try rig.pass(.seconds(60))
    }
}
