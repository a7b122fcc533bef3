/// Lets the first messages of a kind through and counts the rest until its window is over.
///
/// While a kind goes on flooding, its windows hold one message each and double in length, up to
/// ``longestWindows`` times the first: an hour of the same warning is some twenty lines.
struct RepeatLimiter {
    /// What to do with a message.
    enum Verdict: Equatable {
        /// Write it; so many like it were left out before.
        case write(suppressed: Int)
        case suppress
    }

    private struct Window {
        var start: Int64
        var count: Int
        /// Windows before it that ran over, without a quiet one between.
        var floods: Int

        func length(_ first: Int64) -> Int64 {
            first * min(1 << Int64(min(floods, 10)), RepeatLimiter.longestWindows)
        }
    }

    /// Messages of one kind per window; 0: no limit.
    let limit: Int
    let windowNanoseconds: Int64
    /// Kinds remembered; beyond it the memory is emptied rather than grown.
    static let capacity = 1024
    /// The longest window as a multiple of the first.
    static let longestWindows: Int64 = 30

    private var windows: [String: Window] = [:]

    init(limit: Int, windowNanoseconds: Int64) {
        self.limit = limit
        self.windowNanoseconds = windowNanoseconds
    }

    mutating func judge(_ kind: String, at now: Int64) -> Verdict {
        guard limit > 0 else { return .write(suppressed: 0) }
        guard var window = windows[kind] else {
            if windows.count >= Self.capacity { windows.removeAll() }
            windows[kind] = Window(start: now, count: 1, floods: 0)
            return .write(suppressed: 0)
        }
        let allowed = window.floods == 0 ? limit : 1
        if now - window.start >= window.length(windowNanoseconds) {
            let suppressed = max(0, window.count - allowed)
            windows[kind] = Window(
                start: now, count: 1, floods: suppressed > 0 ? window.floods + 1 : 0)
            return .write(suppressed: suppressed)
        }
        window.count += 1
        windows[kind] = window
        return window.count <= allowed ? .write(suppressed: 0) : .suppress
    }
}
