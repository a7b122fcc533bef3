/// How long single faults keep the engine from trading, from the fault itself on.
///
/// A fault that strikes while the engine is still busy with another one begins anew: each has the
/// time for itself. What passes before the engine has first traded is its start.
final class OutageWatch {
    /// Nanoseconds that an outage may take; `nil`: they are not judged.
    private let limit: Int64?
    private var lastStrike: Int64?
    private var begun: Int64?
    private var hasTraded = false
    private var isOver = false
    private(set) var count = 0
    private(set) var longest: Int64 = 0

    /// A strike that has stopped nothing for so long has stopped nothing: a venue's word of it takes
    /// one way through the network.
    private static let noticing: Int64 = 100_000_000

    init(limit: Int64?) { self.limit = limit }

    var isJudged: Bool { limit != nil && !isOver }

    func strike(at now: Int64) {
        lastStrike = now
        if begun != nil { begun = now }
    }

    /// Nothing is judged any more: the engine is about to be brought to rest.
    func end() { isOver = true }

    /// Once a step; what is wrong, in words.
    func look(isTrading: Bool, at now: Int64) -> String? {
        guard let limit else { return nil }
        if isTrading {
            if let begun { longest = max(longest, now - begun) }
            hasTraded = true
            begun = nil
            return nil
        }
        if !hasTraded { return nil }
        if begun == nil {
            count += 1
            begun = lastStrike.flatMap { now - $0 <= Self.noticing ? $0 : nil } ?? now
        }
        let lasted = now - (begun ?? now)
        return lasted > limit ? "not trading for \(Double(lasted) / 1e9) s after one fault" : nil
    }
}
