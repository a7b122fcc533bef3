/// Times (nanoseconds) and sizes (bytes) of one connection.
public struct LinkLimits: Sendable, Equatable {
    /// From `connecting` to connected.
    public var connectTimeout: Int64 = 5_000_000_000
    /// From connected to open: TLS and, for a WebSocket, the upgrade.
    public var handshakeTimeout: Int64 = 10_000_000_000
    /// Between pings sent on an open WebSocket; 0 sends none.
    public var pingInterval: Int64 = 20_000_000_000
    /// From a ping to its pong.
    public var pongTimeout: Int64 = 10_000_000_000
    /// Longest time without a received byte on an open WebSocket or an idle server connection.
    public var silenceTimeout: Int64 = 60_000_000_000
    /// From an HTTP request to the end of its response.
    public var responseTimeout: Int64 = 10_000_000_000
    /// From our close frame to the peer's.
    public var closeTimeout: Int64 = 2_000_000_000
    /// Messages and control frames that a WebSocket may send in a second, at most 8; 0: no limit.
    public var messagesPerSecond = 0
    /// Longest WebSocket message.
    public var maximumMessage = 1 << 20
    /// Plaintext that may wait to be encrypted, and ciphertext that may wait to be sent.
    public var outgoing = 1 << 20
    /// Whether messages carry the processor's ticks at which they were decrypted and unframed.
    public var stampsMessages = true
    public var http = HTTPLimits()

    public init() {}

    /// Of connections that fetch large REST answers: bodies up to 32 MiB.
    public static var fetching: LinkLimits {
        var limits = LinkLimits()
        limits.http.body = 32 << 20
        return limits
    }
}
