/// Lets the first messages of a kind through and counts the rest until its window is over.
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
    }

    /// Messages of one kind per window; 0: no limit.
    let limit: Int
    let windowNanoseconds: Int64
    /// Kinds remembered; beyond it the memory is emptied rather than grown.
    static let capacity = 1024

    private var windows: [String: Window] = [:]

    init(limit: Int, windowNanoseconds: Int64) {
        self.limit = limit
        self.windowNanoseconds = windowNanoseconds
    }

    mutating func judge(_ kind: String, at now: Int64) -> Verdict {
        guard limit > 0 else { return .write(suppressed: 0) }
        guard var window = windows[kind] else {
            if windows.count >= Self.capacity { windows.removeAll() }
            windows[kind] = Window(start: now, count: 1)
            return .write(suppressed: 0)
        }
        if now - window.start >= windowNanoseconds {
            let suppressed = max(0, window.count - limit)
            windows[kind] = Window(start: now, count: 1)
            return .write(suppressed: suppressed)
        }
        window.count += 1
        windows[kind] = window
        return window.count <= limit ? .write(suppressed: 0) : .suppress
    }
}
