import Synchronization
import Venues

/// What happened on a lane's connections, on its way to the log.
///
/// Rare, with text, and written by the slow half only: an ordinary lock serves, and the lane
/// never waits for it.
@usableFromInline
final class RemarkBoard: Sendable {
    private let posted = Mutex<[SessionRemark]>([])
    /// More than this many unread ones are dropped: nobody reads, or a venue floods.
    static let capacity = 1_024

    /// Adds what `remarks` gives; while the reader holds the lock it is not asked, and keeps them.
    @usableFromInline
    func post(_ remarks: () -> [SessionRemark]) {
        _ = posted.withLockIfAvailable { posted in
            posted.append(contentsOf: remarks().prefix(Self.capacity - posted.count))
        }
    }

    /// Takes everything posted.
    @usableFromInline func take() -> [SessionRemark] {
        posted.withLock { posted in
            defer { posted.removeAll(keepingCapacity: true) }
            return posted
        }
    }
}
