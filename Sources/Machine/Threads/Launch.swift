import CLinuxURing
import Synchronization

/// What a new thread needs to start, and what it reports back about its placement.
final class Launch: Sendable {
    let name: String
    let core: Int?
    let priority: Int?
    let body: @Sendable () -> Void
    private let placement = Mutex<ThreadPlacement?>(nil)
    private let isPlaced = Latch()

    init(name: String, core: Int?, priority: Int?, body: @escaping @Sendable () -> Void) {
        self.name = name
        self.core = core
        self.priority = priority
        self.body = body
    }

    /// On the new thread: binds it as far as permitted.
    func place() {
        var found = ThreadPlacement(requestedCore: core, requestedPriority: priority)
        clinux_uring_name_thread(name)
        if let core {
            found.pinError = clinux_uring_pin_to_core(Int32(clamping: core))
            if found.pinError == 0 {
                found.core = core
                let node = clinux_uring_node_of_core(Int32(clamping: core))
                found.node = node < 0 ? nil : Int(node)
            }
        } else {
            // A thread inherits core and priority of the one that starts it: a pinned, urgent one
            // would never let it run.
            _ = clinux_uring_unpin()
        }
        if let priority {
            found.priorityError = clinux_uring_set_fifo(Int32(clamping: priority))
            if found.priorityError == 0 { found.realTimePriority = priority }
        } else {
            _ = clinux_uring_set_ordinary()
        }
        placement.withLock { $0 = found }
        isPlaced.open()
    }

    /// On the starting thread.
    func waitForPlacement() -> ThreadPlacement {
        isPlaced.wait()
        return placement.withLock { $0 } ?? ThreadPlacement()
    }
}
