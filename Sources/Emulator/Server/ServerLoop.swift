import Machine
import MarketModel
import Wire

/// The exchange's duty cycle: sockets in, dialect, market, sockets out. One thread.
///
/// All frames of a cycle are queued per connection, encrypted together and sent with one call, so
/// that a busy market costs few records and system calls.
final class ServerLoop<Sockets: Transport & ~Copyable> {
    /// Market events per cycle: enough to amortise a send, few enough to answer orders soon.
    private let marketBatch = 256
    private let eventBatch = 128

    let dialect: ExchangeDialect
    var sockets: Sockets
    let counters: ExchangeCounters
    let configuration: ExchangeConfiguration
    /// `nil`: plain text, in simulations.
    private let tls: TLSServerContext?
    private let limits: LinkLimits
    var clock: TSCClock
    private var lastResync: Int64
    private let listener: Int
    /// Where the binary market streams are served; `nil`: nowhere.
    private let binaryListener: Int?
    /// The exchange's own record, when it keeps one.
    private let log: StateLog?
    var connections = NumberedTable<Connection>()
    private var bySession: [SessionID: Connection] = [:]
    private var clients: [String: Int] = [:]
    private var nextTimeCheck: Int64 = 0
    /// Whether the last cycle has left bytes to send or connections to end.
    private var hasLeftovers = true
    /// Not counted yet.
    private var queuedMessages: Int64 = 0
    private var queuedBytes: Int64 = 0
    /// Whether the public market stands still; accounts are served all the same.
    var holdsMarket = false
    /// Whoever changes what clients hear, in simulations.
    var interference: (any Interference)?

    /// Listens, with ``ListenPatience``; connections are accepted once ``cycle()`` runs.
    init(
        sockets: consuming Sockets, dialect: ExchangeDialect, configuration: ExchangeConfiguration,
        log: StateLog?, tls: TLSServerContext?, clock: TSCClock, counters: ExchangeCounters
    ) throws(ExchangeFailure) {
        guard let address = SocketAddress(
            numeric: configuration.address, port: configuration.port)
        else { throw .badAddress(configuration.address) }
        var sockets = sockets
        do throws(WireFailure) {
            let patience = ListenPatience.real(clock.now)
            listener = try patience.listen { () throws(WireFailure) in
                try sockets.listen(on: address, backlog: 64)
            }
            var binaryAddress = address
            binaryAddress.port = configuration.binaryPort ?? 0
            binaryListener =
                configuration.binaryPort == nil
                ? nil
                : try patience.listen { () throws(WireFailure) in
                    try sockets.listen(on: binaryAddress, backlog: 64)
                }
        } catch {
            throw .transport(error)
        }
        self.sockets = sockets
        self.dialect = dialect
        self.configuration = configuration
        self.log = log
        self.tls = tls
        self.clock = clock
        self.counters = counters
        lastResync = clock.now()
        limits = Self.linkLimits(configuration.streams)
    }

    private static func linkLimits(_ streams: StreamConfiguration) -> LinkLimits {
        var limits = LinkLimits()
        limits.pingInterval = streams.pingIntervalSeconds * 1_000_000_000
        limits.pongTimeout = streams.pongTimeoutSeconds * 1_000_000_000
        limits.silenceTimeout = limits.pingInterval + limits.pongTimeout
        limits.maximumMessage = 1 << 16
        limits.outgoing = streams.sendQueueBytes
        limits.stampsMessages = false
        return limits
    }

    var port: UInt16 { sockets.localAddress(of: listener)?.port ?? 0 }
    /// 0 without a port for the binary market streams.
    var binaryPort: UInt16 {
        binaryListener.flatMap { sockets.localAddress(of: $0)?.port } ?? 0
    }
    var hasConnections: Bool { !connections.isEmpty }

    /// Whether a replay that stops the exchange at its end has been sent completely.
    var isDone: Bool {
        guard case .replay(let replay) = configuration.market, replay.atEnd == .stop else {
            return false
        }
        return dialect.isReplayFinished && !dialect.hasStreamSessions
    }

    /// One turn: everything that has arrived, everything that is due.
    func cycle(longestWait: Int64) throws(ExchangeFailure) {
        let now = clock.now()
        var work = receive(now: now)
        if mayAdvanceMarket {
            let events = dialect.advance(
                now: Timestamp(nanoseconds: now), limit: marketBatch)
            counters.marketEvents.add(Int64(events))
            work += events
        }
        work += dialect.outbox.frames.count
        drainOutbox(now: now)
        checkTime(now: now)
        try recordChanges(now: now)
        sendAll(now: now)
        sockets.flush()
        if work == 0 {
            let due = dialect.nextDeadline.nanoseconds
            let wait = mayAdvanceMarket ? due - clock.now() : longestWait
            if wait > 0 { sockets.wait(atMost: min(wait, longestWait)) }
        }
    }

    /// Whether a cycle at `now` would do nothing unless the sockets have something to tell.
    func isAtRest(at now: Int64) -> Bool {
        !hasLeftovers && now < nextTimeCheck && now < dialect.nextDeadline.nanoseconds
            && dialect.outbox.isEmpty && dialect.exchange.publicEvents.isEmpty
            && dialect.exchange.userEvents.isEmpty
    }

    /// Carries out what the operator wants.
    func perform(_ action: ExchangeAction) {
        dialect.perform(action, now: Timestamp(nanoseconds: clock.now()))
    }

    /// Announces the end to every client.
    func shutDown() throws(ExchangeFailure) {
        let now = clock.now()
        dialect.shutDown(now: Timestamp(nanoseconds: now))
        drainOutbox(now: now)
        try recordChanges(now: now)
        sendAll(now: now)
        sockets.flush()
    }

    /// Drops whoever is still there.
    func closeAll() {
        for connection in connections.values { remove(connection) }
        sockets.close(listener)
        if let binaryListener { sockets.close(binaryListener) }
        sockets.flush()
    }

    /// Puts on record what has happened: nothing is sent that a crash could undo.
    private func recordChanges(now: Int64) throws(ExchangeFailure) {
        guard let log else { return }
        let exchange = dialect.exchange
        do throws(StateLogFailure) {
            if let changes = exchange.takeChanges(now: Timestamp(nanoseconds: now)) {
                try log.append(changes)
            }
            if log.mustBeginAnew {
                try log.begin(exchange.takeState(), ExchangeNames(configuration))
            }
        } catch {
            throw .state(error)
        }
    }

    /// A replay as fast as it is read waits while a reader is behind.
    private var mayAdvanceMarket: Bool {
        if holdsMarket { return false }
        guard dialect.waitsForReaders else { return true }
        let high = configuration.streams.sendQueueBytes / 4
        return connections.values.allSatisfy { $0.link.outgoing.count < high }
    }

    // MARK: - Receiving

    private func receive(now: Int64) -> Int {
        var count = 0
        while count < eventBatch {
            let event = sockets.poll()
            switch event.kind {
            case .none: return count
            case .accepted:
                accept(
                    Int(event.slot), isBinary: Int(event.count) == binaryListener, now: now)
            case .received:
                if let connection = connections[Int(event.slot)], let data = event.data {
                    connection.link.receive(data, Int(event.count), now: now)
                    process(connection, now: now)
                }
            case .sent:
                connections[Int(event.slot)]?.link.finishSend(Int(event.count))
            case .endOfStream: end(Int(event.slot), .endOfStream, now: now)
            case .failed: end(Int(event.slot), .transport(errno: event.error), now: now)
            case .connected, .connectFailed: break
            }
            sockets.release(event)
            count += 1
        }
        return count
    }

    private func accept(_ slot: Int, isBinary: Bool, now: Int64) {
        counters.connectionsAccepted.add()
        let address = sockets.peerAddress(of: slot).map { Self.host(of: $0) } ?? ""
        let client = clients[address] ?? clients.count
        clients[address] = client
        guard connections.count < configuration.streams.maximumConnections,
            var link = try? ServerLink(tls: tls, limits: limits)
        else {
            sockets.reset(slot)
            return
        }
        link.accepted(now: now)
        let session = dialect.open(client: client, now: Timestamp(nanoseconds: now))
        let connection = Connection(
            slot: slot, session: session, isBinary: isBinary, link: link, now: now)
        connections[slot] = connection
        bySession[session] = connection
    }

    private static func host(of address: SocketAddress) -> String {
        var anyPort = address
        anyPort.port = 0
        return anyPort.description
    }

    private func end(_ slot: Int, _ reason: LinkCloseReason, now: Int64) {
        guard let connection = connections[slot] else { return }
        connection.link.closed(now: now, reason: reason)
        process(connection, now: now)
    }

    /// Takes every message that has arrived on a connection.
    func process(_ connection: Connection, now: Int64) {
        while true {
            switch connection.link.next() {
            case .none: return
            case .needsCold: connection.link.progressCold(now: now)
            case .request: answer(connection, now: now)
            case .text(let bytes, let count):
                counters.messagesReceived.add()
                dialect.receive(
                    UnsafeRawBufferPointer(start: bytes, count: count), on: connection.session,
                    now: Timestamp(nanoseconds: now))
            case .binary: connection.link.close(code: 1003, now: now)
            case .pong:
                dialect.receivePong(on: connection.session, now: Timestamp(nanoseconds: now))
            case .opened, .response: break
            case .closed(let reason): noteClosed(connection, reason, now: now)
            }
        }
    }

    private func noteClosed(_ connection: Connection, _ reason: LinkCloseReason, now: Int64) {
        switch reason {
        case .tls, .http, .webSocket: counters.protocolFailures.add()
        case .overflow: counters.slowConsumers.add()
        default: break
        }
        connection.isDead = true
        connection.deadSince = now
    }

    private func answer(_ connection: Connection, now: Int64) {
        let time = Timestamp(nanoseconds: now)
        counters.restRequests.add()
        let target = connection.link.requestTarget
        if connection.link.requestIsUpgrade {
            let refusal = dialect.upgrade(
                connection.session, target: target, isBinary: connection.isBinary,
                key: connection.link.requestField("X-MBX-APIKEY"), now: time)
            if let refusal {
                send(refusal, on: connection, to: target, now: now)
            } else {
                _ = connection.link.acceptUpgrade(now: now)
                connection.isAPI = dialect.sessions[connection.session]?.kind == .api
            }
            return
        }
        var request = RESTRequest(method: connection.link.requestMethod, target: target)
        request.body = String(decoding: connection.link.requestBody, as: UTF8.self)
        request.key = connection.link.requestField("X-MBX-APIKEY")
        request.isInMicroseconds =
            connection.link.requestField("X-MBX-TIME-UNIT")?.uppercased() == "MICROSECOND"
        request.accept = connection.link.requestField("Accept")
        request.schema = connection.link.requestField("X-MBX-SBE")
        send(
            dialect.respond(to: request, on: connection.session, now: time), on: connection,
            to: target, now: now)
    }

    private func send(
        _ response: RESTResponse, on connection: Connection, to target: String, now: Int64
    ) {
        var answer = LeavingAnswer(
            status: response.status, fields: response.fields, body: response.body)
        if let interference, !interference.change(&answer, to: target) { return }
        if let raw = answer.raw {
            _ = raw.withUnsafeBytes { connection.link.queueRaw($0) }
            return
        }
        let isQueued = answer.body.withUnsafeBytes { body in
            connection.link.respond(
                status: answer.status, fields: answer.fields, body: body, now: now)
        }
        if !isQueued { connection.link.close(now: now) }
    }

    // MARK: - Sending

    /// Moves the dialect's frames into the connections' queues.
    func drainOutbox(now: Int64) {
        defer { sendOverdue(now: now) }
        guard !dialect.outbox.isEmpty else { return }
        var connection: Connection?
        if let base = dialect.outbox.text.bytes.baseAddress {
            for frame in dialect.outbox.frames {
                if connection?.session != frame.session { connection = bySession[frame.session] }
                guard let connection, !connection.isDead else { continue }
                let bytes = base + frame.start
                if interference == nil {
                    queue(bytes, frame.count, isBinary: frame.isBinary, on: connection, now: now)
                } else {
                    interfere(
                        bytes, frame.count, isBinary: frame.isBinary, on: connection, now: now)
                }
            }
        }
        for closing in dialect.outbox.closings {
            bySession[closing.session]?.link.close(code: closing.code, now: now)
        }
        dialect.outbox.clear()
    }

    private func interfere(
        _ bytes: UnsafeRawPointer, _ count: Int, isBinary: Bool, on connection: Connection,
        now: Int64
    ) {
        let destination = Destination(
            connection: connection.session, isAPI: connection.isAPI, isBinary: isBinary)
        let message = UnsafeRawBufferPointer(start: bytes, count: count)
        switch interference?.fate(of: message, to: destination) ?? .sent {
        case .sent: queue(bytes, count, isBinary: isBinary, on: connection, now: now)
        case .replaced(let messages):
            for message in messages {
                queue(message, isBinary: isBinary, on: connection, now: now)
            }
        case .raw(let bytes):
            bytes.withUnsafeBytes { _ = connection.link.queueRaw($0) }
            connection.hasQueued = true
        case .cut: connection.isDead = true
        case .closed(let code): connection.link.close(code: code, now: now)
        }
    }

    /// What was held back has its turn.
    private func sendOverdue(now: Int64) {
        for held in interference?.overdue(now: now) ?? [] {
            guard let connection = bySession[held.connection], !connection.isDead else { continue }
            queue(held.bytes, isBinary: held.isBinary, on: connection, now: now)
        }
    }

    private func queue(
        _ message: [UInt8], isBinary: Bool, on connection: Connection, now: Int64
    ) {
        message.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress else { return }
            queue(base, bytes.count, isBinary: isBinary, on: connection, now: now)
        }
    }

    private func queue(
        _ bytes: UnsafeRawPointer, _ count: Int, isBinary: Bool, on connection: Connection,
        now: Int64
    ) {
        func queue() -> Bool {
            isBinary
                ? connection.link.queueBinary(bytes, count)
                : connection.link.queueText(bytes, count)
        }
        if !queue() {
            // Make room by encrypting what waits, once; then the client is too slow.
            _ = connection.link.seal()
            if !queue() {
                dropSlowConsumer(connection)
                return
            }
        }
        connection.hasQueued = true
        connection.messageCount += 1
        queuedMessages += 1
        queuedBytes += Int64(count)
        let limit = configuration.faults.disconnectAfterMessages
        if limit > 0, connection.messageCount >= limit,
            dialect.sessions[connection.session]?.kind == .streams
        {
            connection.isDead = true
        }
    }

    private func dropSlowConsumer(_ connection: Connection) {
        guard connection.link.phase == .open else { return }
        counters.slowConsumers.add()
        connection.isDead = true
    }

    /// Encrypts what was queued and starts sends on idle sockets; closes what has ended.
    private func sendAll(now: Int64) {
        hasLeftovers = false
        if queuedMessages > 0 {
            counters.messagesSent.add(queuedMessages)
            counters.messageBytesSent.add(queuedBytes)
            queuedMessages = 0
            queuedBytes = 0
        }
        for connection in connections.values {
            if connection.hasQueued {
                connection.link.seal()
                connection.hasQueued = false
            }
            startSend(connection, now: now)
            if isOver(connection, now: now) {
                remove(connection)
            } else if connection.isDead || connection.link.outgoing.count > 0 {
                hasLeftovers = true
            }
        }
    }

    /// Sent to its last byte, cut off on purpose, or too slow even for the goodbye.
    private func isOver(_ connection: Connection, now: Int64) -> Bool {
        if connection.link.shouldCloseTransport { return true }
        guard connection.isDead else { return false }
        return connection.link.phase != .closed || now - connection.deadSince > 2_000_000_000
    }

    func startSend(_ connection: Connection, now: Int64) {
        guard !connection.link.isSendInFlight, connection.link.outgoing.count > 0 else { return }
        let (bytes, count) = connection.link.beginSend()
        let taken = sockets.send(connection.slot, bytes, count)
        if taken > 0 {
            connection.link.finishSend(taken)
        } else if taken < 0 {
            connection.link.finishSend(0)
        }
    }

    private func remove(_ connection: Connection) {
        connections[connection.slot] = nil
        bySession[connection.session] = nil
        dialect.close(connection.session)
        sockets.close(connection.slot)
        counters.connectionsClosed.add()
    }

    // MARK: - Time

    /// Pings, timeouts and lifetimes; a few times a second is enough for them.
    private func checkTime(now: Int64) {
        guard now >= nextTimeCheck else { return }
        nextTimeCheck = now + 50_000_000
        let lifetime = configuration.streams.connectionLifetimeSeconds * 1_000_000_000
        for connection in connections.values {
            if now >= connection.link.nextDeadline {
                connection.link.tick(now: now)
                process(connection, now: now)
            }
            if now - connection.openedAt >= lifetime, connection.link.phase == .open {
                connection.link.close(code: 1001, now: now)
            }
        }
        counters.depthMessagesDropped.store(Int64(dialect.publisher.droppedDepthMessages))
        counters.rateLimitRefusals.store(Int64(dialect.limiter.refusalCount))
        counters.bans.store(Int64(dialect.limiter.banCount))
        counters.isReplayFinished.store(dialect.isReplayFinished ? 1 : 0)
        counters.isReplayTruncated.store(dialect.replayFailure == nil ? 0 : 1)
        if now - lastResync > 1_000_000_000 {
            lastResync = now
            _ = clock.resync()
        }
    }
}
