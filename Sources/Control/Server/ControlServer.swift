import Foundation
import Glibc
import Telemetry

/// The control socket: JSON-RPC 2.0, one message a line, over a Unix socket of mode 0600.
///
/// Design section 8. Only the engine's user and root are obeyed (SO_PEERCRED). A thread owns the
/// connections, this actor turns lines into calls on the ``ControlTarget`` and audits every one.
/// A slow or dead client costs the engine nothing: it is dropped.
public actor ControlServer {
    public nonisolated let path: String
    private let methods: ControlMethods
    private let limits: ControlLimits
    private let audit: @Sendable (AuditRecord) -> Void
    private let now: @Sendable () -> Int64

    private var loop: ConnectionLoop?
    private var subscriptions: [ConnectionLoop.Identifier: [Int64: Task<Void, Never>]] = [:]
    private var lastSubscription: Int64 = 0
    private var stopWaiters: [CheckedContinuation<Void, Never>] = []

    /// `now` is the wall clock in nanoseconds since 1970; `audit` is called for every request,
    /// also for refused ones, on the actor: it must not block.
    public init(
        path: String, target: any ControlTarget, limits: ControlLimits = ControlLimits(),
        now: @escaping @Sendable () -> Int64 = ControlServer.wallClock,
        audit: @escaping @Sendable (AuditRecord) -> Void
    ) {
        self.path = path
        self.limits = limits
        self.audit = audit
        self.now = now
        methods = ControlMethods(target: target)
    }

    /// Nanoseconds since 1970 from the system clock.
    public static let wallClock: @Sendable () -> Int64 = {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    /// Opens the socket and serves until ``stop()``. May be called once.
    public func start() throws(SocketFailure) {
        precondition(loop == nil, "a control server is started once")
        let socket = try SocketFile(at: path, backlog: 64)
        let loop = try ConnectionLoop(limits: limits, events: makeEvents())
        self.loop = loop
        // A noncopyable value enters an escaping closure only through a box.
        let box = SocketBox(socket)
        let thread = Thread {
            if let owned = box.take() { loop.run(owned) }
        }
        thread.name = "apus-control"
        thread.start()
    }

    /// Answers what is in work, closes every client, removes the socket. Returns when done.
    public func stop() async {
        guard let loop else { return }
        for tasks in subscriptions.values { tasks.values.forEach { $0.cancel() } }
        subscriptions.removeAll()
        await withCheckedContinuation { waiter in
            stopWaiters.append(waiter)
            loop.post(.stop)
        }
    }

    private nonisolated func makeEvents() -> ConnectionLoop.Events {
        ConnectionLoop.Events(
            line: { client, peer, line in
                Task { await self.answer(line, of: client, peer) }
            },
            tooLong: { peer in
                Task { await self.recordRefusal(peer, "request line too long") }
                let error = RemoteError.invalidRequest(
                    "a request line has at most \(self.limits.requestBytes) bytes")
                return Self.line(Envelope.error(error, id: .null))
            },
            refused: { peer, isFull in
                let error: RemoteError =
                    isFull
                    ? .exhausted("at most \(self.limits.clients) clients")
                    : .forbidden("only the engine's user and root may control it")
                Task { await self.recordRefusal(peer, error.message) }
                return Self.line(Envelope.error(error, id: .null))
            },
            closed: { client in Task { await self.forget(client) } },
            stopped: { Task { await self.finishStop() } })
    }

    private static func line(_ text: String) -> [UInt8] { Array((text + "\n").utf8) }

    private func finishStop() {
        loop = nil
        stopWaiters.forEach { $0.resume() }
        stopWaiters.removeAll()
    }

    private func forget(_ client: ConnectionLoop.Identifier) {
        subscriptions.removeValue(forKey: client)?.values.forEach { $0.cancel() }
    }

    // MARK: - Calls

    private func answer(
        _ line: [UInt8], of client: ConnectionLoop.Identifier, _ peer: PeerCredentials
    ) async {
        let reply = await reply(to: line, of: client, peer)
        loop?.post(.write(client, reply.map(Self.line) ?? [], isAnswer: true))
    }

    private func reply(
        to line: [UInt8], of client: ConnectionLoop.Identifier, _ peer: PeerCredentials
    ) async -> String? {
        let message: JSONValue
        do {
            message = try JSONDecoder().decode(JSONValue.self, from: Data(line))
        } catch {
            recordRefusal(peer, "parse error")
            return Envelope.error(.parseError("the line is not JSON"), id: .null)
        }
        guard case .array(let batch) = message else {
            return await reply(to: message, of: client, peer)
        }
        guard !batch.isEmpty else {
            recordRefusal(peer, "empty batch")
            return Envelope.error(.invalidRequest("an empty batch"), id: .null)
        }
        guard batch.count <= limits.batchRequests else {
            recordRefusal(peer, "batch too large")
            let most = "a batch has at most \(limits.batchRequests) requests"
            return Envelope.error(.invalidRequest(most), id: .null)
        }
        var replies: [String] = []
        for entry in batch {
            if let reply = await reply(to: entry, of: client, peer) { replies.append(reply) }
        }
        return replies.isEmpty ? nil : Envelope.batch(replies)
    }

    private func reply(
        to message: JSONValue, of client: ConnectionLoop.Identifier, _ peer: PeerCredentials
    ) async -> String? {
        let call: RemoteCall
        do throws(RejectedCall) {
            call = try RemoteCall.read(message)
        } catch {
            recordRefusal(peer, error.error.message)
            return Envelope.error(error.error, id: error.id)
        }
        let started = now()
        let result =
            ControlMethods.connectionMethods.contains(call.method)
            ? subscriptionResult(call, of: client) : await methods.perform(call)
        record(call, peer, started: started, result)
        guard let id = call.id else { return nil }
        return switch result {
        case .success(let json): Envelope.result(json, id: id)
        case .failure(let error): Envelope.error(error, id: id)
        }
    }

    // MARK: - Subscriptions

    private func subscriptionResult(
        _ call: RemoteCall, of client: ConnectionLoop.Identifier
    ) -> Result<String, RemoteError> {
        do throws(RemoteError) {
            var parameters = try ParameterReader(call.parameters)
            if call.method == "unsubscribe" {
                let number = try parameters.integer(
                    "subscription", in: 1...Int64.max, default: 0)
                try parameters.finish()
                guard let task = subscriptions[client]?.removeValue(forKey: number) else {
                    throw .invalidParameter("subscription", "\(number) is not one of this client")
                }
                task.cancel()
                return .success("true")
            }
            let interval = try parameters.integer(
                "interval_milliseconds", in: 100...60_000, default: 1000)
            try parameters.finish()
            guard subscriptions[client, default: [:]].count < limits.subscriptionsPerClient else {
                throw .exhausted("at most \(limits.subscriptionsPerClient) subscriptions a client")
            }
            lastSubscription += 1
            subscriptions[client, default: [:]][lastSubscription] = pushTask(
                to: client, every: interval)
            return .success(
                #"{"interval_milliseconds":\#(interval),"subscription":\#(lastSubscription)}"#)
        } catch {
            return .failure(error)
        }
    }

    private func pushTask(
        to client: ConnectionLoop.Identifier, every milliseconds: Int64
    ) -> Task<Void, Never> {
        Task { [weak self, methods] in
            while !Task.isCancelled {
                try? await Task.sleep(for: .milliseconds(milliseconds))
                if Task.isCancelled { return }
                let status = RemoteCall(method: "status", parameters: nil, id: nil)
                guard case .success(let json) = await methods.perform(status), let self else {
                    return
                }
                await push(Envelope.notification("snapshot", json), to: client)
            }
        }
    }

    private func push(_ text: String, to client: ConnectionLoop.Identifier) {
        guard subscriptions[client] != nil else { return }
        loop?.post(.write(client, Self.line(text), isAnswer: false))
    }

    // MARK: - Audit

    private func record(
        _ call: RemoteCall, _ peer: PeerCredentials, started: Int64,
        _ result: Result<String, RemoteError>
    ) {
        let outcome =
            switch result {
            case .success: "ok"
            case .failure(let error): "\(error.code) \(error.message)"
            }
        let known = ControlMethods.known.contains(call.method)
        audit(
            AuditRecord(
                timeNanoseconds: started, uid: peer.uid, pid: peer.pid,
                method: known ? call.method : "unknown",
                parameters: String((call.parameters?.text ?? "{}").prefix(1024)),
                isCommand: ControlMethods.commands.contains(call.method), outcome: outcome,
                durationNanoseconds: now() - started))
    }

    private func recordRefusal(_ peer: PeerCredentials?, _ reason: String) {
        audit(
            AuditRecord(
                timeNanoseconds: now(), uid: peer?.uid ?? .max, pid: peer?.pid ?? -1,
                method: "none", parameters: "{}", isCommand: false, outcome: "refused: " + reason,
                durationNanoseconds: 0))
    }
}
