import Glibc
import Wire

/// A connection of the engine and its other half, to the exchange.
struct ProxiedConnection {
    let engine: Int32
    /// -1: this one leads nowhere.
    let exchange: Int32
    var toExchange: ProxiedStream
    var toEngine: ProxiedStream
    private(set) var isConnecting: Bool
    private(set) var isOver = false
    private var cut: Cut?
    private var harm: [ChaosFault] = []
    /// Nothing passes any more, and nobody was told.
    private var isSilent = false
    /// Thrown away then, though one side has not ended it.
    private var expiry = Int64.max

    /// An end that waits for its byte.
    private struct Cut {
        let fault: ChaosFault
        let deadline: Int64
    }

    private static let patience: Int64 = 100_000_000
    private static let longestGoodbye: Int64 = 10_000_000_000

    init(engine: Int32, exchange: Int32) {
        self.engine = engine
        self.exchange = exchange
        toExchange = ProxiedStream(from: engine, to: exchange)
        toEngine = ProxiedStream(from: exchange, to: engine)
        isConnecting = exchange >= 0
        if exchange < 0 { silence() }
    }

    /// Both halves live and none is about to end.
    var isWhole: Bool {
        !isOver && !isConnecting && exchange >= 0 && cut == nil && !toEngine.isShut
            && !toExchange.isShut
    }

    // MARK: - Polling

    var interests: [pollfd] {
        func interest(_ descriptor: Int32, reads: Bool, writes: Bool) -> pollfd {
            let events = (reads ? Int32(POLLIN) : 0) | (writes ? Int32(POLLOUT) : 0)
            // A descriptor nobody waits for would still report its peer's end, over and over.
            return pollfd(fd: events == 0 ? -1 : descriptor, events: Int16(events), revents: 0)
        }
        return [
            interest(
                engine, reads: !isConnecting && toExchange.wantsBytes, writes: toEngine.isBlocked),
            interest(
                exchange, reads: !isConnecting && toEngine.wantsBytes,
                writes: isConnecting || toExchange.isBlocked),
        ]
    }

    var nextTime: Int64? {
        [toExchange.nextTime, toEngine.nextTime, cut?.deadline, expiry].compactMap { $0 }.min()
    }

    /// What has been done to it since the last time.
    mutating func takeHarm() -> [ChaosFault] {
        defer { (harm, toEngine.harm, toExchange.harm) = ([], [], []) }
        return harm + toEngine.harm + toExchange.harm
    }

    /// Moves bytes both ways.
    /// - Returns: whether the exchange can be reached.
    mutating func turn(
        _ engineEvents: Int16, _ exchangeEvents: Int16, now: Int64, _ random: inout SeededRandom
    ) -> Bool {
        if isConnecting {
            guard exchangeEvents != 0 else { return true }
            isConnecting = false
            if socketError != 0 {
                reset()
                return false
            }
        }
        var outcomes: [ProxiedStream.Outcome] = []
        if engineEvents != 0 { outcomes.append(toExchange.read(now: now, &random)) }
        if exchangeEvents != 0 { outcomes.append(toEngine.read(now: now, &random)) }
        outcomes.append(toExchange.write(now: now))
        outcomes.append(toEngine.write(now: now))
        if let cut, isDue(cut, now) {
            self.cut = nil
            end(cut.fault, now: now)
            harm.append(cut.fault)
            return true
        }
        let isFinished = isSilent
            ? toExchange.hasEnded || toEngine.hasEnded
            : toExchange.isFinished && toEngine.isFinished
        if outcomes.contains(.broken) {
            reset()
        } else if isFinished || now >= expiry {
            finish()
        }
        return true
    }

    private var socketError: Int32 {
        var error: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        getsockopt(exchange, SOL_SOCKET, SO_ERROR, &error, &length)
        return error
    }

    // MARK: - Ends

    /// Ends the connection after so many more bytes, or soon when none come.
    mutating func arm(
        _ fault: ChaosFault, afterBytes count: Int, toEngine isToEngine: Bool, now: Int64
    ) {
        cut = Cut(fault: fault, deadline: now + Self.patience)
        if isToEngine { toEngine.bytesUntilCut = count } else { toExchange.bytesUntilCut = count }
    }

    private func isDue(_ cut: Cut, _ now: Int64) -> Bool {
        now >= cut.deadline || toEngine.bytesUntilCut == 0 || toExchange.bytesUntilCut == 0
    }

    private mutating func end(_ fault: ChaosFault, now: Int64) {
        toEngine.bytesUntilCut = nil
        toExchange.bytesUntilCut = nil
        switch fault {
        case .reset: reset()
        case .halfClose: toEngine.shut()
        case .silence: silence()
        default:
            toEngine.shut()
            toExchange.shut()
            expiry = now + Self.longestGoodbye
        }
    }

    private mutating func silence() {
        isSilent = true
        toEngine.hush()
        toExchange.hush()
    }

    /// Ends both halves at once, what is on its way included.
    mutating func reset() {
        if isOver { return }
        for descriptor in [engine, exchange] where descriptor >= 0 {
            var now = linger(l_onoff: 1, l_linger: 0)
            setsockopt(
                descriptor, SOL_SOCKET, SO_LINGER, &now, socklen_t(MemoryLayout<linger>.size))
        }
        finish()
    }

    private mutating func finish() {
        isOver = true
        close(engine)
        if exchange >= 0 { close(exchange) }
    }
}
