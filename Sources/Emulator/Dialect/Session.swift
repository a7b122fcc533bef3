import MarketModel

/// One connection as the dialect sees it.
final class Session {
    /// What the connection became.
    enum Kind: Equatable {
        /// Plain HTTP requests so far.
        case rest
        case streams
        case api
    }

    /// A user data stream on this connection.
    struct UserStream {
        let id: Int
        let account: AccountIndex
        let key: String
        /// Opened with a signature of its own: it outlives the session's logon.
        let isSigned: Bool
    }

    /// How frames are written.
    enum Encoding: Equatable {
        case json
        case binary
    }

    let id: SessionID
    /// Requests are limited by client address.
    let client: Int
    let connectedSince: Timestamp
    var kind = Kind.rest
    var unit = TimeUnit.milliseconds
    /// Of market data, or of answers and events; control messages are JSON always.
    var encoding = Encoding.json
    /// The client asked for an older version of the binary schema.
    var usesOldSchema = false
    /// Whether frames carry their stream's name.
    var isCombined = false
    var subscriptions: [String] = []

    // WebSocket API.
    var returnsRateLimits = true
    var key: String?
    var account: AccountIndex?
    var authorizedSince = Timestamp.unknown
    var userStreams: [UserStream] = []
    var nextUserStreamID = 0

    /// Incoming messages in the current second.
    private var messageSecond: Int64 = 0
    private var messageCount = 0

    init(id: SessionID, client: Int, now: Timestamp) {
        self.id = id
        self.client = client
        connectedSince = now
    }

    /// Counts an incoming message; `false` when there were too many this second.
    func countMessage(now: Timestamp, limit: Int) -> Bool {
        let second = now.nanoseconds / 1_000_000_000
        if second != messageSecond {
            messageSecond = second
            messageCount = 0
        }
        messageCount += 1
        return messageCount <= limit
    }

}
