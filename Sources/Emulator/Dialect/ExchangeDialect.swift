import MarketModel

/// The venue's protocol without its sockets: requests, frames and time in, bytes out.
///
/// A driver opens a session for every connection, hands over what arrives, lets time pass with
/// ``advance(now:limit:)`` and sends what lies in ``outbox``. Everything happens on one thread.
final class ExchangeDialect {
    let exchange: Exchange
    let publisher: StreamPublisher
    var authenticator: Authenticator
    var limiter: RateLimiter
    /// Frames to send; the driver drains it after every call.
    var outbox = Outbox()
    var sessions = NumberedTable<Session>()
    /// Whether the WebSocket API takes connections.
    var servesAPI = true
    private var lastSessionID: SessionID = 0
    private let source: MarketFeed
    /// Answers held back by the late acknowledgement fault, in the order they are due.
    private var heldAnswers: [HeldAnswer] = []
    /// Connections that were told of their server's shutdown, in the order they end.
    var retirements: [Retirement] = []

    private struct HeldAnswer {
        let due: Timestamp
        let session: Session
        let bytes: [UInt8]
    }

    /// What drives the public market.
    private enum MarketFeed {
        case agents(AgentMarket)
        case replay(ReplayFeed)
    }

    /// Builds a venue as of `now`.
    ///
    /// - Parameters:
    ///   - records: what the exchange did before; it goes on from there.
    ///   - signatureCheck: verifies one signature with one credential.
    init(
        configuration: ExchangeConfiguration, now: Timestamp, records: [StateRecord] = [],
        signatureCheck: @escaping SignatureCheck
    ) throws(CaptureFailure) {
        switch configuration.market {
        case .agents(let agents):
            exchange = Exchange(configuration: configuration.resuming(records), historyEnd: now) {
                MatchingEngine(lotSize: $0.lotSize)
            }
            exchange.restore(records, now: now)
            source = .agents(AgentMarket(exchange: exchange, configuration: agents, now: now))
        case .replay(let replay):
            let opening = try CaptureOpening(paths: replay.files)
            let start = opening.firstTime
            exchange = Exchange(
                configuration: opening.adjusted(configuration), historyEnd: start
            ) {
                ReplayedBook(lotSize: $0.lotSize)
            }
            exchange.restore(records, now: now)
            source = .replay(
                try ReplayFeed(opening: opening, configuration: replay, exchange: exchange))
        }
        publisher = StreamPublisher(exchange: exchange, now: now)
        authenticator = Authenticator(keys: exchange.keys, isValid: signatureCheck)
        limiter = RateLimiter(limits: configuration.limits)
    }

    // MARK: - Sessions

    /// A connection was accepted; `client` tells clients apart for the limits.
    func open(client: Int, now: Timestamp) -> SessionID {
        lastSessionID += 1
        sessions[lastSessionID] = Session(id: lastSessionID, client: client, now: now)
        return lastSessionID
    }

    /// The connection is gone.
    func close(_ id: SessionID) {
        guard let session = sessions.removeValue(forKey: id) else { return }
        publisher.unsubscribeAll(session)
    }

    // MARK: - Time

    /// When something is due at the latest.
    var nextDeadline: Timestamp {
        var next = publisher.nextDeadline
        switch source {
        case .agents(let agents): next = min(next, agents.nextDeadline)
        case .replay(let feed): next = min(next, feed.nextDeadline)
        }
        if let held = heldAnswers.first { next = min(next, held.due) }
        if let retired = retirements.first { next = min(next, retired.due) }
        return next
    }

    /// Whether the market must wait for its readers: a replay played as fast as it is read.
    var waitsForReaders: Bool {
        if case .replay(let feed) = source { feed.isUnthrottled } else { false }
    }

    /// Whether the replay has played everything.
    var isReplayFinished: Bool {
        if case .replay(let feed) = source { feed.isFinished } else { false }
    }

    /// Why a replay ended before its capture did; `nil` when it did not.
    var replayFailure: CaptureFailure? {
        if case .replay(let feed) = source { feed.failure } else { nil }
    }

    /// Whether a market stream connection is open.
    var hasStreamSessions: Bool { sessions.values.contains { $0.kind == .streams } }

    /// Lets the market go on to `now`, at most `limit` events; how many there were.
    func advance(now: Timestamp, limit: Int) -> Int {
        var marketTime = now
        var count = 0
        switch source {
        case .agents(let agents): count = agents.advance(to: now, limit: limit)
        case .replay(let feed):
            count = feed.advance(to: now, limit: limit, publisher: publisher, outbox: &outbox)
            marketTime = feed.marketTime
            publisher.publishClosedCandles(marketTime, to: &outbox)
            if feed.takesEndOfMarket() { endMarket(now: now) }
        }
        publishEvents(now: now)
        if now >= publisher.nextDeadline {
            for market in exchange.markets {
                market.candles.advance(to: marketTime.milliseconds)
            }
            publisher.publishTimed(now: now, marketTime: marketTime, to: &outbox)
        }
        while let held = heldAnswers.first, held.due <= now {
            heldAnswers.removeFirst()
            let start = outbox.text.count
            outbox.text.raw(held.bytes)
            outbox.send(
                from: start, to: held.session.id, isBinary: held.session.encoding == .binary)
        }
        endRetired(now: now)
        return count
    }

    /// Sends what the last operation caused: public frames first, then the accounts' own.
    func publishEvents(now: Timestamp) {
        if !exchange.publicEvents.isEmpty {
            publisher.publish(exchange.publicEvents, now: now, to: &outbox)
            exchange.publicEvents.removeAll(keepingCapacity: true)
        }
        guard !exchange.userEvents.isEmpty else { return }
        let events = exchange.userEvents
        exchange.userEvents.removeAll(keepingCapacity: true)
        for event in events {
            if case .report(let report) = event, let fill = report.fill,
                report.order.executed == fill.quantity
            {
                limiter.returnOrder(
                    report.order.account, wasResting: fill.isMaker, now: now)
            }
            send(event)
        }
    }

    private func send(_ event: UserEvent) {
        for session in sessions.values where !session.userStreams.isEmpty {
            for stream in session.userStreams where stream.account == event.account {
                let start = outbox.text.count
                outbox.text.raw("{\"subscriptionId\":")
                outbox.text.integer(stream.id)
                outbox.text.raw(",\"event\":")
                UserStreamText(exchange: exchange, unit: session.unit)
                    .event(event, to: &outbox.text)
                outbox.text.raw("}")
                sendEvent(from: start, to: session)
            }
        }
    }

    /// Holds what was written since `start` back until `due`.
    func hold(from start: Int, for session: Session, until due: Timestamp) {
        let bytes = Array(outbox.text.bytes[start...])
        outbox.text.truncate(to: start)
        heldAnswers.append(HeldAnswer(due: due, session: session, bytes: bytes))
    }

    /// The recorded snapshot while a replay stands at it; else `nil`.
    func recordedSnapshot(of market: SymbolMarket, limit: Int) -> [UInt8]? {
        guard case .replay(let feed) = source else { return nil }
        return feed.serveSnapshot(of: market, limit: limit)
    }
}
