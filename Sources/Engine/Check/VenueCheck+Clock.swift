import MarketModel
import Telemetry

/// This machine's clock against the venue's.
extension VenueCheck {
    private static var sampleCount: Int { 5 }

    /// Several samples; the one with the shortest way tells most. Weight 5.
    mutating func checkClock() -> CheckReport.Section {
        var samples: [VenueClockSample] = []
        do throws(StartFailure) {
            for _ in 0..<Self.sampleCount { samples.append(try inquiry.clockSample()) }
        } catch {
            var section = CheckReport.Section("venue clock")
            section.problem(error)
            return section
        }
        let finding = ClockFinding(samples)
        offset = finding.offset
        return finding.section(receiveWindow: configuration.venue.receiveWindow)
    }
}

/// What a few samples say about both clocks.
struct ClockFinding: Equatable {
    /// Venue time less ours, nanoseconds, by the sample with the shortest way.
    let offset: Int64
    /// How far from the truth that may be: half its way, and half of the venue's millisecond.
    let doubt: Int64
    let shortest: Int64
    let longest: Int64
    let count: Int

    /// Further apart, times in the journal and the day of a loss limit are no longer the venue's.
    static let tolerance = Nanoseconds.milliseconds(100)

    /// - Precondition: at least one sample.
    init(_ samples: [VenueClockSample]) {
        let best = samples.min { $0.roundTrip < $1.roundTrip }
        guard let best else { preconditionFailure("a finding needs a sample") }
        offset = best.offset
        shortest = best.roundTrip
        longest = samples.map(\.roundTrip).max() ?? shortest
        doubt = shortest / 2 + 500_000
        count = samples.count
    }

    /// The venue takes a request for so long after its timestamp, and none from a second ahead
    /// (binance-spot.md, section 7).
    func section(receiveWindow: Nanoseconds) -> CheckReport.Section {
        var section = CheckReport.Section("venue clock")
        let window = FigureText.duration(receiveWindow.count)
        let distance = Int64(clamping: offset.magnitude)
        let text = "this machine's is \(FigureText.duration(distance)) "
            + "\(offset < 0 ? "ahead" : "behind"), give or take \(FigureText.duration(doubt))"
        if distance > receiveWindow.count {
            section.problem("\(text); accepted: less than venue.receive_window \(window). Let "
                + "chrony or ntpd set the clock")
        } else if distance > Self.tolerance.count + doubt {
            section.note("\(text); wanted: within "
                + "\(FigureText.duration(Self.tolerance.count)). Requests are signed with the "
                + "venue's time all the same; let chrony or ntpd set the clock")
        } else {
            section.fine(text)
        }
        let trips = "round trips \(FigureText.duration(shortest)) to "
            + "\(FigureText.duration(longest)) in \(count) samples"
        if longest > receiveWindow.count {
            section.problem("\(trips): longer than venue.receive_window \(window), so requests "
                + "would arrive too late")
        } else {
            section.fine(trips)
        }
        return section
    }
}
