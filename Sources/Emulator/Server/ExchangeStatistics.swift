import Machine

/// What an exchange has done since it started; any thread may read it.
public struct ExchangeStatistics: Sendable, Equatable {
    public var connectionsAccepted: Int64 = 0
    public var connectionsClosed: Int64 = 0
    /// Dropped because their send queue was full.
    public var slowConsumers: Int64 = 0
    /// TLS handshakes and protocols that clients broke.
    public var protocolFailures: Int64 = 0
    public var restRequests: Int64 = 0
    /// WebSocket messages from clients.
    public var messagesReceived: Int64 = 0
    /// WebSocket messages to clients, and their payload bytes.
    public var messagesSent: Int64 = 0
    public var messageBytesSent: Int64 = 0
    /// Events of the public market: agents' orders or replayed frames.
    public var marketEvents: Int64 = 0
    /// Diff depth messages left out by the gap fault.
    public var depthMessagesDropped: Int64 = 0
    /// Requests, connections and orders refused for going beyond a rate limit, and bans.
    public var rateLimitRefusals: Int64 = 0
    public var bans: Int64 = 0
    /// 1 once a replay has played everything.
    public var isReplayFinished: Int64 = 0
    /// 1 when the capture could not be read to its end.
    public var isReplayTruncated: Int64 = 0
    /// Open orders taken over from before a restart.
    public var ordersRestored: Int64 = 0
    /// Bytes of an unfinished record that a crash left and the start cut off.
    public var stateBytesDiscarded: Int64 = 0
}

/// The counters behind ``ExchangeStatistics``: written by the exchange's thread alone.
final class ExchangeCounters: Sendable {
    private let page = CounterPage(capacity: 16)

    var connectionsAccepted: Counter { page[0] }
    var connectionsClosed: Counter { page[1] }
    var slowConsumers: Counter { page[2] }
    var protocolFailures: Counter { page[3] }
    var restRequests: Counter { page[4] }
    var messagesReceived: Counter { page[5] }
    var messagesSent: Counter { page[6] }
    var messageBytesSent: Counter { page[7] }
    var marketEvents: Counter { page[8] }
    var depthMessagesDropped: Counter { page[9] }
    var isReplayFinished: Counter { page[10] }
    var isReplayTruncated: Counter { page[11] }
    var ordersRestored: Counter { page[12] }
    var stateBytesDiscarded: Counter { page[13] }
    var rateLimitRefusals: Counter { page[14] }
    var bans: Counter { page[15] }

    var snapshot: ExchangeStatistics {
        ExchangeStatistics(
            connectionsAccepted: connectionsAccepted.value,
            connectionsClosed: connectionsClosed.value, slowConsumers: slowConsumers.value,
            protocolFailures: protocolFailures.value, restRequests: restRequests.value,
            messagesReceived: messagesReceived.value, messagesSent: messagesSent.value,
            messageBytesSent: messageBytesSent.value, marketEvents: marketEvents.value,
            depthMessagesDropped: depthMessagesDropped.value,
            rateLimitRefusals: rateLimitRefusals.value, bans: bans.value,
            isReplayFinished: isReplayFinished.value,
            isReplayTruncated: isReplayTruncated.value, ordersRestored: ordersRestored.value,
            stateBytesDiscarded: stateBytesDiscarded.value)
    }
}
