import Foundation
import Glibc
import Synchronization

/// Bounds of the control socket's connections.
public struct ControlLimits: Sendable {
    public var clients = 64
    /// Of one request line in bytes.
    public var requestBytes = 1 << 20
    public var batchRequests = 100
    /// Unsent bytes at which a client that does not read is dropped.
    public var outputBytes = 8 << 20
    /// A client that takes nothing for so long while output waits is dropped.
    public var stallMilliseconds: Int64 = 10_000
    /// How long stopping waits for answers to be written.
    public var drainMilliseconds: Int64 = 1_000
    public var subscriptionsPerClient = 4

    public init() {}
}

/// The thread that owns the control socket's connections: accepts, reads lines, writes answers.
///
/// One request of a client is in work at a time, and while it is, nothing more is read from that
/// client: order is kept and memory bounded. Other threads only post to the mailbox.
final class ConnectionLoop: Sendable {
    typealias Identifier = UInt64

    /// What the loop tells its owner; called on the loop's thread, must not block.
    struct Events: Sendable {
        var line: @Sendable (Identifier, PeerCredentials, [UInt8]) -> Void
        var tooLong: @Sendable (PeerCredentials) -> [UInt8]
        var refused: @Sendable (PeerCredentials?, _ isFull: Bool) -> [UInt8]
        var closed: @Sendable (Identifier) -> Void
        var stopped: @Sendable () -> Void
    }

    enum Post: Sendable {
        /// Output of a client; `isAnswer` ends the request in work.
        case write(Identifier, [UInt8], isAnswer: Bool)
        case stop
    }

    let limits: ControlLimits
    private let events: Events
    private let mailbox = Mutex<[Post]>([])
    private let wakeReader: Int32
    private let wakeWriter: Int32

    init(limits: ControlLimits, events: Events) throws(SocketFailure) {
        var ends: (Int32, Int32) = (0, 0)
        let made = withUnsafeMutablePointer(to: &ends) { pair in
            pair.withMemoryRebound(to: Int32.self, capacity: 2) {
                socketpair(AF_UNIX, nonBlockingStream, 0, $0)
            }
        }
        guard made == 0 else { throw .system(call: "socketpair", path: "", errno: errno) }
        self.limits = limits
        self.events = events
        wakeReader = ends.0
        wakeWriter = ends.1
    }

    deinit {
        close(wakeReader)
        close(wakeWriter)
    }

    func post(_ message: Post) {
        mailbox.withLock { $0.append(message) }
        var byte: UInt8 = 1
        _ = Glibc.write(wakeWriter, &byte, 1)
    }

    /// Runs on the calling thread until stopped.
    func run(_ socket: consuming SocketFile) {
        var clients: [Identifier: ClientConnection] = [:]
        var lastIdentifier: Identifier = 0
        var stopDeadline: Int64?
        var nextAccept: Int64 = 0
        while true {
            let now = monotonicMilliseconds()
            if let deadline = stopDeadline {
                for (identifier, client) in clients where !client.hasOutput && !client.isBusy {
                    drop(identifier, &clients)
                }
                if clients.isEmpty || now >= deadline { break }
            }
            let order = Array(clients.keys)
            var polled = pollSet(socket.descriptor, order.map { clients[$0] })
            if stopDeadline != nil || now < nextAccept { polled[1].events = 0 }
            let timeout: Int32 = stopDeadline == nil && now >= nextAccept ? 1000 : 20
            guard poll(&polled, nfds_t(polled.count), timeout) >= 0 || errno == EINTR else { break }

            for message in takePosts() {
                switch message {
                case .stop:
                    if stopDeadline == nil { stopDeadline = now + limits.drainMilliseconds }
                case .write(let identifier, let bytes, let isAnswer):
                    clients[identifier]?.enqueue(bytes, isAnswer: isAnswer, now: now)
                }
            }
            if polled[1].revents != 0, stopDeadline == nil {
                let isOutOfMeans = !acceptAll(socket.descriptor, &clients, &lastIdentifier)
                if isOutOfMeans { nextAccept = now + Self.acceptPause }
            }
            for (index, identifier) in order.enumerated() {
                let happened = polled[index + 2].revents
                serve(identifier, &clients, happened, isStopping: stopDeadline != nil)
            }
            for (identifier, client) in clients where client.isFinished(now: now, limits) {
                drop(identifier, &clients)
            }
        }
        for client in clients.values { close(client.descriptor) }
        // The file is gone before anybody hears that the server stopped.
        _ = consume socket
        events.stopped()
    }

    private func pollSet(_ listener: Int32, _ clients: [ClientConnection?]) -> [pollfd] {
        let readable = Int16(POLLIN)
        return [
            pollfd(fd: wakeReader, events: readable, revents: 0),
            pollfd(fd: listener, events: readable, revents: 0),
        ]
            + clients.map { client in
                guard let client, !client.isHungUp else {
                    return pollfd(fd: -1, events: 0, revents: 0)
                }
                return pollfd(fd: client.descriptor, events: client.interest, revents: 0)
            }
    }

    private func takePosts() -> [Post] {
        var drained: [UInt8] = Array(repeating: 0, count: 256)
        while read(wakeReader, &drained, drained.count) > 0 {}
        return mailbox.withLock { posts in
            let taken = posts
            posts.removeAll()
            return taken
        }
    }

    /// Without descriptors or memory who waits stays readable: looked at again so much later.
    private static let acceptPause: Int64 = 100

    /// Lets in who waits; `false`: the system has no means to.
    private func acceptAll(
        _ listener: Int32, _ clients: inout [Identifier: ClientConnection],
        _ lastIdentifier: inout Identifier
    ) -> Bool {
        while true {
            let descriptor = accept(listener, nil, nil)
            guard descriptor >= 0 else {
                return ![EMFILE, ENFILE, ENOBUFS, ENOMEM].contains(errno)
            }
            _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
            let peer = PeerCredentials(of: descriptor)
            guard let peer, peer.mayControl(engineOf: geteuid()), clients.count < limits.clients
            else {
                let farewell = events.refused(peer, clients.count >= limits.clients)
                _ = farewell.withUnsafeBytes {
                    Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                }
                close(descriptor)
                continue
            }
            lastIdentifier += 1
            clients[lastIdentifier] = ClientConnection(
                descriptor: descriptor, peer: peer, limits: limits)
        }
    }

    private func serve(
        _ identifier: Identifier, _ clients: inout [Identifier: ClientConnection],
        _ happened: Int16, isStopping: Bool
    ) {
        guard var client = clients[identifier] else { return }
        if happened & Int16(POLLHUP | POLLERR) != 0 { client.isHungUp = true }
        if happened & Int16(POLLIN) != 0 { client.receive() }
        if client.isHungUp, !client.isBusy, !client.hasEnded { client.receiveRest() }
        if !isStopping, !client.isBusy {
            switch client.lines.next() {
            case .none: client.isDrained = client.hasEnded
            case .line(let line):
                client.isBusy = true
                events.line(identifier, client.peer, line)
            case .tooLong:
                client.enqueue(
                    events.tooLong(client.peer), isAnswer: false, now: monotonicMilliseconds())
                client.hasEnded = true
                client.isDrained = true
            }
        }
        if client.hasOutput { client.flush(now: monotonicMilliseconds()) }
        clients[identifier] = client
    }

    private func drop(
        _ identifier: Identifier, _ clients: inout [Identifier: ClientConnection]
    ) {
        guard let client = clients.removeValue(forKey: identifier) else { return }
        close(client.descriptor)
        events.closed(identifier)
    }
}

func monotonicMilliseconds() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
}
