import MarketModel

/// One message of the WebSocket API connection: an answer or an event of the user data stream.
///
/// Cursors and values inside are views into the message and valid as long as its bytes.
public enum AccountFrame: BitwiseCopyable, Sendable {
    /// The answer to a request.
    case response(VenueResponse)
    case execution(ExecutionReport)
    /// `outboundAccountPosition`: absolute balances of the assets that may have changed.
    case balances(BalanceCursor)
    /// `balanceUpdate`: a deposit, withdrawal or transfer; not a trade.
    case balanceChanged(BalanceChange)
    /// `externalLockUpdate`: the locked part changed from outside.
    case lockChanged(BalanceChange)
    case orderList(OrderListStatus)
    /// The user stream has ended: subscribe again.
    case streamTerminated
    /// The venue is about to close the connection: open another at once.
    case serverShutdown
    /// Well formed, but of a kind that the documents do not name. To be counted and looked at.
    case unrecognized
    case malformed(DecodeFailure)
}

/// A change of one asset's balance or lock.
public struct BalanceChange: BitwiseCopyable, Sendable, Equatable {
    /// `none` for an asset that is not in the directory.
    public var asset: AssetIndex
    /// Signed, in units of 1e-8 of the asset.
    public var delta: Int64
    public var venueTime: Timestamp

    @_noLocks
    public init(asset: AssetIndex, delta: Int64, venueTime: Timestamp) {
        self.asset = asset
        self.delta = delta
        self.venueTime = venueTime
    }
}

/// A change of an order list (OCO, OTO) placed elsewhere on the account.
public struct OrderListStatus: BitwiseCopyable, Sendable, Equatable {
    /// `none` for a symbol that is not in the directory.
    public var instrument: InstrumentIndex
    public var listID: Int64
    /// No order of the list is open any more.
    public var isDone: Bool
    public var venueTime: Timestamp

    @_noLocks
    public init(instrument: InstrumentIndex, listID: Int64, isDone: Bool, venueTime: Timestamp) {
        self.instrument = instrument
        self.listID = listID
        self.isDone = isDone
        self.venueTime = venueTime
    }
}

/// What the result of an answer holds.
public enum ResponseContent: UInt8, BitwiseCopyable, Sendable, Equatable {
    /// No result, or an empty object.
    case none = 0
    /// The acknowledgement of a place, cancel or cancel-replace.
    case order = 1
    /// The state of a queried order: ``BinanceSpotAccountDecoder/executionReport(of:)``.
    case orderState = 2
    /// A list: open orders, trades, cancelled orders. See the cursors.
    case list = 3
    /// The account with its balances: ``BinanceSpotAccountDecoder/balances(of:)``.
    case account = 4
    /// A session that is logged on.
    case session = 5
    /// A session that is not logged on.
    case anonymousSession = 6
    /// A user stream subscription; its number is `subscriptionID`.
    case subscription = 7
    case serverTime = 8
    case other = 255
}

/// The venue's answer to any request of the WebSocket API.
public struct VenueResponse: BitwiseCopyable, Sendable {
    /// The answer in the core's terms; meaningful for every request.
    public var reply: RequestReply
    /// False when the id is null or a text: not the answer to a request of ours.
    public var hasRequestID = false
    /// As in HTTP: 200, 400, 403, 409, 418, 429, 5xx.
    public var status: Int32 = 0
    /// What the result holds; `none` on an error.
    public var content = ResponseContent.none
    /// Of a `subscription`; -1 otherwise.
    public var subscriptionID: Int64 = -1
    /// The venue's clock, where the result or the error tells it.
    public var serverTime = Timestamp.unknown
    /// For 418 and 429: send nothing before this moment. `unknown` when not told.
    public var retryAfter = Timestamp.unknown
    /// The venue's own counts, where it sends them.
    public var limits = RateLimitUsage()
    /// The whole result of an answer in JSON; `absent` on an error.
    public var result = JSONValue.absent
    /// The whole result of a binary answer; `nil` on an error and in JSON.
    public var binaryResult: BinaryMessage?
    /// Whether the answer has a binary result: its rows are for the binary decoder.
    public var isBinary: Bool { @_noLocks get { binaryResult != nil } }
    /// A newer binary schema is out: the one that was asked for will be switched off some day.
    public var isSchemaDeprecated = false
    /// The venue's text for an error.
    public var message = JSONValue.absent
    /// The venue's code and text for the cancel of a replacement whose new order has failed too, with
    /// a code of its own; 0 and nothing otherwise.
    public var cancelCode: Int32 = 0
    var cancelMessage = JSONValue.absent

    /// The bytes of ``message`` as they were received, escapes and all; empty when there is none.
    public var messageBytes: UnsafeBufferPointer<UInt8> {
        @_noLocks get { Self.bytes(of: message) }
    }
    /// The same of the cancel.
    public var cancelMessageBytes: UnsafeBufferPointer<UInt8> {
        @_noLocks get { Self.bytes(of: cancelMessage) }
    }

    private static func bytes(of message: JSONValue) -> UnsafeBufferPointer<UInt8> {
        guard case .string = message.kind else {
            return UnsafeBufferPointer(start: nil, count: 0)
        }
        return UnsafeBufferPointer(start: message.start, count: message.count)
    }

    @_noLocks
    init(receiveTime: Timestamp) {
        reply = RequestReply(requestID: 0, outcome: .unknown, receiveTime: receiveTime)
    }
}
