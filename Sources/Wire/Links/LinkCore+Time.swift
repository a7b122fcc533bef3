extension LinkCore {
    /// Lets time pass: pings, and the ends that deadlines bring.
    @_noLocks mutating func tick(now: Int64) {
        self.now = now
        guard now >= nextDeadline else { return }
        switch phase {
        case .idle, .closed: break
        case .connecting: if now >= phaseDeadline { end(.timeout(.connect)) }
        case .handshaking, .upgrading:
            if now >= phaseDeadline { end(.timeout(.handshake)) }
        case .closing: if now >= phaseDeadline { end(.timeout(.close)) }
        case .open: tickOpen()
        }
        schedule()
    }

    private mutating func tickOpen() {
        if now >= responseDeadline { return end(.timeout(.response)) }
        if now >= silenceDeadline {
            return end(.timeout(.silence), code: WebSocketCloseCode.goingAway)
        }
        if awaitsPong, now >= pongDeadline {
            return end(.timeout(.pong), code: WebSocketCloseCode.goingAway)
        }
        sendHeldPong()
        if now >= nextPing, !awaitsPong { ping() }
    }

    /// Recomputes when `tick` must be called next; bytes received since only move it later.
    @_noLocks mutating func schedule() {
        switch phase {
        case .idle, .closed: nextDeadline = .max
        case .connecting, .handshaking, .upgrading, .closing: nextDeadline = phaseDeadline
        case .open:
            let heartbeat = awaitsPong ? pongDeadline : nextPing
            let answer = heldPong < 0 ? Int64.max : pace.nextTime
            nextDeadline = min(min(responseDeadline, silenceDeadline), min(heartbeat, answer))
        }
    }

    private var pongDeadline: Int64 { pingSent &+ limits.pongTimeout }

    /// A connection that waits for an HTTP response is watched by the response's deadline.
    private var silenceDeadline: Int64 {
        isWebSocket || isServer ? lastReceived &+ limits.silenceTimeout : .max
    }
}
