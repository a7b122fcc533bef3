/// What has happened in a world, as far as it is worth telling: faults, lives, violations.
final class Diary {
    private let start: Int64
    var now: Int64
    /// The newest lines; older ones are forgotten.
    private(set) var lines: [String] = []
    /// The first invariant that did not hold.
    private(set) var violation: String?
    /// When anything that disturbs the engine last happened.
    private(set) var lastNote: Int64

    init(start: Int64) {
        self.start = start
        now = start
        lastNote = start
    }

    func note(_ text: String) {
        if lines.count == 400 { lines.removeFirst(200) }
        lines.append("\(seconds(now)) \(text)")
        lastNote = now
    }

    /// An invariant does not hold; only the first one counts.
    func violate(_ text: String) {
        if violation != nil { return }
        violation = text
        note("VIOLATION \(text)")
    }

    /// Simulated seconds since the start, with microseconds.
    private func seconds(_ time: Int64) -> String {
        let micros = (time - start) / 1_000
        let rest = String(micros % 1_000_000)
        return "\(micros / 1_000_000)." + String(repeating: "0", count: 6 - rest.count) + rest
    }
}
