import Codec
import MarketModel
import Wire

/// Connections come and go: the cold half of the session.
extension SpotSession {
    /// Messages and control frames a second on a connection of the streams: one less than the venue
    /// takes, since they may arrive closer together than they left.
    static var streamPace: Int { 4 }

    /// The link is open: subscribe, log on, ask.
    public mutating func opened(_ link: Int, now: Int64) {
        reconnects[link] += 1
        backoffs[link].succeeded()
        openedAt[link] = now
        remark(.opened, link, links[link].negotiated)
        switch link {
        case SpotLink.market:
            wantsRestart = false
            lastData = now
            silences.begin(now)
            for slot in 0..<instrumentCount { synchronizers[slot].reset() }
            tell(.marketStreamUp, now)
        case SpotLink.relief: startKeeping(now)
        case SpotLink.fallback: fallbackOpened(now)
        case SpotLink.orderRelief: orderReliefOpened(now)
        case SpotLink.orders:
            wantsOrderRestart = false
            wantsOrderRelief = false
            requestsUnderWay = 0
            logOn(now)
        default:
            isClockUnderWay = false
            snapshotUnderWay = .none
            nextClockTime = now
        }
    }

    /// The link has ended: say so, and when to try again.
    public mutating func ended(_ link: Int, now: Int64) {
        if case .upgradeRefused(let status, let pause) = closeReasons[link] {
            heed(Int(status), pause: pause > 0 ? Int64(pause) : nil, link, now)
        }
        // An end without a message is an attempt that could not be made.
        defer { closeReasons[link] = .connectFailed(errno: 0) }
        if link == SpotLink.relief { return reliefEnded(now) }
        if link == SpotLink.fallback { return fallbackEnded(now) }
        if link == SpotLink.orderRelief { return orderReliefEnded(now) }
        let delay = backoffs[link].nextDelay()
        nextAttempt[link] = now + delay
        let cause = closeReasons[link].description(with: links[link].failureText)
        remark(.closed, link, "\(cause), next attempt in \(delay / 1_000_000) ms")
        switch link {
        case SpotLink.market:
            dismissRelief(now)
            for slot in 0..<instrumentCount {
                synchronizers[slot].reset()
                places[slot] = StreamPlace()
            }
            marketText.count = 0
            burst = nil
            wantedSnapshots.removeAll()
            replaying = .none
            loaded.isSnapshot = false
            tell(.marketStreamDown, now)
        case SpotLink.orders:
            dismissOrderRelief(now)
            ordersText.count = 0
            balances = nil
            let wasUp = isOrderSessionUp
            orderPhase = .down
            budget.lose()
            if wasUp {
                dropFills()
                ordersLostAt = now
                tell(.orderSessionDown, now)
            }
        default:
            if snapshotUnderWay != .none {
                wantedSnapshots.add(snapshotUnderWay.slot)
                snapshotUnderWay = .none
            }
            hasResponse = false
            isAnswerHandedOn = false
            answerText.count = 0
            isClockUnderWay = false
        }
    }

    /// Goes on with handshakes and REST; call when asked by `.needsCold` and once a turn.
    public mutating func progress(_ link: Int, now: Int64) {
        if link == SpotLink.rest, hasResponse {
            let body = links[SpotLink.rest].responseBody
            if configuration.recordsFrames, !isAnswerHandedOn, let bytes = body.baseAddress {
                isAnswerHandedOn = true
                answerText = MessageText(bytes: bytes, count: body.count)
                return
            }
            isAnswerHandedOn = false
            hasResponse = false
            readAnswer(now)
        }
        if link == SpotLink.fallback {
            if ownAnswer.requestID == Self.fallbackAccountRequest {
                finishReading(ownAnswer.status, now)
                ownAnswer.requestID = 0
                return
            }
            if readFallbackAnswer(now) { return }
        }
        if link == SpotLink.orderRelief, orderReliefAnswer.requestID != 0 {
            return readOrderReliefAnswer(now)
        }
        if link == SpotLink.orders || link == SpotLink.orderRelief {
            askFills(now)
            if ownAnswer.requestID != 0 { return readOwnAnswer(now) }
        }
        links[link].progressCold(now: now)
    }

    /// What a turn of the driver does besides messages: asks for snapshots and the clock.
    public mutating func turn(now: Int64) {
        for link in 0..<SpotLink.count where now >= links[link].nextDeadline {
            links[link].tick(now: now)
        }
        endStalledMarket(now)
        replaceSilentStream(now)
        renewMarketWhenDue(now)
        renewOrdersWhenDue(now)
        endStalledLogin(now)
        if wantsOrderRestart, case .open = links[SpotLink.orders].phase {
            wantsOrderRestart = false
            links[SpotLink.orders].close(now: now)
        }
        steerFallback(now)
        guard case .open = links[SpotLink.rest].phase, now + clockOffset >= budget.quietUntil
        else { return }
        if !isClockUnderWay, now >= nextClockTime, snapshotUnderWay == .none {
            askClock(now)
        } else if snapshotUnderWay == .none, !isClockUnderWay, !wantedSnapshots.isEmpty,
            now >= wantedSnapshots.nextTime, !loaded.isSnapshot, replaying == .none
        {
            askSnapshotWithinBudget(now)
        }
    }

    /// Pings are answered, but no stream says anything: whoever should feed it has gone.
    private mutating func endStalledMarket(_ now: Int64) {
        let patience = configuration.limits.silenceTimeout
        guard case .open = links[SpotLink.market].phase, now - lastData >= patience else { return }
        lastData = now
        remark(.stalled, SpotLink.market, "no stream message for \(patience / 1_000_000) ms")
        links[SpotLink.market].close(now: now)
    }

    /// The connection speaks, and one of its streams does not: another connection is to tell.
    private mutating func replaceSilentStream(_ now: Int64) {
        guard case .open = links[SpotLink.market].phase, case .none = relief,
            let suspicion = silences.suspect(now)
        else { return }
        wantsRestart = true
        let symbol = instruments[suspicion.slot].symbol.text
        remark(
            .stalled, SpotLink.market,
            "\(symbol): no \(suspicion.kind.name) for \(suspicion.silence / 1_000_000) ms")
    }

    /// An answer to the login has not come: the session would wait for it for ever.
    private mutating func endStalledLogin(_ now: Int64) {
        switch orderPhase {
        case .down, .waiting, .up: return
        case .loggingOn, .subscribing, .clearing, .reading: break
        }
        guard case .open = links[SpotLink.orders].phase else { return }
        let patience = configuration.limits.responseTimeout
        guard now - ownRequestTime >= patience, !wantsOrderRestart else { return }
        remark(.stalled, SpotLink.orders, "no answer to the login for \(patience / 1_000_000) ms")
        wantsOrderRestart = true
    }

    /// When ``turn(now:)`` has something to do at the latest.
    public func nextTurn() -> Int64 {
        var next = nextClockTime
        for link in 0..<SpotLink.count {
            next = min(next, links[link].nextDeadline)
            switch links[link].phase {
            case .idle, .closed: next = min(next, nextAttempt[link])
            default: break
            }
        }
        if !wantedSnapshots.isEmpty, snapshotUnderWay == .none {
            next = min(next, wantedSnapshots.nextTime)
        }
        return next
    }

    /// Ends all connections in order: close frames go out, then the driver closes.
    public mutating func close(now: Int64) {
        for link in 0..<SpotLink.count { links[link].close(now: now) }
    }

    mutating func remark(_ kind: SessionRemark.Kind, _ link: Int, _ text: String) {
        remarks.append(SessionRemark(kind: kind, link: link, text: text))
    }

    mutating func tell(_ event: LinkEvent, _ now: Int64) {
        states.append(LinkState(event: event, time: Timestamp(nanoseconds: now)))
    }

    // MARK: - REST

    private mutating func askClock(_ now: Int64) {
        nextClockTime = now + configuration.clockInterval
        guard budget.take(.query, weight: 1, at: now + clockOffset) else { return }
        isClockUnderWay = true
        clockAskedAt = now
        _ = links[SpotLink.rest].sendRequest(method: "GET", path: "/api/v3/time", now: now)
    }

    /// Snapshots are as deep as half of what the venue's minute has left allows for all that are
    /// wanted, and not deeper than configured: another restart may follow this one. They wait only
    /// when there is no room for the shallowest.
    private mutating func askSnapshotWithinBudget(_ now: Int64) {
        let room = budget.room(for: .marketData, at: now + clockOffset)
        let each = room / 2 / Int64(wantedSnapshots.count)
        let deepest = configuration.snapshotLevels
        let depths = [deepest, 1_000, 500, 100].filter { $0 <= deepest }
        let levels = depths.first { Self.snapshotWeight($0) <= each } ?? min(deepest, 100)
        let weight = Self.snapshotWeight(levels)
        guard budget.take(.marketData, weight: weight, at: now + clockOffset) else {
            return wantedSnapshots.wait(until: now + 1_000_000_000)
        }
        askSnapshot(levels, now)
    }

    private mutating func askSnapshot(_ levels: Int, _ now: Int64) {
        let slot = wantedSnapshots.take(now: now)
        snapshotUnderWay = InstrumentIndex(UInt16(slot))
        snapshotCost = Self.snapshotWeight(levels)
        let symbol = percentEncoded(instruments[slot].symbol.text)
        let path = "/api/v3/depth?symbol=\(symbol)&limit=\(levels)"
        _ = links[SpotLink.rest].sendRequest(method: "GET", path: path, now: now)
    }

    /// Request weight of a snapshot (binance-spot.md, section 6).
    private static func snapshotWeight(_ levels: Int) -> Int64 {
        switch levels {
        case ...100: 5
        case ...500: 25
        case ...1_000: 50
        default: 250
        }
    }

    private mutating func settleAnswer(_ now: Int64) {
        var usage = RateLimitUsage()
        if let used = links[SpotLink.rest].responseField("X-MBX-USED-WEIGHT-1M").flatMap(Int32.init)
        {
            usage.requestWeight = RateLimitCount(count: used, limit: -1)
        }
        budget.settle(
            weight: isClockUnderWay ? 1 : snapshotCost, orders: 0, told: usage,
            at: now + clockOffset)
    }

    private mutating func readAnswer(_ now: Int64) {
        messages[SpotLink.rest] += 1
        let status = links[SpotLink.rest].responseStatus
        let body = links[SpotLink.rest].responseBody
        let text = body.baseAddress?.assumingMemoryBound(to: UInt8.self)
        settleAnswer(now)
        let pause = links[SpotLink.rest].responseField("Retry-After").flatMap { Int64($0) }
        heed(status, pause: pause, SpotLink.rest, now)
        if isClockUnderWay {
            isClockUnderWay = false
            guard status == 200, let text,
                let venue = try? BinanceSpotREST.serverTime(text, body.count)
            else { return }
            clockOffset = venue.nanoseconds - (clockAskedAt + (now - clockAskedAt) / 2)
            return
        }
        let instrument = snapshotUnderWay
        snapshotUnderWay = .none
        guard instrument != .none else { return }
        guard status == 200, let text else {
            wantedSnapshots.add(instrument.slot)
            wantedSnapshots.wait(until: now + 1_000_000_000)
            remark(.refused, SpotLink.rest, "the snapshot was answered with HTTP \(status)")
            return
        }
        do throws(DecodeFailure) {
            let header = try snapshots.decodeDepthSnapshot(
                text, body.count, instrument: instrument,
                receiveTime: Timestamp(nanoseconds: now))
            switch synchronizers[instrument.slot].onSnapshot(header) {
            case .load: loaded = header
            case .tooOld:
                wantedSnapshots.add(instrument.slot)
                wantedSnapshots.wait(until: now + SnapshotQueue.pause)
            case .unexpected: break
            }
        } catch {
            note(error)
            wantedSnapshots.add(instrument.slot)
            wantedSnapshots.wait(until: now + 1_000_000_000)
        }
    }

    // MARK: - Login

    private mutating func logOn(_ now: Int64) {
        if !logsOn { return subscribe(now) }
        orderPhase = .loggingOn
        sendLogon(Self.logonRequest, on: SpotLink.orders, now)
    }

    mutating func sendLogon(_ request: UInt64, on link: Int, _ now: Int64) {
        sendOwn(
            .logon(
                id: request, apiKey: configuration.apiKey, time: venueTime(now),
                receiveWindow: configuration.receiveWindow), isSigned: true, on: link, now)
    }

    private mutating func subscribe(_ now: Int64) {
        orderPhase = .subscribing
        sendSubscribe(Self.subscribeRequest, on: SpotLink.orders, now)
    }

    mutating func sendSubscribe(_ request: UInt64, on link: Int, _ now: Int64) {
        if logsOn {
            sendOwn(.subscribeUserStream(id: request), isSigned: false, on: link, now)
        } else {
            sendOwn(
                .subscribeUserStream(
                    id: request, apiKey: configuration.apiKey, time: venueTime(now)),
                isSigned: true, on: link, now)
        }
    }

    /// Orders that an earlier run left open must not meet those of this one.
    private mutating func clearLeftovers(_ now: Int64) {
        if hasClearedLeftovers || !configuration.cancelsLeftovers { return readAccount(now) }
        hasClearedLeftovers = true
        orderPhase = .clearing
        ownRequestTime = now
        awaitedClears = instrumentCount
        for slot in 0..<instrumentCount {
            let request = OrderRequest(
                kind: .cancelAll, requestID: Self.clearRequests + UInt64(slot),
                clientOrderID: .none, instrument: instruments[slot].index, strategy: .none,
                side: .buy, type: .limit, timeInForce: .gtc, price: .zero, quantity: .zero,
                decisionTime: Timestamp(nanoseconds: now))
            if queue(request).count == 0 { awaitedClears -= 1 }
        }
        if awaitedClears == 0 { readAccount(now) }
    }

    mutating func readAccount(_ now: Int64) {
        orderPhase = .reading
        sendOwn(
            .accountStatus(
                id: Self.accountRequest, apiKey: logsOn ? nil : configuration.apiKey,
                time: venueTime(now)), isSigned: !logsOn, now)
    }

    /// Asks for the trades of every order whose state waits for them; while orders go over REST that
    /// way asks.
    private mutating func askFills(_ now: Int64) {
        guard isOrderSessionUp else { return }
        while let (place, entry) = awaitedFills.takeWanted() {
            let key = logsOn ? nil : configuration.apiKey
            sendOwn(orderTrades(place, entry, apiKey: key, now), isSigned: !logsOn, now)
        }
    }

    func orderTrades(
        _ place: Int, _ entry: AwaitedFills.Entry, apiKey: String?, _ now: Int64
    ) -> BinanceSpotSessionRequest {
        .orderTrades(
            id: Self.fillRequests + UInt64(place),
            symbol: instruments[entry.report.instrument.slot].symbol,
            orderID: entry.report.venueOrderID,
            from: entry.firstTrade, apiKey: apiKey, time: venueTime(now))
    }

    /// The way of the answers that wait for trades has ended.
    mutating func dropFills() {
        answeredQuery.requestID = 0
        trades = nil
        told = -1
        awaitedFills.removeAll()
    }

    private func venueTime(_ now: Int64) -> Timestamp {
        Timestamp(nanoseconds: now + clockOffset)
    }

    private mutating func sendOwn(
        _ request: BinanceSpotSessionRequest, isSigned: Bool, on link: Int = SpotLink.orders,
        _ now: Int64
    ) {
        spend(request)
        ownRequestTime = now
        var text = request.text
        if isSigned {
            guard let signature = signer.signature(of: request.signingText) else {
                remark(.refused, link, "\(request.method) could not be signed")
                return
            }
            text = request.text(signature: signature)
        }
        let bytes = Array(text.utf8)
        let isQueued = bytes.withUnsafeBytes { buffer in
            buffer.baseAddress.map { links[link].sendText($0, buffer.count) } ?? false
        }
        if !isQueued { remark(.refused, link, "\(request.method) could not be queued") }
    }

    mutating func spend(_ request: BinanceSpotSessionRequest) {
        budget.spend(weight: request.weight)
        costs[Self.costPlace(request.id)] = UInt8(truncatingIfNeeded: request.weight)
    }

    /// An answer to a request of the session itself: the next step of the login.
    private mutating func readOwnAnswer(_ now: Int64) {
        let answer = ownAnswer
        ownAnswer.requestID = 0
        if answer.status != 200, answer.requestID < Self.clearRequests {
            remark(
                .refused, SpotLink.orders,
                "login refused with HTTP \(answer.status), code \(answer.code)")
            // Wrong keys do not become right by trying; a wrong clock does.
            nextClockTime = now
            wantsOrderRestart = true
            return
        }
        switch answer.requestID {
        case Self.logonRequest: subscribe(now)
        case Self.subscribeRequest:
            if answer.isSchemaDeprecated {
                remark(
                    .deprecated, SpotLink.orders,
                    "a newer schema than the one of these binary messages is out")
            }
            clearLeftovers(now)
        case Self.accountRequest:
            finishLogin(now)
        default:
            awaitedClears -= 1
            if awaitedClears == 0 { readAccount(now) }
        }
    }
}

/// An answer to a request of the session itself, kept for its cold half; number 0: none.
struct OwnAnswer: BitwiseCopyable {
    var requestID: UInt64 = 0
    var status: Int32 = 0
    var code: Int32 = 0
    var isSchemaDeprecated = false
}

/// Percent-encoding of everything but RFC 3986's unreserved characters.
public func percentEncoded(_ text: String) -> String {
    var encoded = ""
    for byte in text.utf8 {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "_"), UInt8(ascii: "~"):
            encoded.unicodeScalars.append(Unicode.Scalar(byte))
        default:
            let digits = String(byte, radix: 16, uppercase: true)
            encoded += digits.utf8.count == 1 ? "%0" + digits : "%" + digits
        }
    }
    return encoded
}
