import Glibc
import Journal
import Synchronization

/// The disk under the engine's journal: it fills up, loses bytes, takes its time.
///
/// The journal's duties run on the world's own thread, so everything here is decided by the seed.
final class SimulatedDisk: Sendable {
    private struct State {
        var isFull = false
        var losesNextSync = false
    }

    private let state = Mutex(State())
    /// Decides about one segment: no room for all of it; not to be cut when it is closed.
    private let faults: UnownedFaults

    init(_ faults: FaultSource) { self.faults = UnownedFaults(faults) }

    /// No room for another segment.
    var isFull: Bool {
        get { state.withLock { $0.isFull } }
        set { state.withLock { $0.isFull = newValue } }
    }

    /// The next bytes to be forced to it are lost.
    func loseNextSync() { state.withLock { $0.losesNextSync = true } }

    /// All is well from now on.
    func heal() { state.withLock { $0 = State() } }

    /// What the journal calls. Nothing is forced to the real disk: a simulated crash loses nothing
    /// that was written.
    var calls: JournalDisk {
        JournalDisk(
            reserve: { descriptor, count in
                if self.isFull { return ENOSPC }
                // Half of it, then no more.
                if self.faults.strikes(.diskShortWrite) {
                    _ = ftruncate(descriptor, count / 2)
                    return ENOSPC
                }
                return posix_fallocate(descriptor, 0, count)
            },
            cut: { descriptor, count in
                if self.faults.strikes(.diskUncut) { return EIO }
                return ftruncate(descriptor, count) == 0 ? 0 : errno
            },
            force: { _ in
                self.state.withLock { state in
                    defer { state.losesNextSync = false }
                    return state.losesNextSync ? EIO : 0
                }
            },
            writesBack: false)
    }
}

/// The dice of a world, rolled on its one thread by calls that the journal wants to be sendable.
private struct UnownedFaults: @unchecked Sendable {
    // SAFETY (unchecked): a world has one thread, and its journals have none.
    private let faults: FaultSource

    init(_ faults: FaultSource) { self.faults = faults }

    func strikes(_ kind: FaultKind) -> Bool { faults.strikes(kind) }
}
