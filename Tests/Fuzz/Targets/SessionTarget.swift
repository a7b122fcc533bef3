import Codec
import MarketModel
import Venues
import Wire

extension FuzzTarget {
    /// The whole conversation with a venue that says, in whatever order and at whatever times, what it
    /// likes: good messages, changed ones, and bytes that are none. Books must be continued without
    /// holes, and every link's work must come to an end.
    static let session = FuzzTarget("session", seeds: SessionSeeds.all) {
        { input in
            var script = Script(input)
            let run = SessionRun(choices: script.byte())
            while !script.isAtEnd { run?.step(&script) }
        }
    }
}

/// A session joined in memory to the venue's ends of its links.
private final class SessionRun {
    private var session: SpotSession
    private var servers = [ServerEnd?](repeating: nil, count: SpotLink.count)
    private var now: Int64 = 1_795_262_400_000_000_000
    /// The update that each book has been taken to.
    private var books = [Int64?](repeating: nil, count: 2)
    private var stalled: Set<Int> = []
    private var requestID: UInt64 = 0

    init?(choices: UInt8) {
        let endpoint = SpotConfiguration.Endpoint(host: "x", port: 80)
        var configuration = SpotConfiguration(
            rest: endpoint, streams: endpoint, binaryStreams: endpoint, webSocketAPI: endpoint,
            apiKey: "key")
        configuration.cancelsLeftovers = choices & 1 == 1
        configuration.recordsFrames = choices & 2 == 2
        configuration.orderEntry = choices & 4 == 4 ? .everythingOverREST : .closingOverREST
        configuration.usesAggregateTrades = choices & 8 == 8
        configuration.candleIntervals = choices & 8 == 8 ? ["1m"] : []
        if choices & 16 == 16 {
            configuration.marketEncoding = .binary
            configuration.ordersEncoding = .binary
        }
        configuration.limits.outgoing = 1 << 15
        configuration.limits.http.head = 1 << 12
        configuration.backlogBytes = 1 << 12
        configuration.snapshotLevels = 100
        configuration.rateLimits = [
            RateLimitRule(type: "REQUEST_WEIGHT", window: .seconds(60), limit: 6_000)
        ]
        let instruments = Self.instruments
        guard let signer = try? RequestSigner.hmac(secret: "secret"),
            let session = try? SpotSession(
                configuration: configuration, instruments: instruments,
                directory: InstrumentDirectory(instruments: instruments), tls: nil, signer: signer,
                clockOffset: 0)
        else { return nil }
        self.session = session
    }

    private static let instruments: [Instrument] = {
        let names = [("BTC", "USDT"), ("ETH", "BTC")]
        let assets = ["BTC", "USDT", "ETH"]
        return names.enumerated().compactMap { index, pair in
            guard let symbol = ShortName(pair.0 + pair.1), let base = ShortName(pair.0),
                let quote = ShortName(pair.1), let first = assets.firstIndex(of: pair.0),
                let second = assets.firstIndex(of: pair.1)
            else { return nil }
            return Instrument(
                symbol: symbol, base: base, quote: quote, index: InstrumentIndex(UInt16(index)),
                baseAsset: AssetIndex(UInt16(first)), quoteAsset: AssetIndex(UInt16(second)))
        }
    }()

    // MARK: - What happens

    func step(_ script: inout Script) {
        switch script.choice(14) {
        case 0: pass(script.time())
        case 1: pass(1_000_000)
        case 2: say(script.choice(SpotLink.count), changed(SessionSeeds.frames, &script))
        case 3: say(script.choice(SpotLink.count), Array(script.bytes()))
        case 4: say(script.choice(SpotLink.count), Array(script.bytes()), isBinary: true)
        case 5: answer(script.choice(SpotLink.count), changed(SessionSeeds.results, &script), script.byte())
        case 6: answer(script.choice(SpotLink.count), Array(script.bytes()), script.byte())
        case 7: respond(script.choice(SpotLink.count), changed(SessionSeeds.bodies, &script), &script)
        case 8: respond(script.choice(SpotLink.count), Array(script.bytes()), &script)
        case 9: hear(script.choice(SpotLink.count), Array(script.bytes(atMost: 600)))
        case 10: send(&script)
        case 11: end(script.choice(SpotLink.count), script.byte())
        case 12:
            let link = script.choice(SpotLink.count)
            if !stalled.insert(link).inserted { stalled.remove(link) }
        default:
            if script.byte() & 1 == 0 {
                session.forgetBook(of: InstrumentIndex(0))
                books[0] = nil
            } else {
                let order = ClientOrderID(epoch: 1, lane: 0, sequence: UInt32(requestID))
                session.prepareOrders(requestID + 1, order, now: now)
            }
        }
        settle()
    }

    /// Time goes on as in a lane: what wants a connection gets one.
    private func pass(_ time: Int64) {
        now += time
        for link in 0..<SpotLink.count where session.wantsConnection(link, now: now) {
            guard let end = ServerEnd(now: now), (try? session.prepare(link, now: now)) != nil
            else { continue }
            servers[link] = end
            session.links[link].connected(now: now)
        }
        session.turn(now: now)
        if session.hasBeenRelieved(now: now) { servers.swapAt(SpotLink.market, SpotLink.relief) }
        if session.haveOrdersBeenRelieved(now: now) {
            servers.swapAt(SpotLink.orders, SpotLink.orderRelief)
        }
        if session.nextTurn() < 0 { fatalError("a turn before all time") }
    }

    /// One of the texts with up to three of its bytes replaced.
    private func changed(_ texts: [[UInt8]], _ script: inout Script) -> [UInt8] {
        var text = texts[script.choice(texts.count)]
        for _ in 0..<script.choice(4) where !text.isEmpty {
            let place = Int(script.word()) % text.count
            text[place] = script.byte()
        }
        return text
    }

    private func say(_ link: Int, _ text: [UInt8], isBinary: Bool = false) {
        guard let end = servers[link] else { return }
        text.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress else { return }
            _ = isBinary ? end.link.sendBinary(base, bytes.count) : end.link.sendText(base, bytes.count)
        }
    }

    /// Answers the oldest question of a WebSocket.
    private func answer(_ link: Int, _ result: [UInt8], _ choice: UInt8) {
        guard let end = servers[link], !end.requests.isEmpty else { return }
        let request = end.requests.removeFirst()
        let id = request.dropFirst(#"{"id":"#.utf8.count).prefix { (48...57).contains($0) }
        let status = [200, 200, 200, 400, 409, 418, 429, 503][Int(choice & 7)]
        let word = status == 200 ? "result" : "error"
        say(
            link,
            Array(#"{"id":"#.utf8) + id + Array(#","status":\#(status),"\#(word)":"#.utf8) + result
                + Array("}".utf8))
    }

    /// Answers the oldest HTTP request of a link.
    private func respond(_ link: Int, _ body: [UInt8], _ script: inout Script) {
        guard let end = servers[link], !end.requests.isEmpty else { return }
        let status = [200, 200, 200, 400, 403, 418, 429, 500][script.choice(8)]
        var fields: [(String, String)] = []
        if script.byte() & 3 == 0 { fields.append(("Retry-After", "\(script.number())")) }
        if script.byte() & 3 == 0 { fields.append(("X-MBX-USED-WEIGHT-1M", "\(script.number())")) }
        end.requests.removeFirst()
        body.withUnsafeBytes { bytes in
            _ = end.link.respond(status: status, fields: fields, body: bytes, now: now)
        }
    }

    /// Bytes that no server of ours has written.
    private func hear(_ link: Int, _ bytes: [UInt8]) {
        guard !bytes.isEmpty else { return }
        bytes.withUnsafeBufferPointer {
            let memory = PaddedInput($0)
            session.links[link].receive(memory.start, memory.count, now: now)
            drain(link)
        }
    }

    private func send(_ script: inout Script) {
        requestID += 1
        let kind = RequestKind(rawValue: UInt8(script.choice(8))) ?? .place
        let type = OrderType(rawValue: UInt8(script.choice(8))) ?? .limit
        var request = OrderRequest(
            kind: kind, requestID: requestID,
            clientOrderID: ClientOrderID(epoch: 1, lane: 0, sequence: UInt32(script.choice(16))),
            replacedOrderID: ClientOrderID(epoch: 1, lane: 0, sequence: UInt32(script.choice(16))),
            instrument: InstrumentIndex(UInt16(script.choice(2))), strategy: StrategyIndex(0),
            side: script.byte() & 1 == 0 ? .buy : .sell, type: type, timeInForce: .gtc,
            price: Price(raw: script.number() & .max),
            quantity: Quantity(raw: script.number() & .max),
            decisionTime: Timestamp(nanoseconds: now))
        let more = script.byte()
        request.isReduceOnly = more & 1 == 0
        request.contingency = Contingency(rawValue: more >> 1 & 3) ?? .none
        request.leg = more >> 3 & 3
        // The core's lists have legs, and its single orders none.
        if kind == .placeLeg, request.contingency == .none { request.kind = .place }
        _ = session.send(request)
    }

    private func end(_ link: Int, _ way: UInt8) {
        switch way % 4 {
        case 0: servers[link]?.link.close(now: now)
        case 1: session.links[link].closed(now: now, reason: .reset)
        case 2: session.links[link].closed(now: now, reason: .connectFailed(errno: 111))
        default: if way == 255 { session.close(now: now) }
        }
    }

    // MARK: - Carrying

    private func settle() {
        var hasMoved = true
        for _ in 0..<1_000 where hasMoved {
            hasMoved = false
            for link in 0..<SpotLink.count {
                drain(link)
                guard let end = servers[link], !stalled.contains(link) else { continue }
                let out = session.links[link].beginSend()
                if out.count > 0 {
                    hasMoved = true
                    end.link.receive(out.pointer, out.count, now: now)
                    end.read(now)
                }
                session.links[link].finishSend(out.count)
                end.read(now)
                let back = end.link.beginSend()
                if back.count > 0 {
                    hasMoved = true
                    session.links[link].receive(back.pointer, back.count, now: now)
                    drain(link)
                }
                end.link.finishSend(back.count)
            }
        }
        while let state = session.takeState() { note(state) }
        while session.takeRefusal() != nil {}
        _ = session.takeRemarks()
    }

    private func drain(_ link: Int) {
        var found = VenueRecord.none
        for _ in 0..<20_000 {
            session.next(link, now: now, into: &found)
            switch found {
            case .none: return
            case .opened: session.opened(link, now: now)
            case .needsCold: session.progress(link, now: now)
            case .closed:
                servers[link] = nil
                session.ended(link, now: now)
            case .link(let state): note(state)
            case .depth(let header, _): note(header)
            default: break
            }
            while let state = session.takeState() { note(state) }
        }
        fatalError("\(SpotLink.name(link)): there is no end to its records")
    }

    private func note(_ state: LinkState) {
        switch state.event {
        case .marketStreamUp, .marketStreamDown: books = [nil, nil]
        case .bookInvalid: books[state.instrument.slot] = nil
        default: break
        }
    }

    private func note(_ header: DepthHeader) {
        let slot = header.instrument.slot
        if header.isSnapshot {
            books[slot] = header.lastUpdateID
            return
        }
        guard let last = books[slot] else { fatalError("a change of a book that nobody has") }
        if header.firstUpdateID > last + 1 || header.lastUpdateID <= last {
            fatalError("\(header) does not continue \(last)")
        }
        books[slot] = header.lastUpdateID
    }
}

/// The venue's end of one link.
private final class ServerEnd {
    var link: ServerLink
    var requests: [[UInt8]] = []

    init?(now: Int64) {
        var limits = LinkLimits()
        limits.maximumMessage = 1 << 15
        limits.outgoing = 1 << 15
        limits.http.head = 1 << 12
        limits.http.body = 1 << 12
        guard let link = try? ServerLink(tls: nil, limits: limits) else { return nil }
        self.link = link
        self.link.accepted(now: now)
    }

    func read(_ now: Int64) {
        while true {
            switch link.next() {
            case .none: return
            case .needsCold: link.progressCold(now: now)
            case .request:
                if link.requestIsUpgrade {
                    _ = link.acceptUpgrade(now: now)
                } else {
                    requests.append(Array(link.requestTarget.utf8))
                }
            case .text(let bytes, let count):
                requests.append(Array(UnsafeRawBufferPointer(start: bytes, count: count)))
            default: break
            }
        }
    }
}

/// What a venue says, and the beginning of conversations.
private enum SessionSeeds {
    static let frames: [[UInt8]] = (FuzzTarget.marketFrames + FuzzTarget.accountFrames + [
        #"{"stream":"btcusdt@depth@100ms","data":{"e":"depthUpdate","E":1723161255308,"s":"BTCUSDT","U":161,"u":165,"b":[["0.0024","10"]],"a":[]}}"#,
        #"{"stream":"btcusdt@depth@100ms","data":{"e":"depthUpdate","E":1723161255308,"s":"BTCUSDT","U":155,"u":165,"b":[["0.0024","10"]],"a":[]}}"#,
        #"{"stream":"btcusdt@depth@100ms","data":{"e":"depthUpdate","E":1723161255308,"s":"BTCUSDT","U":166,"u":170,"b":[["0.0024","0"]],"a":[["0.0026","1"]]}}"#,
        #"{"stream":"btcusdt@trade","data":{"e":"trade","E":1723161255343,"s":"BTCUSDT","t":3735683260,"p":"61837.63000000","q":"0.02000000","T":1723161255342,"m":true,"M":true}}"#,
        #"{"event":{"e":"serverShutdown","E":1770123456789}}"#, #"{"e":"serverShutdown","E":1770123456789}"#,
        #"{"subscriptionId":0,"event":{"e":"eventStreamTerminated","E":1728973001334}}"#,
    ]).map { Array($0.utf8) }

    static let results: [[UInt8]] = [
        #"{"subscriptionId":0}"#, #"{"balances":[]}"#,
        #"{"balances":[{"asset":"BTC","free":"1.5","locked":"0.00000000"},{"asset":"USDT","free":"92233720368.54775807","locked":"1"}]}"#,
        #"{"apiKey":"key","authorizedSince":1,"connectedSince":1,"returnRateLimits":true,"serverTime":1}"#, "[]",
        #"{"code":-2011,"msg":"Unknown order sent."}"#, #"{"code":-1021,"msg":"Timestamp"}"#,
        #"{"symbol":"BTCUSDT","orderId":12,"clientOrderId":"ap-0000010000000001","transactTime":1660801715639}"#,
        #"{"symbol":"BTCUSDT","orderId":1,"orderListId":-1,"clientOrderId":"ap-0000010000000001","price":"1","origQty":"2","executedQty":"1","cummulativeQuoteQty":"1","status":"PARTIALLY_FILLED","timeInForce":"GTC","type":"LIMIT","side":"BUY","stopPrice":"0","icebergQty":"0","time":1,"updateTime":1,"isWorking":true}"#,
        #"[{"symbol":"BTCUSDT","id":28457,"orderId":1,"orderListId":-1,"price":"1","qty":"1","quoteQty":"1","commission":"0.1","commissionAsset":"BTC","time":1499865549590,"isBuyer":true,"isMaker":false,"isBestMatch":true}]"#,
    ].map { Array($0.utf8) }

    static let bodies: [[UInt8]] = [
        #"{"serverTime":1795262400000}"#, #"{"lastUpdateId":160,"bids":[["0.0024","10"]],"asks":[["0.0026","100"]]}"#,
        #"{"serverTime":9223372036853}"#, "", "<html>busy</html>", #"{"code":-1003,"msg":"Too many requests."}"#,
        #"{"makerCommission":15,"commissionRates":{"maker":"0.00150000","taker":"0.00150000","buyer":"0","seller":"0"},"canTrade":true,"accountType":"SPOT","balances":[{"asset":"BTC","free":"4723846.89208129","locked":"0.00000000"}],"permissions":["SPOT"],"uid":354937868}"#,
        #"{"symbol":"BTCUSDT","orderId":12,"orderListId":-1,"clientOrderId":"ap-0000010000000001","transactTime":1507725176595,"status":"NEW"}"#,
    ].map { Array($0.utf8) }

    /// Everything connects and logs on, the book is fetched and continued; then orders, and REST.
    static var all: [[UInt8]] {
        (0..<6).map { (kind: Int) in
            var seed = ScriptWriter()
            seed.put([0, 2, 5, 8, 11, 16][kind], 1, 1, 1)
            for result in 0..<2 { seed.put(5, 1, result, 0, 0) }
            seed.put(7, 2, 0, 0, 0, 1, 1, 1, 1)
            // The first diff asks for the snapshot.
            seed.put(2, 0, frames.count - 7, 0, 1, 1)
            seed.put(7, 2, 1, 0, 0, 1, 1, 1, 2, 0, frames.count - 6, 0, 2, 0, frames.count - 5, 0)
            for order in 1..<4 {
                seed.put(10, order, order, order, 0, 0, 0, 7, 100, 7, 100, 0)
                seed.put(5, 1, 7, 0, 0)
            }
            for frame in frames.indices { seed.put(2, frame % 2, frame, 0) }
            if kind > 2 {
                seed.put(11, 1, 1, 9, 0, 1, 10, 1, 1, 0, 0, 0, 0, 6, 50, 6, 50, 0)
                seed.put(0, 4, 10, 1, 1, 7, 4, 7, 0, 0, 1, 1, 1, 1)
            }
            seed.put(11, 0, 1, 0, 4, 200, 1, 0, 5, 200, 1)
            return seed.bytes
        }
    }
}
