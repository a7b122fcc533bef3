import MarketModel

/// How connections learn that their server is about to shut down (sheet section 3.1).
extension ExchangeDialect {
    /// A connection that was told, and when it ends.
    struct Retirement {
        let session: SessionID
        let due: Timestamp
    }

    /// Tells every WebSocket of now that its server shuts down, and ends those that are still there
    /// after `notice`; connections opened since then go on, as on the server that takes over.
    func retireConnections(after notice: Int64, now: Timestamp) {
        for session in sessions.values where session.kind != .rest {
            sendShutdown(to: session, now: now)
            retirements.append(
                Retirement(session: session.id, due: now + .milliseconds(max(notice, 0))))
        }
        retirements.sort { $0.due < $1.due }
        endRetired(now: now)
    }

    func endRetired(now: Timestamp) {
        while let retired = retirements.first, retired.due <= now {
            retirements.removeFirst()
            if sessions[retired.session] != nil { outbox.close(retired.session, code: 1001) }
        }
    }

    /// Announces the end on every market stream and closes them.
    func endMarket(now: Timestamp) {
        for session in sessions.values where session.kind == .streams {
            sendShutdown(to: session, now: now)
            outbox.close(session.id, code: 1000)
        }
    }

    /// Announces the end on every WebSocket and closes it.
    func shutDown(now: Timestamp) {
        retireConnections(after: 0, now: now)
    }

    private func sendShutdown(to session: Session, now: Timestamp) {
        let start = outbox.text.count
        switch (session.kind, session.isCombined) {
        case (.api, _): outbox.text.raw("{\"event\":{\"e\":\"serverShutdown\",\"E\":")
        case (_, true):
            outbox.text.raw(
                "{\"stream\":\"!serverShutdown\",\"data\":{\"e\":\"serverShutdown\",\"E\":")
        case (_, false): outbox.text.raw("{\"e\":\"serverShutdown\",\"E\":")
        }
        outbox.text.time(now, session.unit)
        outbox.text.raw(session.kind == .api || session.isCombined ? "}}" : "}")
        if session.kind == .api { return sendEvent(from: start, to: session) }
        outbox.send(from: start, to: session.id)
    }
}
