import MarketModel
import Telemetry

/// This machine's clock against the venue's.
extension VenueCheck {
    private static var sampleCount: Int { 5 }
    /// Further apart, times in the journal and the day of a loss limit are no longer the venue's.
    private static var tolerance: Int64 { 100_000_000 }

    /// Several samples; the one with the shortest way tells most. Weight 5.
    mutating func checkClock() -> CheckReport.Section {
        var section = CheckReport.Section("venue clock")
        var best = (offset: Int64(0), roundTrip: Int64.max)
        var longest: Int64 = 0
        do throws(StartFailure) {
            for _ in 0..<Self.sampleCount {
                let sample = try inquiry.clockSample()
                if sample.roundTrip < best.roundTrip { best = sample }
                longest = max(longest, sample.roundTrip)
            }
        } catch {
            section.problem(error)
            return section
        }
        offset = best.offset
        let distance = Int64(clamping: best.offset.magnitude)
        // The venue tells whole milliseconds.
        let doubt = best.roundTrip / 2 + 500_000
        let window = configuration.venue.receiveWindow.count
        let text = "this machine's is \(FigureText.duration(distance)) "
            + "\(best.offset < 0 ? "ahead" : "behind"), give or take \(FigureText.duration(doubt))"
        if distance > window {
            section.problem(
                "\(text); accepted: less than venue.receive_window "
                    + "\(FigureText.duration(window)). Let chrony or ntpd set the clock")
        } else if distance > Self.tolerance + doubt {
            section.note(
                "\(text); wanted: within \(FigureText.duration(Self.tolerance)). Requests are "
                    + "signed with the venue's time all the same; let chrony or ntpd set the clock")
        } else {
            section.fine(text)
        }
        let trips = "round trips \(FigureText.duration(best.roundTrip)) to "
            + "\(FigureText.duration(longest)) in \(Self.sampleCount) samples"
        if longest > window {
            section.problem(
                "\(trips): longer than venue.receive_window \(FigureText.duration(window)), so "
                    + "requests would arrive too late")
        } else {
            section.fine(trips)
        }
        return section
    }
}
