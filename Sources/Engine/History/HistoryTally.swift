import Synchronization

/// How far a download is: what its progress bar shows.
public struct HistoryProgress: Equatable, Sendable {
    /// Candles of all series, and those that are there or that the venue does not have.
    public fileprivate(set) var wanted = 0
    public fileprivate(set) var done = 0
    /// Candles that this run has added.
    public fileprivate(set) var added = 0
    public fileprivate(set) var series = 0
    public fileprivate(set) var seriesDone = 0
    /// What it has waited for so far, oldest first.
    public fileprivate(set) var remarks: [String] = []

    /// 0...1.
    public var share: Double { wanted == 0 ? 1 : min(1, Double(done) / Double(wanted)) }
}

/// What a download's connections add up together, and the word that ends it.
final class HistoryTally: Sendable {
    private struct State {
        var progress = HistoryProgress()
        var isStopped = false
    }

    private let state = Mutex(State())

    var progress: HistoryProgress { state.withLock { $0.progress } }
    var isStopped: Bool { state.withLock { $0.isStopped } }
    func stop() { state.withLock { $0.isStopped = true } }

    func expect(series: Int, candles: Int) {
        state.withLock {
            $0.progress.series = series
            $0.progress.wanted = candles
        }
    }

    /// So many more are settled, of which `added` were written.
    func note(done: Int, added: Int = 0) {
        state.withLock {
            $0.progress.done += done
            $0.progress.added += added
        }
    }

    func finishSeries() { state.withLock { $0.progress.seriesDone += 1 } }

    /// Once, however many connections say so one after the other.
    func tell(_ remark: String) {
        state.withLock {
            if $0.progress.remarks.last != remark { $0.progress.remarks.append(remark) }
        }
    }
}
