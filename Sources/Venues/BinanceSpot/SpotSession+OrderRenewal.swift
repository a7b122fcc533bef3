import Codec
import MarketModel
import Wire

/// The order link is replaced before the venue ends it, without a moment in which no order can
/// leave or an event of the account goes unheard.
///
/// A second connection, the order relief, logs on and subscribes to the account's events while the
/// first works on. Then the two change places: requests leave over the new one, and the old one is
/// read on, since answers are still out on it and since it may be the later of the two to tell of
/// something. What one of them has told already is dropped. After an overlap that is far longer than any
/// delay between the two, with no answer out any more, the old one is closed: its closing handshake
/// proves that all it had to say has arrived. Without that proof the account is read anew.
extension SpotSession {
    /// Where the connection stands that is to follow the order link.
    enum OrderReliefPhase: BitwiseCopyable {
        case none
        /// It is to be opened, or is being opened.
        case wanted
        case loggingOn, subscribing
        /// It hears of the account's events too, and can take over.
        case ready
        /// It was the order link until a moment ago: what it says counts.
        case retiring
        /// It is not needed: what it says is dropped until it has ended.
        case dismissed
    }

    /// In the place of an answer's number: the relief's server shuts down, or its events have ended.
    private static var noAnswer: UInt64 { @_noLocks get { .max } }
    /// How long both order connections are listened to.
    private static var overlap: Int64 { 500_000_000 }
    /// How long an old connection is kept for answers that do not come.
    private static var answerPatience: Int64 { 10_000_000_000 }
    /// How long a takeover waits for trades that the old connection is being asked for.
    private static var tradePatience: Int64 { 30_000_000_000 }

    mutating func renewOrdersWhenDue(_ now: Int64) {
        let waited = now - orderReliefTime
        switch orderRelief {
        case .none:
            let age = now - openedAt[SpotLink.orders]
            guard case .open = links[SpotLink.orders].phase,
                wantsOrderRelief || age >= configuration.connectionAge
            else { return }
            if isOrderSessionUp {
                orderRelief = .wanted
            } else if wantsOrderRelief {
                // There is nothing to relieve yet.
                wantsOrderRestart = true
            }
            wantsOrderRelief = false
        case .loggingOn, .subscribing:
            guard waited >= configuration.limits.responseTimeout else { return }
            giveUpOrderRelief("no answer for \(waited / 1_000_000) ms", now)
        case .retiring:
            if waited < Self.overlap { return }
            if requestsLeft > 0, waited < Self.answerPatience { return }
            closeOrderRelief(now)
        case .wanted, .ready, .dismissed: return
        }
    }

    /// Whether the relief has just become the order link: the two links have changed places, and
    /// the driver exchanges their transports. Cold; with no record of the order link held.
    public mutating func haveOrdersBeenRelieved(now: Int64) -> Bool {
        guard case .ready = orderRelief, isOrderSessionUp, !wantsOrderRestart,
            case .open = links[SpotLink.orders].phase,
            case .open = links[SpotLink.orderRelief].phase,
            ordersText.count == 0, balances == nil, trades == nil, answeredQuery.requestID == 0,
            ownAnswer.requestID == 0
        else { return false }
        if !awaitedFills.isEmpty {
            if now - orderReliefTime < Self.tradePatience { return false }
            // Nobody answers: the core asks for those orders again.
            dropFills()
        }
        let old = (links + SpotLink.orders).move()
        (links + SpotLink.orders).moveInitialize(from: links + SpotLink.orderRelief, count: 1)
        (links + SpotLink.orderRelief).initialize(to: old)
        openedAt[SpotLink.orders] = openedAt[SpotLink.orderRelief]
        requestsLeft = requestsUnderWay
        requestsUnderWay = 0
        orderRelief = .retiring
        orderReliefTime = now
        remark(.renewed, SpotLink.orders, "a second connection has taken over")
        return true
    }

    /// Whether the account's events come over two connections, or are about to.
    var hearsTwice: Bool {
        @_noLocks get {
            switch orderRelief {
            case .subscribing, .ready, .retiring: true
            case .none, .wanted, .loggingOn, .dismissed: false
            }
        }
    }

    /// The relief is open: it logs on like any other connection.
    mutating func orderReliefOpened(_ now: Int64) {
        guard case .wanted = orderRelief, isOrderSessionUp else { return dismissOrderRelief(now) }
        orderReliefTime = now
        if logsOn {
            orderRelief = .loggingOn
            sendLogon(Self.reliefLogonRequest, on: SpotLink.orderRelief, now)
        } else {
            subscribeOrderRelief(now)
        }
    }

    private mutating func subscribeOrderRelief(_ now: Int64) {
        orderRelief = .subscribing
        orderReliefTime = now
        sendSubscribe(Self.reliefSubscribeRequest, on: SpotLink.orderRelief, now)
    }

    /// The relief's link has ended, as it was told to or by itself.
    mutating func orderReliefEnded(_ now: Int64) {
        let phase = orderRelief
        orderRelief = .none
        switch phase {
        case .retiring:
            // The core asks for what was never answered; it counts as if it had been.
            if requestsLeft > 0 { budget.lose() }
            requestsLeft = 0
            if !links[SpotLink.orderRelief].hasHeardClose { rereadAccount(now) }
        case .none, .dismissed: break
        case .wanted, .loggingOn, .subscribing, .ready:
            let delay = backoffs[SpotLink.orderRelief].nextDelay()
            nextAttempt[SpotLink.orderRelief] = now + delay
            orderRelief = .wanted
            let cause = closeReasons[SpotLink.orderRelief].description(
                with: links[SpotLink.orderRelief].failureText)
            remark(
                .closed, SpotLink.orderRelief, "\(cause), next attempt in \(delay / 1_000_000) ms")
        }
    }

    /// The order link was lost before the relief took over: the ordinary way leads back.
    mutating func dismissOrderRelief(_ now: Int64) {
        switch orderRelief {
        case .none, .retiring, .dismissed: return
        case .wanted, .loggingOn, .subscribing, .ready: break
        }
        switch links[SpotLink.orderRelief].phase {
        case .idle, .closed: orderRelief = .none
        default:
            orderRelief = .dismissed
            links[SpotLink.orderRelief].close(now: now)
        }
    }

    /// Events may have gone unheard with the old connection: everything is asked for as after a lost
    /// one, over the one that is up.
    private mutating func rereadAccount(_ now: Int64) {
        guard isOrderSessionUp else { return }
        remark(.closed, SpotLink.orderRelief, "before its last word, the account is read anew")
        dropFills()
        ordersLostAt = now
        tell(.orderSessionDown, now)
        readAccount(now)
    }

    private mutating func giveUpOrderRelief(_ cause: String, _ now: Int64) {
        guard case .open = links[SpotLink.orderRelief].phase else { return }
        remark(.refused, SpotLink.orderRelief, cause)
        closeOrderRelief(now)
    }

    /// Starts the closing handshake, once: to close what is closing breaks it off.
    private mutating func closeOrderRelief(_ now: Int64) {
        guard case .open = links[SpotLink.orderRelief].phase else { return }
        links[SpotLink.orderRelief].close(now: now)
    }

    /// An answer to the relief's login: its next step. Cold.
    mutating func readOrderReliefAnswer(_ now: Int64) {
        let answer = orderReliefAnswer
        orderReliefAnswer.requestID = 0
        if answer.requestID == Self.noAnswer {
            return giveUpOrderRelief("its server shuts down too, or its events have ended", now)
        }
        if answer.status != 200 {
            nextClockTime = now
            return giveUpOrderRelief(
                "login refused with HTTP \(answer.status), code \(answer.code)", now)
        }
        switch (orderRelief, answer.requestID) {
        case (.loggingOn, Self.reliefLogonRequest): subscribeOrderRelief(now)
        case (.subscribing, Self.reliefSubscribeRequest):
            orderRelief = .ready
            orderReliefTime = now
        default: break
        }
    }

    /// What the relief's link says: answers to its login until it takes over; everything while it
    /// retires. Hot then.
    @_noLocks
    mutating func nextOrderReliefRecord(now: Int64) -> VenueRecord {
        if case .retiring = orderRelief { return nextOrderRecord(SpotLink.orderRelief, now: now) }
        while true {
            switch links[SpotLink.orderRelief].next() {
            case .text(let bytes, let count):
                if isLoginAnswer(MessageText(bytes: bytes, count: count), now) {
                    return .needsCold
                }
            case .binary(let bytes, let count):
                if isLoginAnswer(MessageText(bytes: bytes, count: count, isBinary: true), now) {
                    return .needsCold
                }
            case .none: return .none
            case .needsCold: return .needsCold
            case .opened: return .opened
            case .closed(let reason):
                closeReasons[SpotLink.orderRelief] = reason
                return .closed
            case .pong, .response, .request: break
            }
        }
    }

    /// Keeps an answer to the relief's login; events are the order link's to tell.
    @_noLocks
    private mutating func isLoginAnswer(_ text: MessageText, _ now: Int64) -> Bool {
        let bytes = text.bytes.assumingMemoryBound(to: UInt8.self)
        let time = Timestamp(nanoseconds: now)
        var frame = AccountFrame.unrecognized
        if text.isBinary {
            frame = binaryAccount.decode(bytes, text.count, receiveTime: time)
        } else {
            account.decode(bytes, text.count, receiveTime: time, into: &frame)
        }
        switch frame {
        case .serverShutdown, .streamTerminated:
            orderReliefAnswer.requestID = Self.noAnswer
            return true
        default: break
        }
        guard case .response(let response) = frame, response.hasRequestID else { return false }
        settle(response, now)
        orderReliefAnswer.requestID = response.reply.requestID
        orderReliefAnswer.status = response.status
        orderReliefAnswer.code = response.reply.venueCode
        return true
    }
}
