import Machine
import Wire

/// One connection driven by the thread that waits for it: name, TCP, TLS, then whole messages.
///
/// For what happens beside the lane: its start, its watchdog, checks. The lane itself never waits.
struct LinkConversation: ~Copyable {
    /// How long each step took, in nanoseconds.
    struct Steps {
        var name: Int64 = 0
        var connection: Int64 = 0
        /// TLS and, for a WebSocket, the upgrade.
        var handshake: Int64 = 0
    }

    private var transport: DirectTransport
    var link: ClientLink
    private let endpoint: VenueEndpoint
    let clock: TSCClock
    /// For the connection, and for each answer.
    let timeout: Int64
    private var slot = -1
    private(set) var steps = Steps()
    /// Where it is connected to.
    private(set) var address: SocketAddress?

    init(
        _ purpose: ClientLink.Purpose, endpoint: VenueEndpoint, tls: TLSClientContext,
        clock: TSCClock, timeout: Int64, maskSeed: UInt64
    ) throws(StartFailure) {
        var configuration = TransportConfiguration()
        // Nobody beside the lane keeps a core busy while a venue thinks.
        configuration.idle = .spinThenWait(spinNanoseconds: 0)
        configuration.slotCapacity = 4
        let transport: DirectTransport
        do throws(WireFailure) {
            transport = try DirectTransport(configuration: configuration)
        } catch {
            throw .machine("no connection to \(endpoint.host):\(endpoint.port): \(error)")
        }
        let link: ClientLink
        do throws(TLSFailure) {
            link = try ClientLink(
                purpose: purpose, host: endpoint.host, port: Int(endpoint.port), tls: tls,
                limits: .fetching, maskSeed: maskSeed)
        } catch {
            throw .machine("TLS to \(endpoint.host):\(endpoint.port) cannot be set up: \(error)")
        }
        self.transport = transport
        self.link = link
        self.endpoint = endpoint
        self.clock = clock
        self.timeout = timeout
    }

    /// Connects and waits until the connection is open.
    mutating func connect() throws(StartFailure) {
        let started = clock.now()
        do throws(WireFailure) {
            let addresses = try SocketAddress.resolve(
                host: endpoint.host, port: endpoint.port)
            guard let first = addresses.first else { throw WireFailure.hostNotFound }
            address = first
            steps.name = clock.now() - started
            link.connecting(now: clock.now())
            slot = try transport.connect(to: first)
        } catch {
            throw unreachable("\(error)")
        }
        let dialled = clock.now()
        let deadline = dialled + timeout
        while link.phase != .open {
            let wasConnecting = link.phase == .connecting
            _ = try turn { (_, _) -> Void? in nil }
            if wasConnecting, link.phase != .connecting { steps.connection = clock.now() - dialled }
            if clock.now() >= deadline {
                throw unreachable(
                    "no connection within \(timeout / 1_000_000) ms (timeouts.request)")
            }
        }
        steps.handshake = clock.now() - dialled - steps.connection
        while link.wantsKernel, clock.now() < deadline {
            link.letKernelSeal(transport.file(of: slot))
            _ = try turn { (_, _) -> Void? in nil }
        }
    }

    /// Waits for the first message that `take` makes something of; `nil` after the timeout.
    mutating func wait<Value>(
        for take: (borrowing ClientLink, LinkMessage) -> Value?
    ) throws(StartFailure) -> Value? {
        let deadline = clock.now() + timeout
        while clock.now() < deadline {
            if let value = try turn(take) { return value }
        }
        return nil
    }

    /// One round: events in, the link's progress, bytes out. `take` sees each message in place.
    private mutating func turn<Value>(
        _ take: (borrowing ClientLink, LinkMessage) -> Value?
    ) throws(StartFailure) -> Value? {
        transport.wait(atMost: 1_000_000)
        let event = transport.poll()
        let now = clock.now()
        switch event.kind {
        case .connected: link.connected(now: now)
        case .connectFailed: link.closed(now: now, reason: .connectFailed(errno: event.error))
        case .received:
            if let data = event.data { link.receive(data, Int(event.count), now: now) }
        case .endOfStream: link.closed(now: now, reason: .endOfStream)
        case .failed: link.closed(now: now, reason: .transport(errno: event.error))
        case .sent: link.finishSend(Int(event.count))
        default: break
        }
        defer { transport.release(event) }
        link.tick(now: now)
        let value = try read(now, take)
        send()
        return value
    }

    private mutating func read<Value>(
        _ now: Int64, _ take: (borrowing ClientLink, LinkMessage) -> Value?
    ) throws(StartFailure) -> Value? {
        var value: Value?
        while true {
            let message = link.next()
            switch message {
            case .needsCold: link.progressCold(now: now)
            case .closed(let reason):
                let cause = reason.description(with: link.failureText)
                throw unreachable(cause + ConnectionAdvice.text(for: reason))
            case .none: return value
            default: if value == nil { value = take(link, message) }
            }
        }
    }

    private mutating func send() {
        if link.isSendInFlight { return }
        let bytes = link.beginSend()
        if bytes.count == 0 { return }
        let sent = transport.send(slot, bytes.pointer, bytes.count)
        if sent != 0 { link.finishSend(max(sent, 0)) }
        transport.flush()
    }

    /// Where it leads, as the configuration says.
    var place: String { "\(endpoint.host):\(endpoint.port)" }

    func unreachable(_ cause: String) -> StartFailure {
        .unreachable(endpoint: place, cause: cause)
    }
}
