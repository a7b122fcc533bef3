import Synchronization

/// Carries a noncopyable socket into the thread that will own it: taken once.
final class SocketBox: Sendable {
    private let content: Mutex<SocketFile?>

    init(_ socket: consuming SocketFile) { content = Mutex(socket) }

    func take() -> SocketFile? { content.withLock { $0.take() } }
}
