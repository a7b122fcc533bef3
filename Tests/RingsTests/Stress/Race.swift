import Synchronization

/// What may come out of a race, as in the tables of jcstress.
enum Verdict: Equatable {
    case allowed
    case forbidden
}

/// A race of a few threads over one small state, and the table of what they may see.
///
/// An outcome is what each actor returns, as hexadecimal digits, the actors in order. What is not
/// in the table is forbidden: rows with that verdict are there to say what they would mean.
struct Race<State: AnyObject> {
    struct Actor {
        /// Digits of what it returns.
        var digits: Int
        var act: (State) -> UInt64
    }

    struct Row {
        var outcome: String
        var verdict: Verdict
        var meaning: String

        init(_ outcome: String, _ verdict: Verdict, _ meaning: String) {
            self.outcome = outcome
            self.verdict = verdict
            self.meaning = meaning
        }
    }

    var make: () -> State
    var actors: [Actor]
    var table: [Row]

    /// States that are made before and looked at after they were raced over: few, because on a
    /// busy machine each may cost the racers a turn of the scheduler.
    private static var blockSize: Int { 64 }

    /// Races until `deadline` or until `isEnough`, and counts the outcomes.
    func run(
        for seconds: Double, until isEnough: ([String: Int]) -> Bool = { _ in false }
    ) -> [String: Int] {
        var counts: [String: Int] = [:]
        let clock = ContinuousClock()
        let end = clock.now + .seconds(seconds)
        repeat {
            for outcome in block() { counts[outcome, default: 0] += 1 }
        } while clock.now < end && !isEnough(counts)
        return counts
    }

    private func block() -> [String] {
        let states = (0..<Self.blockSize).map { _ in make() }
        let line = StartingLine(racers: actors.count)
        let threads = actors.map { actor in
            let results = UnsafeMutablePointer<UInt64>.allocate(capacity: states.count)
            let thread = OnThread {
                for index in states.indices {
                    line.wait(for: index)
                    (results + index).initialize(to: actor.act(states[index]))
                }
            }
            return (thread, results)
        }
        for (thread, _) in threads { thread.join() }
        defer { for (_, results) in threads { results.deallocate() } }
        return states.indices.map { index in
            zip(actors, threads).map { actor, thread in
                let text = String(thread.1[index], radix: 16)
                return String(repeating: "0", count: max(0, actor.digits - text.utf8.count)) + text
            }.joined(separator: " ")
        }
    }

    /// Outcomes that must not be, with how often and what they mean.
    func violations(in counts: [String: Int]) -> [String] {
        counts.sorted { $0.key < $1.key }.compactMap { outcome, count in
            let row = table.first { $0.outcome == outcome }
            if row?.verdict == .allowed { return nil }
            return "\(outcome) x \(count): \(row?.meaning ?? "not in the table")"
        }
    }

    /// The table with counts, for people.
    func text(of counts: [String: Int]) -> String {
        table.map { row in
            let count = String(counts[row.outcome, default: 0])
            let verdict = row.verdict == .allowed ? "allowed  " : "forbidden"
            return "  \(row.outcome)  \(String(repeating: " ", count: max(0, 9 - count.count)))"
                + "\(count)  \(verdict)  \(row.meaning)"
        }.joined(separator: "\n")
    }
}

/// Where all racers of a race wait for each other, once for each state.
private final class StartingLine: Sendable {
    private let arrived = Atomic<Int>(0)
    private let racers: Int

    init(racers: Int) { self.racers = racers }

    func wait(for index: Int) {
        arrived.wrappingAdd(1, ordering: .acquiringAndReleasing)
        var looks = 0
        while arrived.load(ordering: .acquiring) < (index + 1) * racers {
            looks += 1
            // The others may share the core.
            if looks % 256 == 0 { yieldCore() }
        }
    }
}
