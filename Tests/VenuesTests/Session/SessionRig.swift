import Codec
import MarketModel
import Testing
import Venues
import Wire

/// A session joined in memory to a venue that says what the test wants.
final class SessionRig {
    static let orders = SpotLink.orders
    var session: SpotSession
    private var servers: [Int: VenueEnd] = [:]
    var now: Int64 = 1_795_262_400_000_000_000
    /// What the core would have been told, oldest first.
    private(set) var records: [Told] = []
    /// Links on which nothing arrives, in either direction.
    var stalled: Set<Int> = []
    /// Links whose connection is refused.
    var refused: Set<Int> = []

    enum Told: Equatable {
        case report(ExecutionReport)
        case reply(RequestReply)
        case balance(Balance)
        case link(LinkEvent)
        case trade(TradeID)
        case malformed
    }

    /// With an Ed25519 key, as `signer` may make one, the session logs on and signs nothing.
    init(
        _ instruments: [Instrument] = [SessionRig.instrument],
        adjust: (inout SpotConfiguration) -> Void = { _ in },
        signer: () throws -> RequestSigner = { try .hmac(secret: "secret") }
    ) throws {
        var configuration = SpotConfiguration(
            rest: .init(host: "localhost", port: 1), streams: .init(host: "localhost", port: 2),
            binaryStreams: .init(host: "localhost", port: 2),
            webSocketAPI: .init(host: "localhost", port: 3), apiKey: "key")
        configuration.cancelsLeftovers = false
        configuration.rateLimits = [
            RateLimitRule(type: "REQUEST_WEIGHT", window: .seconds(60), limit: 6_000)
        ]
        adjust(&configuration)
        session = try SpotSession(
            configuration: configuration, instruments: instruments,
            directory: InstrumentDirectory(instruments: instruments), tls: nil,
            signer: try signer(), clockOffset: 0)
    }

    static let instrument: Instrument = {
        var instrument = Instrument(
            symbol: ShortName("BTCUSDT")!, base: ShortName("BTC")!, quote: ShortName("USDT")!,
            index: InstrumentIndex(0), baseAsset: AssetIndex(0), quoteAsset: AssetIndex(1),
            priceScale: 2, quantityScale: 5)
        instrument.tickSize = Price(raw: 1)
        instrument.lotSize = Quantity(raw: 1)
        return instrument
    }()

    // MARK: - Connections

    /// Opens a link and carries its handshake.
    func connect(_ link: Int) throws {
        try session.prepare(link, now: now)
        let end = try VenueEnd()
        servers[link] = end
        end.link.accepted(now: now)
        session.links[link].connected(now: now)
        settle()
    }

    /// The venue refuses a link's WebSocket.
    func refuse(_ link: Int, status: Int32, retryAfter: Int32) throws {
        try session.prepare(link, now: now)
        session.links[link].connected(now: now)
        session.links[link].closed(
            now: now, reason: .upgradeRefused(status: status, retryAfter: retryAfter))
        settle()
    }

    /// The network drops a link.
    func drop(_ link: Int) {
        servers[link] = nil
        session.links[link].closed(now: now, reason: .reset)
        settle()
    }

    /// The venue closes a link in order.
    func close(_ link: Int) {
        servers[link]?.link.close(now: now)
        settle()
    }

    /// Logs on and answers up to the session's last question.
    func makeUp() throws {
        try connect(Self.orders)
        if requests(Self.orders).first?.contains("session.logon") == true {
            answer(Self.orders, #"{"apiKey":"key"}"#)
        }
        answer(Self.orders, #"{"subscriptionId":0}"#)
        answer(Self.orders, #"{"balances":[]}"#)
    }

    /// Lets time pass, as the lane does once a millisecond; what wants a connection gets one.
    func pass(_ time: Nanoseconds = .milliseconds(1)) throws {
        now += time.count
        for link in 0..<SpotLink.count where session.wantsConnection(link, now: now) {
            if refused.contains(link) {
                try session.prepare(link, now: now)
                session.links[link].closed(now: now, reason: .connectFailed(errno: 111))
                settle()
            } else {
                try connect(link)
            }
        }
        session.turn(now: now)
        let isMarketRelieved = session.hasBeenRelieved(now: now)
        if isMarketRelieved { exchange(SpotLink.market, SpotLink.relief) }
        let areOrdersRelieved = session.haveOrdersBeenRelieved(now: now)
        if areOrdersRelieved { exchange(SpotLink.orders, SpotLink.orderRelief) }
        settle()
    }

    private func exchange(_ link: Int, _ other: Int) {
        (servers[link], servers[other]) = (servers[other], servers[link])
    }

    /// Whether the venue has a connection on a link.
    func isConnected(_ link: Int) -> Bool { servers[link] != nil }

    /// What was said for the log since the last time.
    func remarks() -> [SessionRemark] { session.takeRemarks() }

    // MARK: - The venue's side

    /// Requests that the venue has got on a link and not yet answered.
    func requests(_ link: Int) -> [String] { servers[link]?.requests ?? [] }

    /// Answers the oldest WebSocket request of a link; the venue counts `weight` by then.
    func answer(
        _ link: Int, _ result: String, status: Int = 200, weight: Int = 0, at index: Int = 0
    ) {
        guard let end = servers[link], index < end.requests.count else {
            Issue.record("there is no request to answer")
            return
        }
        let request = end.requests.remove(at: index)
        let id = request.dropFirst(#"{"id":"#.count).prefix { $0.isNumber }
        let word = status == 200 ? "result" : "error"
        say(
            link,
            #"{"id":\#(id),"status":\#(status),"\#(word)":\#(result),"rateLimits":[{"#
                + #""rateLimitType":"REQUEST_WEIGHT","interval":"MINUTE","intervalNum":1,"#
                + #""limit":6000,"count":\#(weight)}]}"#)
    }

    /// Answers the oldest HTTP request of a link.
    func respond(
        _ link: Int, _ body: String, status: Int = 200, fields: [(String, String)] = []
    ) {
        guard let end = servers[link], !end.requests.isEmpty else {
            Issue.record("there is no request to answer")
            return
        }
        end.requests.removeFirst()
        let bytes = Array(body.utf8)
        let isTaken = bytes.withUnsafeBytes {
            end.link.respond(status: status, fields: fields, body: $0, now: now)
        }
        #expect(isTaken)
        settle()
    }

    func say(_ link: Int, _ text: String) {
        let bytes = Array(text.utf8)
        let isTaken = bytes.withUnsafeBytes { buffer in
            buffer.baseAddress.flatMap { servers[link]?.link.sendText($0, buffer.count) } ?? false
        }
        #expect(isTaken)
        settle()
    }

    /// Takes what the core has been told since the last time.
    func take() -> [Told] {
        defer { records.removeAll() }
        return records
    }

    // MARK: - Carrying

    func settle() {
        var hasMoved = true
        while hasMoved {
            hasMoved = false
            for link in 0..<SpotLink.count {
                drain(link)
                guard let end = servers[link], !stalled.contains(link) else { continue }
                let out = session.links[link].beginSend()
                if out.count > 0 {
                    hasMoved = true
                    end.link.receive(out.pointer, out.count, now: now)
                    end.read(now)
                    session.links[link].finishSend(out.count)
                }
                end.read(now)
                let back = end.link.beginSend()
                if back.count > 0 {
                    hasMoved = true
                    session.links[link].receive(back.pointer, back.count, now: now)
                    drain(link)
                    end.link.finishSend(back.count)
                }
            }
        }
    }

    private func drain(_ link: Int) {
        var found = VenueRecord.none
        reading: while true {
            session.next(link, now: now, into: &found)
            switch found {
            case .none: break reading
            case .opened: session.opened(link, now: now)
            case .needsCold: session.progress(link, now: now)
            case .closed:
                servers[link] = nil
                session.ended(link, now: now)
            case .report(let report): records.append(.report(report))
            case .reply(let reply): records.append(.reply(reply))
            case .balance(let balance): records.append(.balance(balance))
            case .link(let state): records.append(.link(state.event))
            case .malformed: records.append(.malformed)
            case .trade(let trade): records.append(.trade(trade.id))
            case .frame, .top, .depth, .candle: break
            }
        }
        while let state = session.takeState() { records.append(.link(state.event)) }
    }
}

/// The venue's end of one link.
final class VenueEnd {
    var link: ServerLink
    /// Texts of a WebSocket; method and target of HTTP.
    var requests: [String] = []

    init() throws { link = try ServerLink(tls: nil) }

    func read(_ now: Int64) {
        while true {
            switch link.next() {
            case .none: return
            case .needsCold: link.progressCold(now: now)
            case .request:
                if link.requestIsUpgrade {
                    _ = link.acceptUpgrade(now: now)
                } else {
                    requests.append("\(link.requestMethod) \(link.requestTarget)")
                }
            case .text(let bytes, let count):
                requests.append(
                    String(
                        decoding: UnsafeRawBufferPointer(start: bytes, count: count),
                        as: UTF8.self))
            case .opened, .binary, .pong, .response, .closed: break
            }
        }
    }
}
