import Foundation
import MarketModel

/// The journals of earlier runs: a directory each, `run-<start in seconds since 1970>`.
enum JournalRuns {
    /// Removes the oldest runs while all together are too large, and those that are too old.
    ///
    /// The newest run always stays: it is what a recovery would read.
    static func retain(in directory: String, bytes: Int64, age: Nanoseconds, now: Timestamp) {
        let files = FileManager.default
        let runs = names(in: directory)
        let sizes = runs.map { size(of: directory + "/" + $0) }
        var total = sizes.reduce(0, +)
        for (run, size) in zip(runs, sizes).dropLast() {
            let seconds = start(of: run) ?? 0
            let isOld = age.count > 0 && now.nanoseconds / 1_000_000_000 - seconds
                > age.count / 1_000_000_000
            guard isOld || (bytes > 0 && total > bytes) else { break }
            try? files.removeItem(atPath: directory + "/" + run)
            total -= size
        }
    }

    /// Names of the runs, oldest first.
    static func names(in directory: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        return names.filter { start(of: $0) != nil }.sorted {
            (start(of: $0) ?? 0) < (start(of: $1) ?? 0)
        }
    }

    /// Paths of the runs that may hold something since `moment`, oldest first: a run ends before
    /// the next one begins.
    static func paths(in directory: String, since moment: Timestamp) -> [String] {
        let runs = names(in: directory)
        let seconds = moment.nanoseconds / 1_000_000_000
        let ends = runs.dropFirst().map { start(of: $0) ?? 0 } + [Int64.max]
        return zip(runs, ends).filter { $1 >= seconds }.map { directory + "/" + $0.0 }
    }

    /// A directory for a run that starts now.
    static func newPath(in directory: String, at now: Timestamp) -> String {
        "\(directory)/run-\(newNumber(in: directory, at: now))"
    }

    /// The number of a run that starts now, in seconds since 1970: runs of the same second get the
    /// next ones, and so does a run after the clock was set back. Never one whose epoch is that of
    /// claimed orders.
    static func newNumber(in directory: String, at now: Timestamp) -> Int64 {
        let newest = names(in: directory).last.flatMap { start(of: $0) } ?? 0
        let number = max(now.nanoseconds / 1_000_000_000, newest + 1)
        let epoch = UInt32(truncatingIfNeeded: number) & 0xFF_FFFF
        return epoch == ClientOrderID.claimedEpoch ? number + 1 : number
    }

    /// The run's part of client order ids: its number, 24 bits of it. No two runs that follow each
    /// other share it, however fast one is started after the other.
    static func epoch(in directory: String, at now: Timestamp) -> UInt32 {
        UInt32(truncatingIfNeeded: newNumber(in: directory, at: now)) & 0xFF_FFFF
    }

    private static func start(of name: String) -> Int64? {
        name.hasPrefix("run-") ? Int64(name.dropFirst(4)) : nil
    }

    private static func size(of directory: String) -> Int64 {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        return names.reduce(0) { sum, name in
            let attributes = try? FileManager.default.attributesOfItem(
                atPath: directory + "/" + name)
            return sum + ((attributes?[.size] as? NSNumber)?.int64Value ?? 0)
        }
    }
}
