import Glibc
import Wire

/// A TCP proxy on loopback between the engine and the exchange that harms what passes it.
///
/// It sees only TCP and the outside of TLS records, as a network does. One thread owns it and calls
/// ``turn(atMost:alsoFor:)`` over and over; faults come from a ``ChaosPlan`` or by
/// ``strike(_:everywhere:)``.
public final class ChaosProxy {
    /// Connections at a time; one more is reset.
    private static let mostConnections = 256
    /// Bytes that pass at most before a connection's end.
    private static let mostBytesUntilCut = 4_096

    public let port: UInt16
    public private(set) var report = ChaosReport()
    private let exchangePort: UInt16
    private let plan: ChaosPlan
    private let listener: Int32
    private var random: SeededRandom
    private var connections: [ProxiedConnection] = []
    private var refusesUntil: Int64 = 0
    private var isMuteUntil: Int64 = 0
    private var nextStrike: Int64?

    /// Listens on a loopback port, 0 for any free one, for connections to another.
    public init(port: UInt16, exchangePort: UInt16, plan: ChaosPlan = ChaosPlan())
        throws(ChaosFailure)
    {
        (listener, self.port) = try LoopbackSocket.listen(on: port)
        self.exchangePort = exchangePort
        self.plan = plan
        random = SeededRandom(seed: plan.seed)
        nextStrike = plan.interval.map { LoopbackSocket.now() + drawn(upTo: 2 * $0) }
    }

    deinit {
        for index in connections.indices { connections[index].reset() }
        close(listener)
    }

    /// Connections that lead to the exchange and that nothing is about to end.
    public var liveConnections: Int { connections.count(where: \.isWhole) }

    // MARK: - Turns

    /// Waits for bytes, at most so many milliseconds, and moves them.
    /// - Parameter descriptor: also ends the wait when it can be read, -1 for none.
    /// - Returns: whether it can be read.
    @discardableResult
    public func turn(atMost milliseconds: Int32, alsoFor descriptor: Int32 = -1) -> Bool {
        var polled = [
            pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: listener, events: Int16(POLLIN), revents: 0),
        ]
        for connection in connections { polled += connection.interests }
        poll(&polled, nfds_t(polled.count), timeout(milliseconds))
        let now = LoopbackSocket.now()
        for index in connections.indices {
            let isReachable = connections[index].turn(
                polled[2 * index + 2].revents, polled[2 * index + 3].revents, now: now, &random)
            if !isReachable { report.unreachable += 1 }
            for fault in connections[index].takeHarm() { report.faults[fault, default: 0] += 1 }
        }
        removeFinished()
        if polled[1].revents != 0 { accept(now: now) }
        if let due = nextStrike, let interval = plan.interval, now >= due {
            nextStrike = now + drawn(upTo: 2 * interval)
            if let fault = plan.faults.randomElement(using: &random) {
                strike(fault, everywhere: Bool.random(using: &random))
            }
        }
        return polled[0].revents != 0
    }

    private func timeout(_ milliseconds: Int32) -> Int32 {
        let times = connections.compactMap(\.nextTime) + [nextStrike].compactMap { $0 }
        guard let first = times.min() else { return milliseconds }
        let left = max(first - LoopbackSocket.now(), 0)
        return min(milliseconds, Int32(clamping: (left + 999_999) / 1_000_000))
    }

    private func removeFinished() {
        for connection in connections where connection.isOver {
            report.bytesToExchange += connection.toExchange.forwarded
            report.bytesToEngine += connection.toEngine.forwarded
        }
        connections.removeAll(where: \.isOver)
    }

    private func accept(now: Int64) {
        while let engine = LoopbackSocket.accept(listener) {
            report.connections += 1
            let isRefused = now < refusesUntil || connections.count >= Self.mostConnections
            let isMute = now < isMuteUntil
            var connection = ProxiedConnection(
                engine: engine,
                exchange: isRefused || isMute ? -1 : LoopbackSocket.connect(to: exchangePort))
            if isRefused {
                report.faults[.refuse, default: 0] += 1
                connection.reset()
            } else if isMute {
                report.faults[.mute, default: 0] += 1
                connections.append(connection)
            } else if connection.exchange < 0 {
                report.unreachable += 1
                connection.reset()
            } else {
                connections.append(connection)
            }
        }
    }

    // MARK: - Faults

    /// Harms one connection, or every one; those that end do so at a byte of the next.
    /// - Returns: how many connections were chosen; for faults of new ones 0.
    @discardableResult
    public func strike(_ fault: ChaosFault, everywhere: Bool) -> Int {
        let now = LoopbackSocket.now()
        if fault == .refuse { refusesUntil = now + drawn(upTo: plan.longest) }
        if fault == .mute { isMuteUntil = now + drawn(upTo: plan.longest) }
        if fault.isForNewConnections { return 0 }
        let whole = connections.indices.filter { connections[$0].isWhole }
        let chosen = everywhere ? whole : whole.randomElement(using: &random).map { [$0] } ?? []
        for index in chosen { harm(&connections[index], fault, now) }
        return chosen.count
    }

    /// New connections pass as they come again.
    public func calm() { (refusesUntil, isMuteUntil) = (0, 0) }

    /// What waits for a byte is counted when that comes.
    private func harm(_ connection: inout ProxiedConnection, _ fault: ChaosFault, _ now: Int64) {
        let end = now + drawn(upTo: plan.longest)
        switch fault {
        case .disconnect, .reset, .halfClose, .silence:
            connection.arm(
                fault, afterBytes: Int.random(in: 1...Self.mostBytesUntilCut, using: &random),
                toEngine: Bool.random(using: &random), now: now)
            return
        case .stall:
            connection.toExchange.heldUntil = end
            connection.toEngine.heldUntil = end
        case .delay:
            // A tenth of a second and its jitter, each way.
            let latency = drawn(upTo: 100_000_000)
            connection.toExchange.latency = latency
            connection.toExchange.delayedUntil = end
            connection.toEngine.latency = latency
            connection.toEngine.delayedUntil = end
        case .drip:
            connection.toExchange.drippingUntil = end
            connection.toEngine.drippingUntil = end
        case .corrupt:
            if Bool.random(using: &random) {
                connection.toEngine.mustCorrupt = true
            } else {
                connection.toExchange.mustCorrupt = true
            }
            return
        case .alert:
            // close_notify, or handshake_failure, as nobody within TLS 1.3 would send them.
            let isFatal = Bool.random(using: &random)
            connection.toEngine.insertion = [21, 3, 3, 0, 2] + (isFatal ? [2, 40] : [1, 0])
            return
        case .refuse, .mute: return
        }
        report.faults[fault, default: 0] += 1
    }

    private func drawn(upTo most: Int64) -> Int64 { Int64.random(in: 0...most, using: &random) }
}
