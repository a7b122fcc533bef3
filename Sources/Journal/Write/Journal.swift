import Glibc
import Machine
import MarketModel
import Rings
import Synchronization

/// The journal of one lane for one run: every input and every decision, in order.
///
/// A directory of segments `apus-<lane>-<number>.journal`, appended by one ``JournalWriter`` into
/// mapped memory. An ordinary thread prepares segments ahead of the writer and syncs, cuts and
/// removes those behind it. A directory holds many runs; sequences go on from one to the next.
public final class Journal: Sendable {
    public let directory: String
    public let lane: UInt8
    public let epoch: UInt32
    /// What the directory was found to hold, and what was cut.
    public let recovery: JournalRecovery.Outcome
    let counters: WriterCounters
    private let state: Mutex<State>
    /// Apart from the state, which is held while the disk is waited for.
    private let figures = Mutex(KeeperFigures())
    private let descriptors: JournalDescriptors

    private struct State: ~Copyable {
        var writer: JournalWriter?
        var keeper: SegmentKeeper
        var thread: PinnedThread?
        var isFinished = false
    }

    /// Opens a directory for a run: locks it, cuts a torn tail, makes the first segment ready,
    /// starts the thread. Throws `corrupt` when records lie behind damage in the last segment.
    public convenience init(
        directory: String, lane: UInt8, epoch: UInt32, options: JournalOptions = JournalOptions()
    ) throws(JournalFailure) {
        try self.init(
            directory: directory, lane: lane, epoch: epoch, options: options,
            now: Self.wallClock())
        try start()
    }

    /// Without the thread: ``turn(now:)`` is called by hand.
    package init(
        directory: String, lane: UInt8, epoch: UInt32, options: JournalOptions, now: Timestamp
    ) throws(JournalFailure) {
        let options = try options.checked()
        try SegmentFiles.makeDirectory(directory)
        descriptors = try JournalDescriptors(directory: directory, lane: lane)
        recovery = try JournalRecovery.repairLocked(directory, lane: lane)
        counters = WriterCounters(segmentBytes: options.segmentBytes)
        let slots = options.preparedSegments * 2 + 8
        let ready = SPSCRing.make(of: MappedSegment.self, capacity: slots)
        let used = SPSCRing.make(of: MappedSegment.self, capacity: slots)
        var keeper = SegmentKeeper(
            directory: directory, lane: lane, epoch: epoch, options: options, counters: counters,
            firstNumber: recovery.lastSegment + 1, ready: ready.producer, used: used.consumer,
            now: now)
        try keeper.prepare(now: now)
        counters.sequence.store(Int64(bitPattern: recovery.lastSequence))
        let writer = JournalWriter(
            lane: lane, firstSequence: recovery.lastSequence &+ 1,
            reserve: options.reserve, ready: ready.consumer, used: used.producer,
            counters: counters)
        state = Mutex(State(writer: writer, keeper: keeper))
        self.directory = directory
        self.lane = lane
        self.epoch = epoch
    }

    /// The lane's end; `nil` from the second call on. The journal must outlive it.
    public func takeWriter() -> JournalWriter? {
        state.withLock { $0.writer.take() }
    }

    /// Ends the journal once its lane has ended: later appends are refused, everything is synced,
    /// the last segment is cut to its end. Any number of calls; waits for the disk.
    public func stop() {
        counters.closing.store(JournalClosing.stopped)
        descriptors.wake()
        // Not under the lock, which the thread needs to end.
        let thread = state.withLock { $0.thread.take() }
        thread?.join()
        state.withLock { state in
            if state.isFinished { return }
            state.isFinished = true
            state.keeper.finish()
            publish(state.keeper.figures)
            descriptors.unlock()
        }
    }

    /// The journal's progress; any thread.
    public var status: JournalStatus {
        var status = JournalStatus()
        status.directory = directory
        status.lane = lane
        status.records = counters.records.value
        status.bytes = counters.bytes.value
        status.sequence = UInt64(bitPattern: counters.sequence.value)
        status.refused = counters.refused.value
        status.segment = counters.segment.value
        let figures = figures.withLock { $0 }
        status.syncs = figures.syncs
        status.lagBytes = max(0, status.bytes - figures.syncedBytes)
        status.segmentsRemoved = figures.segmentsRemoved
        status.hasEnded = counters.closing.value == JournalClosing.failed
        status.failure = figures.failure?.description
        return status
    }

    // MARK: - The thread

    private func start() throws(JournalFailure) {
        do throws(PinnedThread.Refused) {
            let thread = try PinnedThread.start(
                name: "apus-journal-\(lane)", core: nil, realTimePriority: nil
            ) { self.run() }
            state.withLock { $0.thread = thread }
        } catch {
            throw .threadRefused(errno: error.errno)
        }
    }

    /// Until the journal is stopped; keeps the journal alive until then.
    private func run() {
        while counters.closing.value != JournalClosing.stopped {
            turn(now: Self.wallClock())
            descriptors.wait(milliseconds: 2)
        }
    }

    /// One round of the journal's thread.
    package func turn(now: Timestamp) {
        state.withLock { state in
            if state.isFinished { return }
            state.keeper.turn(now: now)
            publish(state.keeper.figures)
        }
    }

    private func publish(_ latest: KeeperFigures) { figures.withLock { $0 = latest } }

    private static func wallClock() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }
}
