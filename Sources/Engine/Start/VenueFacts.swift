import Codec
import Glibc
import Logging
import Machine
import MarketModel
import TickToTrade
import Venues
import Wire

/// What the engine learns from the venue before it may trade: rules, clock, fees, history.
struct VenueFacts {
    var instruments: [Instrument]
    var assets: [ShortName]
    /// Venue time less ours, nanoseconds.
    var clockOffset: Int64
    var rateLimits: [RateLimitRule]
    /// Of the account as a whole.
    var accountLimits = AccountOrderLimits()
    /// Of the assets that no instrument trades.
    var rates: [AssetRate] = []
    /// Candles in the order of time, for the strategies' warm-up; the newest are still open.
    var history: [Candle]
    /// Trades that are asked for once the lane runs, for market contexts.
    var tapes: [TapeStart] = []
    var remarks: [String]
    /// The account's number at the venue; `nil` when it does not tell.
    var accountNumber: Int64?
}

/// One reading of the venue's clock.
struct VenueClockSample: Equatable {
    /// Venue time less ours, and how long the answer took; nanoseconds.
    var offset: Int64
    var roundTrip: Int64
}

/// History wanted for one instrument.
struct HistoryRequest: Hashable {
    var symbol: String
    var interval: Nanoseconds
    var duration: Nanoseconds
}

/// The trades of an instrument that market contexts want from some moment of the venue's on.
struct TapeStart: Equatable {
    var instrument: Instrument
    var start: Timestamp
}

/// Asks the venue for the facts, one request after another.
struct VenueInquiry: ~Copyable {
    private var conversation: RESTConversation?
    /// Who answers instead of the network, in simulations.
    private let desk: (any VenueDesk)?
    private(set) var clock: TSCClock
    let apiKey: String
    let signer: RequestSigner
    let receiveWindow: Int
    private let logger: Logger
    /// Seconds that a request waits for the venue's patience; its weight is counted by the minute.
    var longestPause = 60
    /// Until when the venue has asked for quiet, on our clock; 0: it has not.
    private(set) var quietUntil: Int64 = 0
    /// Request weight that this address has used up in the present minute, as last told.
    private(set) var usedWeight: Int64?
    /// The venue's limits, once they are known; its clock less ours goes with them.
    private var budget = RateBudget()
    private var budgetOffset: Int64 = 0
    /// What share of the limits the requests may use.
    var urgency = RequestUrgency.query

    init(
        conversation: consuming RESTConversation, clock: TSCClock, apiKey: String,
        signer: consuming RequestSigner, receiveWindow: Int,
        logger: Logger = Logger(label: "apus")
    ) {
        self.conversation = consume conversation
        desk = nil
        self.clock = clock
        self.apiKey = apiKey
        self.signer = signer
        self.receiveWindow = receiveWindow
        self.logger = logger
    }

    /// Asks a desk in this process; its time is the inquiry's.
    init(
        desk: any VenueDesk, apiKey: String, signer: consuming RequestSigner, receiveWindow: Int
    ) {
        conversation = nil
        self.desk = desk
        clock = .standing(at: desk.now)
        self.apiKey = apiKey
        self.signer = signer
        self.receiveWindow = receiveWindow
        logger = Logger(label: "apus") { _ in SwiftLogNoOpLogHandler() }
    }

    /// All facts for these symbols but the history; fee rates are the account's
    /// (``addCommissions(to:)`` has the symbols' own).
    mutating func ask(symbols: [String]) throws(StartFailure) -> VenueFacts {
        let offset = try clockOffset()
        let info = try exchangeInfo(symbols)
        obey(info.rateLimits, clockOffset: offset)
        var facts = VenueFacts(
            instruments: info.instruments, assets: info.assets, clockOffset: offset,
            rateLimits: info.rateLimits, history: [],
            remarks: info.unknownFilters.map { "filter \($0) is not checked here" })
        facts.accountLimits = info.accountLimits
        facts.rates = try rates(facts)
        let account = try account(info, offset)
        facts.accountNumber = account.number
        for slot in facts.instruments.indices {
            facts.instruments[slot].makerFee = account.makerFee
            facts.instruments[slot].takerFee = account.takerFee
        }
        return facts
    }

    /// The candles that strategies want; no two requests for the same ones.
    mutating func addHistory(
        _ requests: [HistoryRequest], to facts: inout VenueFacts
    ) throws(StartFailure) {
        for request in requests {
            guard let instrument = facts.instruments.first(where: {
                $0.symbol.text == request.symbol
            }) else { continue }
            facts.history += try candles(request, instrument, facts.clockOffset)
        }
        facts.history.sort { ($0.openTime, $0.instrument.raw) < ($1.openTime, $1.instrument.raw) }
    }

    /// Venue time less ours: the server's answer against the middle of the round trip.
    mutating func clockOffset() throws(StartFailure) -> Int64 {
        // The first answer includes the handshake; the second one measures.
        _ = try body(Self.timePath)
        return try clockSample().offset
    }

    /// Reads the venue's clock once. Weight 1.
    mutating func clockSample() throws(StartFailure) -> VenueClockSample {
        let asked = clock.now()
        let text = try body(Self.timePath)
        let answered = clock.now()
        let venue = try read(Self.timePath, text) { text, count throws(DecodeFailure) in
            try BinanceSpotREST.serverTime(text, count)
        }
        // The venue's clock is told in whole milliseconds: half of one on average.
        let offset = venue.nanoseconds + 500_000 - (asked + (answered - asked) / 2)
        return VenueClockSample(offset: offset, roundTrip: answered - asked)
    }

    private static var timePath: String { "/api/v3/time" }

    /// Connects, unless it is connected.
    mutating func connect() throws(StartFailure) { try conversation?.open() }

    var isConnected: Bool {
        switch conversation {
        case .some(let conversation): conversation.connection.link.phase == .open
        case .none: false
        }
    }

    /// Shows the connection to `body`; not called when a desk answers.
    func withConnection(_ body: (borrowing LinkConversation) -> Void) {
        switch conversation {
        case .some(let conversation): body(conversation.connection)
        case .none: break
        }
    }

    private mutating func exchangeInfo(
        _ symbols: [String]
    ) throws(StartFailure) -> BinanceSpotExchangeInfo {
        let info = try currentRules(symbols)
        if let refusal = info.refusals.first {
            throw .missing(
                "the venue's rules for \(refusal.symbol) cannot be used: \(refusal.failure.words)")
        }
        return info
    }

    /// The venue's rules for these symbols as they are now, some of them perhaps unusable.
    mutating func currentRules(
        _ symbols: [String]
    ) throws(StartFailure) -> BinanceSpotExchangeInfo {
        try rules(in: rulesText(symbols), of: symbols)
    }

    /// The venue's rules as it tells them. Weight 20.
    mutating func rulesText(_ symbols: [String]) throws(StartFailure) -> [UInt8] {
        try body("/api/v3/exchangeInfo?symbols=\(Self.list(symbols))")
    }

    func rules(
        in text: [UInt8], of symbols: [String]
    ) throws(StartFailure) -> BinanceSpotExchangeInfo {
        let wanted = symbols.compactMap { ShortName($0) }
        guard wanted.count == symbols.count else {
            throw .missing("a symbol in the configuration is longer than \(ShortName.capacity) bytes")
        }
        let fee = ["BNB"].compactMap { ShortName($0) }
        return try read("/api/v3/exchangeInfo", text) { text, count throws(DecodeFailure) in
            try BinanceSpotExchangeInfo(text, count, wanted: wanted, assets: fee)
        }
    }

    /// A JSON array of names, encoded for a query.
    static func list(_ symbols: [String]) -> String {
        "%5B" + symbols.map { "%22\(percentEncoded($0))%22" }.joined(separator: ",") + "%5D"
    }

    /// The account, which must be one that may trade.
    private mutating func account(
        _ info: BinanceSpotExchangeInfo, _ offset: Int64
    ) throws(StartFailure) -> BinanceSpotREST.Account {
        let directory = InstrumentDirectory(instruments: info.instruments)
        defer { directory.deallocate() }
        let text = try body(signed: "/api/v3/account", "omitZeroBalances=true", offset)
        let account = try read("/api/v3/account", text) { text, count throws(DecodeFailure) in
            try BinanceSpotREST.account(
                text, count, directory: directory, receiveTime: .unknown)
        }
        guard account.canTrade else {
            throw .forbidden(
                "the account may not trade (canTrade is false); allow it for this key at the venue")
        }
        return account
    }

    // MARK: - Requests

    /// From here on requests keep within these limits, those that the engine has beside them
    /// included as far as the venue tells.
    mutating func obey(_ limits: [RateLimitRule], clockOffset: Int64) {
        budget = RateBudget(limits)
        budgetOffset = clockOffset
        settle(0, told: usedWeight)
    }

    /// Waits for the venue's next minute when this one has no room for a request of this weight.
    /// Where nobody may wait that long, the venue has the last word.
    private mutating func awaitRoom(for path: Substring, _ weight: Int64) {
        let now = clock.now() + budgetOffset
        if budget.take(urgency, weight: weight, at: now) { return }
        let wait = budget.weightReturns(at: now) - now
        if wait <= Nanoseconds.seconds(Int64(longestPause)).count {
            logger.notice(
                "request weight nearly used up, waiting for the next minute",
                metadata: [
                    "request": "\(path)", "milliseconds": "\(wait / 1_000_000)",
                ])
            pause(Nanoseconds(wait + Self.clockMargin))
        }
        budget.spend(weight: weight)
    }

    /// When there will be room for a request of this weight, on our clock; `nil`: there is now.
    mutating func roomReturns(for weight: Int64) -> Int64? {
        let now = clock.now() + budgetOffset
        if budget.room(for: urgency, at: now) >= weight { return nil }
        return budget.weightReturns(at: now) + Self.clockMargin - budgetOffset
    }

    /// Whether so much weight can be spent on what a start can do without: no more than a twentieth
    /// of the minute's, of which most is left for snapshots, and for the next start.
    mutating func canSpare(_ weight: Int64) -> Bool {
        let limit = budget.weight.limit
        if limit == 0 { return true }
        let left = budget.room(for: .cancel, at: clock.now() + budgetOffset)
        return weight <= limit / 20 && left >= limit / 2
    }

    /// Our idea of the venue's clock may be ahead of it by this much.
    private static var clockMargin: Int64 { 100_000_000 }

    private mutating func settle(_ weight: Int64, told used: Int64?) {
        var usage = RateLimitUsage()
        if let used {
            usage.requestWeight = RateLimitCount(count: Int32(clamping: used), limit: -1)
        }
        budget.settle(weight: weight, orders: 0, told: usage, at: clock.now() + budgetOffset)
    }

    /// Waits before the same is asked again.
    mutating func pause(_ duration: Nanoseconds) {
        if let desk {
            desk.pause(duration)
            clock.stand(at: desk.now)
            return
        }
        var time = timespec(
            tv_sec: Int(duration.count / 1_000_000_000),
            tv_nsec: Int(duration.count % 1_000_000_000))
        nanosleep(&time, nil)
    }

    /// The body of an answer, with 64 readable bytes behind it.
    mutating func body(
        _ target: String, method: String = "GET", inMicroseconds: Bool = false
    ) throws(StartFailure) -> [UInt8] {
        try body(Question(method: method, target: target, isInMicroseconds: inMicroseconds))
    }

    /// The same for a request that is signed: with the time at which it leaves, which may be a
    /// minute later. `offset` is venue time less ours.
    mutating func body(
        signed path: String, _ query: String, _ offset: Int64, method: String = "GET"
    ) throws(StartFailure) -> [UInt8] {
        let target = query.isEmpty ? path : "\(path)?\(query)"
        return try body(Question(method: method, target: target, offset: offset))
    }

    /// A request before it leaves.
    private struct Question {
        var method: String
        /// Without what a signature needs.
        var target: String
        /// Venue time less ours; `nil`: it is not signed.
        var offset: Int64?
        /// Times of the answer as the streams have them.
        var isInMicroseconds = false

        /// Header fields.
        var fields: [(String, String)] {
            isInMicroseconds ? [("X-MBX-TIME-UNIT", "MICROSECOND")] : []
        }
        var path: Substring { target.prefix { $0 != "?" } }
        var query: Substring { target.dropFirst(path.count + 1) }
    }

    private mutating func body(_ question: Question) throws(StartFailure) -> [UInt8] {
        var answer = try ask(question)
        // 429 says to back off and for how long; 418 is a ban already, which nobody waits for here.
        if answer.status == 429, let seconds = answer.retryAfter, seconds <= longestPause {
            logger.warning(
                "request weight used up, waiting",
                metadata: ["request": "\(question.path)", "seconds": "\(seconds)"])
            pause(.seconds(Int64(seconds)))
            answer = try ask(question)
        }
        let count = answer.body.count
        answer.body += [UInt8](repeating: 0, count: 64)
        guard answer.status == 200 else {
            let failure = answer.body.withUnsafeBufferPointer { buffer in
                buffer.baseAddress.flatMap { BinanceSpotREST.failure($0, count) }
            }
            throw .refused(
                request: String(question.path), status: answer.status,
                code: Int(failure?.code ?? 0), message: failure?.message ?? "no explanation")
        }
        return answer.body
    }

    /// One request within the budget, and what its answer tells of that.
    private mutating func ask(
        _ question: Question
    ) throws(StartFailure) -> RESTConversation.Answer {
        let weight = RequestWeight.of(question.method, question.target)
        awaitRoom(for: question.path, weight)
        let answer: RESTConversation.Answer
        do throws(StartFailure) {
            answer = try request(
                question.method, try ready(question),
                fields: [("X-MBX-APIKEY", apiKey)] + question.fields)
        } catch {
            budget.lose()
            throw error
        }
        settle(weight, told: answer.usedWeight)
        note(answer)
        return answer
    }

    private mutating func request(
        _ method: String, _ path: String, fields: [(String, String)]
    ) throws(StartFailure) -> RESTConversation.Answer {
        if let desk {
            defer { clock.stand(at: desk.now) }
            return try desk.request(method, path)
        }
        guard let answer = try conversation?.request(method, path, fields: fields) else {
            preconditionFailure("an inquiry has a conversation or a desk")
        }
        return answer
    }

    private mutating func note(_ answer: RESTConversation.Answer) {
        usedWeight = answer.usedWeight ?? usedWeight
        guard answer.status == 429 || answer.status == 418 else { return }
        quietUntil = clock.now() + RateBudget.quiet(seconds: Int64(answer.retryAfter ?? 60))
    }

    /// What is sent: the request with its time and signature, where it needs them.
    private func ready(_ question: Question) throws(StartFailure) -> String {
        guard let offset = question.offset else { return question.target }
        let time = (clock.now() + offset) / 1_000_000
        let own = question.query.isEmpty ? "" : question.query + "&"
        let payload = "\(own)recvWindow=\(receiveWindow)&timestamp=\(time)"
        guard let signature = signer.signature(of: payload) else {
            throw .missing("requests cannot be signed with the given key")
        }
        return "\(question.path)?\(payload)&signature=\(percentEncoded(signature))"
    }

    func read<Value>(
        _ path: String, _ text: [UInt8],
        _ decode: (UnsafePointer<UInt8>, Int) throws(DecodeFailure) -> Value
    ) throws(StartFailure) -> Value {
        let name = String(path.prefix { $0 != "?" })
        do throws(DecodeFailure) {
            let outcome: Result<Value, DecodeFailure> = text.withUnsafeBufferPointer { buffer in
                guard let base = buffer.baseAddress else { return .failure(.truncated) }
                do throws(DecodeFailure) {
                    return .success(try decode(base, buffer.count - 64))
                } catch {
                    return .failure(error)
                }
            }
            return try outcome.get()
        } catch {
            throw .unreadable(request: name, cause: error.words)
        }
    }
}

/// Rows of `GET /api/v3/klines`: arrays of twelve (binance-spot.md, section 6).
func klines(
    _ text: UnsafePointer<UInt8>, _ count: Int, _ instrument: Instrument
) throws(DecodeFailure) -> [Candle] {
    var candles: [Candle] = []
    var scanner = JSONScanner(text, count)
    try scanner.enterArray()
    let price = Int(instrument.priceScale)
    let quantity = Int(instrument.quantityScale)
    while try scanner.nextElement() {
        try scanner.enterArray()
        var fields: [JSONValue] = []
        while try scanner.nextElement() { fields.append(try scanner.value()) }
        guard fields.count >= 11 else { throw .missingKey }
        candles.append(
            Candle(
                instrument: instrument.index,
                openTime: Timestamp(milliseconds: try fields[0].integer()),
                closeTime: Timestamp(
                    nanoseconds: (try fields[6].integer() + 1) * 1_000_000 - 1),
                open: Price(raw: try fields[1].decimal(scale: price)),
                high: Price(raw: try fields[2].decimal(scale: price)),
                low: Price(raw: try fields[3].decimal(scale: price)),
                close: Price(raw: try fields[4].decimal(scale: price)),
                volume: Quantity(raw: try fields[5].decimal(scale: quantity)),
                takerBuyVolume: Quantity(raw: try fields[9].decimal(scale: quantity)),
                quoteVolume: Notional(raw: try fields[7].wideDecimal(scale: price + quantity)),
                tradeCount: UInt32(clamping: try fields[8].integer()), isClosed: true))
    }
    try scanner.finish()
    return candles
}
