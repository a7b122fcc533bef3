import Machine
import Synchronization
import Wire

/// What the machine permitted a lane and what it refused: told once in the log, kept for the report.
final class MachineNotes: Sendable {
    struct Note: Sendable, Equatable {
        var text: String
        /// The configuration asked for more than was given.
        var isRefusal: Bool
    }

    private let state = Mutex<(notes: [Note], told: Int)>(([], 0))

    func add(_ text: String, isRefusal: Bool = false) {
        state.withLock { $0.notes.append(Note(text: text, isRefusal: isRefusal)) }
    }

    /// Every note so far, in the order they were made.
    var all: [Note] { state.withLock { $0.notes } }

    /// Those that have not been taken yet.
    func take() -> [Note] {
        state.withLock { state in
            defer { state.told = state.notes.count }
            return Array(state.notes.dropFirst(state.told))
        }
    }
}

extension MachineNotes {
    /// Where the lane's thread runs.
    func add(_ placement: ThreadPlacement) {
        if let core = placement.core {
            add("pinned to core \(core)")
        } else if let core = placement.requestedCore {
            add(
                "core \(core) is not there or not ours; the lane runs on any core", isRefusal: true)
        } else {
            add("on any core, as configured")
        }
        if let priority = placement.realTimePriority {
            add("real-time priority \(priority)")
        } else if let priority = placement.requestedPriority {
            add(
                "real-time priority \(priority) refused (ulimit -r, CAP_SYS_NICE); ordinary "
                    + "scheduling", isRefusal: true)
        } else {
            add("ordinary scheduling, as configured")
        }
    }

    /// Who protects records, where the kernel was asked for.
    func add(_ layer: TLSRecordLayer) {
        guard layer == .kernel else { return }
        guard let refusal = KernelSealing.refusalText else {
            return add("records sealed by the kernel")
        }
        add("the kernel seals no records (\(refusal)); instead: apus", isRefusal: true)
    }

    /// How the lane's sockets are driven, with what the kernel lacks.
    func add(_ transport: borrowing URingTransport) {
        add("io_uring")
        for line in WireCapabilities.probe().lines where !line.isAvailable {
            add(
                "io_uring without \(line.name) (Linux \(line.minimumKernel)); instead: "
                    + line.fallback, isRefusal: true)
        }
    }

    func addFallback(_ failure: WireFailure) {
        add("\(failure); in use instead: non-blocking recv and send", isRefusal: true)
    }

    /// What became of memory that `name` asked for in huge pages.
    func add(_ grant: MemoryGrant, of name: String) {
        if grant.granted.contains(.hugePages) {
            add("\(name) in huge pages")
        } else if grant.askedForTransparentHugePages,
            MachineReport.read().transparentHugePages != "never"
        {
            add(
                "no huge pages are reserved (vm.nr_hugepages); \(name) in transparent ones as far "
                    + "as the kernel makes them")
        } else {
            add("no huge pages for \(name); ordinary pages", isRefusal: true)
        }
    }
}
