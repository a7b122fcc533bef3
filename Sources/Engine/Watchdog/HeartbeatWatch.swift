import MarketModel

/// Judges a heartbeat by whether it moves between two looks.
///
/// Nothing is compared with another process's clock, so a clock that jumps raises no alarm.
struct HeartbeatWatch {
    enum Verdict: Sendable {
        /// No engine has been seen at work yet.
        case waiting
        case beating
        /// Ended in order, with no order open.
        case ended
        /// Unmoved for the whole patience, and not because the engine has ended.
        case silent
    }

    let patience: Nanoseconds
    private(set) var verdict = Verdict.waiting
    private(set) var last: HeartbeatReading?
    /// How long it has not moved, nanoseconds.
    private(set) var silence: Int64 = 0
    private var lastLook: Int64 = 0

    init(patience: Nanoseconds) { self.patience = patience }

    /// Takes a look's reading; `nil` when there is no heartbeat to be read, which counts as one
    /// that does not move once there has been one.
    mutating func look(_ reading: HeartbeatReading?, at now: Int64) -> Verdict {
        // One long gap between looks is our own stop, or the whole machine's: not all of it is
        // held against the engine.
        let gap = min(max(now - lastLook, 0), patience.count / 2)
        lastLook = now
        guard let reading = reading ?? last, reading.beat != 0 else { return verdict }
        if reading.beat < 0 {
            verdict = .ended
        } else if let last, reading.beat != last.beat {
            verdict = .beating
        } else if verdict != .ended, last != nil {
            silence += gap
            if silence >= patience.count { verdict = .silent }
        }
        if reading.beat != last?.beat { silence = 0 }
        last = reading
        return verdict
    }
}
