import Codec
import Machine
import MarketModel
import Wire

/// The conversation with Binance Spot: its connections, login, subscriptions, books in sequence.
///
/// Pure: bytes, time and requests in, bytes and records out (design law 3). The driver moves the
/// bytes of ``links`` and asks ``next(_:now:)`` for records until `.none`; what it answers with
/// `.opened`, `.closed` and `.needsCold` is handled outside the hot path by `opened`, `ended`
/// and `progress`.
public struct SpotSession: ~Copyable {
    private let place = InPlace()
    /// Where the WebSocket API connection stands.
    enum OrderPhase: BitwiseCopyable {
        case down, loggingOn, subscribing, clearing, reading
        /// Complete, while a request is still under way over REST.
        case waiting
        case up
    }

    public let links: UnsafeMutablePointer<ClientLink>
    let configuration: SpotConfiguration
    let instruments: UnsafeMutablePointer<Instrument>
    let instrumentCount: Int
    let directory: InstrumentDirectory

    let market: BinanceSpotMarketDecoder
    /// Decodes snapshots into levels of its own: diffs may arrive while one is being taken in.
    let snapshots: BinanceSpotMarketDecoder
    let account: BinanceSpotAccountDecoder
    /// For messages in the binary encoding; levels go where ``market`` writes them.
    let binaryMarket: BinanceSpotBinaryMarketDecoder
    let binaryAccount: BinanceSpotBinaryAccountDecoder
    public let encoder: BinanceSpotOrderEncoder
    let signer: RequestSigner
    let logsOn: Bool
    let synchronizers: UnsafeMutablePointer<DepthSynchronizer>
    let requestText: UnsafeMutablePointer<UInt8>
    /// The next orders, begun while the lane was idle, by the request's number.
    var spares: InlineArray<2, SpareOrder>
    /// The orders of the list that is being put together, and how many there are.
    let legs: UnsafeMutablePointer<OrderRequest>
    var legCount: UInt8 = 0
    let signingText: UnsafeMutablePointer<UInt8>
    static var levelCapacity: Int { 16_384 }

    // Market data.
    var wantedSnapshots = SnapshotQueue()
    var snapshotUnderWay = InstrumentIndex.none
    /// Request weight of the snapshot under way.
    var snapshotCost: Int64 = 0
    var loaded: DepthHeader
    var replaying = InstrumentIndex.none
    /// The rest of the trades of one binary message.
    var burst: TradeCursor?
    /// How far each instrument's streams have been taken.
    let places: UnsafeMutablePointer<StreamPlace>
    /// When the market link last said anything but pongs.
    var lastData: Int64 = 0
    /// When each instrument's streams last said something.
    var silences: StreamSilences
    /// Messages of the connection that is to follow the market link.
    var backlog: MessageBacklog
    var isBacklogFull = false
    var relief = ReliefPhase.none

    // Orders.
    var orderPhase = OrderPhase.down
    var awaitedClears = 0
    var hasClearedLeftovers = false
    var balances: BalanceCursor?
    /// Orders whose state waits for their trades; the place of the one whose trades are told now,
    /// -1 for none, and what is left of them.
    var awaitedFills = AwaitedFills()
    var told = -1
    var trades: FillCursor?
    var toldCount = 0
    var toldQuantity: Int64 = 0
    var lastTold = TradeID(-1)
    /// The reply that follows a queried order's report; request 0: none.
    var answeredQuery = RequestReply(requestID: 0, outcome: .accepted, receiveTime: .unknown)
    /// Deposits less withdrawals by asset, as far as the user stream has told of them.
    let transfers: UnsafeMutablePointer<Int64>
    let heardMessages = HeardMessages()
    static var assetCapacity: Int { @_noLocks get { 256 } }
    var ownAnswer = OwnAnswer()
    var wantsOrderRestart = false
    /// When the login's last question was asked.
    var ownRequestTime: Int64 = 0
    /// Requests of the core whose answer is still out on the order link.
    var requestsUnderWay = 0
    var orderRelief = OrderReliefPhase.none
    /// The venue has announced that it will end the order link.
    var wantsOrderRelief = false
    /// When the order relief's conversation was last gone on with.
    var orderReliefTime: Int64 = 0
    /// The answer to the order relief's last question.
    var orderReliefAnswer = OwnAnswer()
    /// Answers that are still out on the connection that was the order link until a moment ago.
    var requestsLeft = 0

    // Orders over REST.
    var fallback = FallbackPhase.none
    /// Since when the order session has been down; `min` while it is up or nobody knows.
    var ordersLostAt = Int64.min
    /// Writes parameters without key and signature.
    let restEncoder: BinanceSpotOrderEncoder
    var fallbackQueue = FallbackQueue()
    /// The orders of the list that leaves over REST.
    let fallbackLegs = UnsafeMutablePointer<OrderRequest>.allocate(capacity: 3)
    /// The number of the request that is under way; `max` for none.
    var fallbackRequest = UInt64.max
    var hasFallbackResponse = false
    var isFallbackAnswerHandedOn = false
    /// Whether ``fallbackText`` is an answer as it came, rather than what is to be decoded.
    var isFallbackFrame = false
    var fallbackText: MessageText
    var fallbackMemory: UnsafeMutableRawPointer?
    var fallbackCapacity = 0

    // REST.
    var hasResponse = false
    var isClockUnderWay = false
    var clockAskedAt: Int64 = 0
    var nextClockTime: Int64 = 0
    /// Venue time less ours, nanoseconds.
    public internal(set) var clockOffset: Int64

    // Connections.
    var backoffs: [Backoff]
    public internal(set) var nextAttempt: InlineArray<6, Int64>
    public internal(set) var closeReasons: InlineArray<6, LinkCloseReason>
    public internal(set) var reconnects: InlineArray<6, Int64>
    public internal(set) var messages: InlineArray<6, Int64>
    public internal(set) var roundTrips: InlineArray<6, Int64>
    var openedAt: InlineArray<6, Int64>
    var connectionBudget: ConnectionBudget
    /// Links whose attempt waits for the budget, which has been told.
    var heldLinks: Set<Int> = []
    var wantsRestart = false
    var states: [LinkState] = []
    /// What happened on the connections; drained by the driver off the hot path.
    var remarks: [SessionRemark] = []
    public internal(set) var malformedCount: Int64 = 0
    var refusals = RefusalBoard()
    /// The beginning of the last message that could not be read, and how many were told of.
    let malformedText: UnsafeMutableRawPointer
    var malformedTextCount = 0
    var isMalformedBinary = false
    var malformedTold: Int64 = 0
    static var malformedTextCapacity: Int { @_noLocks get { 512 } }
    /// Messages that were handed on as they came and are still to be decoded; empty: none.
    var marketText: MessageText
    var ordersText: MessageText
    /// A REST answer that is still to be handed on as it came, before it is read.
    var answerText: MessageText
    var isAnswerHandedOn = false
    public internal(set) var lastFailure = DecodeFailure.truncated
    public internal(set) var budget: RateBudget
    /// Requests of the core that the budget has held back.
    public internal(set) var heldBack: Int64 = 0
    /// What each request has taken out of the budget, by its number: weight, and 64 an order.
    let costs: UnsafeMutablePointer<UInt8>
    static var costMask: UInt64 { @_noLocks get { 4_095 } }
    static var ownCostMask: UInt64 { @_noLocks get { 2_047 } }

    /// A session for these instruments; `clockOffset` is venue time less ours as first measured.
    /// Without `tls` its connections are plain, for tests.
    public init(
        configuration: SpotConfiguration, instruments list: [Instrument],
        directory: InstrumentDirectory, tls: TLSClientContext?, signer: consuming RequestSigner,
        clockOffset: Int64
    ) throws(TLSFailure) {
        precondition(!list.isEmpty && list.count <= 64, "1...64 instruments a session")
        self.configuration = configuration
        self.directory = directory
        self.clockOffset = clockOffset
        instrumentCount = list.count
        instruments = .allocate(capacity: list.count)
        synchronizers = .allocate(capacity: list.count)
        for (slot, instrument) in list.enumerated() {
            (instruments + slot).initialize(to: instrument)
            (synchronizers + slot).initialize(to: DepthSynchronizer())
        }
        let levels = UnsafeMutablePointer<BookLevel>.allocate(capacity: Self.levelCapacity)
        legs = .allocate(capacity: 3)
        requestText = .allocate(capacity: BinanceSpotOrderEncoder.maximumCount)
        spares = [SpareOrder(), SpareOrder()]
        signingText = .allocate(capacity: BinanceSpotOrderEncoder.maximumCount)
        market = BinanceSpotMarketDecoder(
            directory: directory, levels: levels, levelCapacity: Self.levelCapacity)
        snapshots = BinanceSpotMarketDecoder(
            directory: directory, levels: .allocate(capacity: Self.levelCapacity),
            levelCapacity: Self.levelCapacity)
        account = BinanceSpotAccountDecoder(directory: directory)
        binaryMarket = BinanceSpotBinaryMarketDecoder(
            directory: directory, levels: levels, levelCapacity: Self.levelCapacity)
        binaryAccount = BinanceSpotBinaryAccountDecoder(directory: directory)
        budget = RateBudget(configuration.rateLimits)
        connectionBudget = ConnectionBudget(configuration.rateLimits)
        backlog = MessageBacklog(capacity: configuration.backlogBytes)
        let costCount = Int(Self.costMask + Self.ownCostMask) + 2
        costs = .allocate(capacity: costCount)
        costs.initialize(repeating: 0, count: costCount)
        transfers = .allocate(capacity: Self.assetCapacity)
        transfers.initialize(repeating: 0, count: Self.assetCapacity)
        // Ed25519 keys log the connection on once; others sign every request.
        logsOn = signer.algorithm == .ed25519
        // The key comes first among the names of an order's parameters.
        if !logsOn { signer.prime(opening: "apiKey=\(configuration.apiKey)&newClientOrderId=ap-") }
        encoder = BinanceSpotOrderEncoder(
            instruments: list,
            access: logsOn ? .session : .signed(apiKey: configuration.apiKey, signatureCount: 64),
            receiveWindow: configuration.receiveWindow, strategyType: configuration.strategyType)
        restEncoder = BinanceSpotOrderEncoder(
            instruments: list, access: .session, receiveWindow: configuration.receiveWindow,
            strategyType: configuration.strategyType)
        self.signer = signer
        loaded = DepthHeader(
            instrument: .none, isSnapshot: false, firstUpdateID: 0, lastUpdateID: 0, bidCount: 0,
            askCount: 0, venueTime: .unknown, receiveTime: .unknown)
        malformedText = .allocate(byteCount: Self.malformedTextCapacity, alignment: 8)
        marketText = MessageText(bytes: UnsafeRawPointer(malformedText), count: 0)
        ordersText = marketText
        answerText = marketText
        fallbackText = marketText
        nextAttempt = InlineArray(repeating: 0)
        openedAt = InlineArray(repeating: 0)
        silences = StreamSilences(
            instruments: list.count, kinds: configuration.streamKinds,
            patience: configuration.streamPatience)
        places = .allocate(capacity: list.count)
        places.initialize(repeating: StreamPlace(), count: list.count)
        closeReasons = InlineArray(repeating: .endOfStream)
        reconnects = InlineArray(repeating: -1)
        messages = InlineArray(repeating: 0)
        roundTrips = InlineArray(repeating: 0)
        backoffs = (0..<SpotLink.count).map {
            Backoff(
                base: configuration.backoffBase, cap: configuration.backoffCap,
                seed: configuration.seed &+ UInt64($0) &* 7919)
        }
        links = .allocate(capacity: SpotLink.count)
        let streams = ClientLink.Purpose.webSocket(
            path: configuration.streamPath(list), fields: configuration.streamFields())
        let orders = ClientLink.Purpose.webSocket(path: configuration.orderPath(), fields: [])
        let purposes = [streams, orders, .http, streams, .http, orders]
        for link in 0..<SpotLink.count {
            let endpoint = configuration.endpoint(link)
            var limits = configuration.limits
            limits.maximumMessage = 4 << 20
            limits.http.body = 8 << 20
            if link == SpotLink.market || link == SpotLink.relief {
                limits.messagesPerSecond = Self.streamPace
            }
            (links + link).initialize(
                to: try ClientLink(
                    purpose: purposes[link], host: endpoint.host, port: Int(endpoint.port),
                    tls: tls, limits: limits,
                    maskSeed: configuration.seed &+ 0x9E37_79B9 &* UInt64(link + 1)))
        }
        nextClockTime = 0
    }

    deinit {
        links.deinitialize(count: SpotLink.count)
        links.deallocate()
        synchronizers.deinitialize(count: instrumentCount)
        synchronizers.deallocate()
        instruments.deallocate()
        market.levels.deallocate()
        snapshots.levels.deallocate()
        legs.deallocate()
        requestText.deallocate()
        for place in 0..<spares.count { spares[place].deallocate() }
        signingText.deallocate()
        malformedText.deallocate()
        transfers.deallocate()
        heardMessages.deallocate()
        awaitedFills.deallocate()
        refusals.deallocate()
        costs.deallocate()
        backlog.deallocate()
        places.deallocate()
        silences.deallocate()
        encoder.deallocate()
        restEncoder.deallocate()
        fallbackQueue.deallocate()
        fallbackLegs.deallocate()
        fallbackMemory?.deallocate()
    }

    /// Puts the next record of a link into `record`; call until it is `.none`. Hot on open links.
    ///
    /// A record is as large as the largest kind, and a returned one is copied as a whole on its way.
    @_noLocks
    public mutating func next(_ link: Int, now: Int64, into record: inout VenueRecord) {
        switch link {
        case 0: nextMarketRecord(now: now, into: &record)
        case 1: record = nextOrderRecord(SpotLink.orders, now: now)
        case 2: record = nextRestRecord(now: now)
        case 3: record = nextReliefRecord()
        case 4: record = nextFallbackRecord(now: now)
        default: record = nextOrderReliefRecord(now: now)
        }
    }

    /// Whether orders can be sent: logged on, subscribed, balances read.
    public var isOrderSessionUp: Bool {
        @_noLocks get {
            if case .up = orderPhase { true } else { false }
        }
    }

    /// Deposits less withdrawals of an asset since the start, in units of 1e-8.
    public func transferred(_ asset: AssetIndex) -> Int64 {
        asset.slot < Self.assetCapacity ? transfers[asset.slot] : 0
    }

    /// Takes a change of state that the core must be told. Cold.
    public mutating func takeState() -> LinkState? {
        states.isEmpty ? nil : states.removeFirst()
    }

    /// Takes a refusal of the venue; call until `nil`. Does not allocate.
    public mutating func takeRefusal() -> VenueRefusal? { refusals.take() }

    /// Whether ``takeRemarks()`` has something to give.
    public var hasRemarks: Bool { malformedCount != malformedTold || !remarks.isEmpty }

    /// Takes the remarks for the log; empty when nothing happened, without allocating. Cold.
    public mutating func takeRemarks() -> [SessionRemark] {
        if malformedCount != malformedTold { remarkMalformed() }
        if remarks.isEmpty { return [] }
        defer { remarks.removeAll() }
        return remarks
    }

    /// One remark for all messages since the last look: a flood must not fill the log.
    private mutating func remarkMalformed() {
        let bytes = UnsafeRawBufferPointer(start: malformedText, count: malformedTextCount)
        let text =
            isMalformedBinary
            ? bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
            : String(decoding: bytes, as: UTF8.self)
        let count = malformedCount - malformedTold
        malformedTold = malformedCount
        remarks.append(
            SessionRemark(
                kind: .malformed,
                text: "\(count) not understood; of the last, \(lastFailure.words): \(text)"))
    }

    /// Venue milliseconds of a moment on our clock.
    @_noLocks
    func venueMilliseconds(_ now: Int64) -> Int64 { (now &+ clockOffset) / 1_000_000 }
}
