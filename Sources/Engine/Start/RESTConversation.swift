import Machine
import Wire

/// REST requests one after another over one kept connection, waiting for each answer.
///
/// For the engine's start only: instruments, clock, history and balances are fetched before the
/// lane exists. The lane itself never waits.
struct RESTConversation: ~Copyable {
    private var transport: DirectTransport
    private var link: ClientLink
    private let endpoint: VenueEndpoint
    private let clock: TSCClock
    private let timeout: Int64
    private var slot = -1

    typealias Answer = VenueAnswer

    init(
        endpoint: VenueEndpoint, tls: TLSClientContext, clock: TSCClock, timeout: Int64,
        maskSeed: UInt64
    ) throws(StartFailure) {
        var configuration = TransportConfiguration()
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
                purpose: .http, host: endpoint.host, port: Int(endpoint.port), tls: tls,
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

    /// Sends a request and waits for its answer; connects first where that is needed.
    mutating func request(
        _ method: String, _ path: String, fields: [(String, String)] = []
    ) throws(StartFailure) -> Answer {
        if link.phase != .open { try connect() }
        guard
            link.sendRequest(method: method, path: path, fields: fields, now: clock.now())
        else { throw unreachable("the request does not fit the connection") }
        let deadline = clock.now() + timeout
        while clock.now() < deadline {
            if let answer = try turn() { return answer }
        }
        let name = path.prefix { $0 != "?" }
        throw unreachable(
            "no answer to \(name) within \(timeout / 1_000_000) ms (timeouts.request)")
    }

    private mutating func connect() throws(StartFailure) {
        do throws(WireFailure) {
            let addresses = try SocketAddress.resolve(
                host: endpoint.host, port: endpoint.port)
            guard let address = addresses.first else { throw WireFailure.hostNotFound }
            link.connecting(now: clock.now())
            slot = try transport.connect(to: address)
        } catch {
            throw unreachable("\(error)")
        }
        let deadline = clock.now() + timeout
        while link.phase != .open {
            _ = try turn()
            if clock.now() >= deadline { throw unreachable("no connection within \(timeout / 1_000_000) ms (timeouts.request)") }
        }
    }

    /// One round: events in, the link's progress, bytes out.
    private mutating func turn() throws(StartFailure) -> Answer? {
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
        let answer = try read(now)
        send()
        return answer
    }

    private mutating func read(_ now: Int64) throws(StartFailure) -> Answer? {
        var answer: Answer?
        while true {
            switch link.next() {
            case .needsCold: link.progressCold(now: now)
            case .response:
                answer = Answer(
                    status: link.responseStatus, body: Array(link.responseBody),
                    retryAfter: link.responseField("Retry-After").flatMap { Int($0) })
            case .closed(let reason):
                let cause = reason.description(with: link.failureText)
                throw unreachable(cause + ConnectionAdvice.text(for: reason))
            case .none: return answer
            default: break
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

    private func unreachable(_ cause: String) -> StartFailure {
        .unreachable(endpoint: "\(endpoint.host):\(endpoint.port)", cause: cause)
    }
}
