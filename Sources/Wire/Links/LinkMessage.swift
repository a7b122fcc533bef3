/// Where a connection stands.
public enum LinkPhase: UInt8, BitwiseCopyable, Sendable {
    case idle
    case connecting
    /// TLS.
    case handshaking
    /// The WebSocket's opening handshake over HTTP.
    case upgrading
    case open
    /// Our close frame is out; messages still arrive until the peer's comes.
    case closing
    case closed
}

/// What happened on a connection.
///
/// Pointers stay valid until the following `next()` or `receive(_:_:now:)`; at least
/// `ByteBuffer.slack` bytes behind a payload are readable.
public enum LinkMessage {
    /// Nothing more; the bytes of the last `receive` are no longer needed.
    case none
    /// Handshakes and HTTP go on by `progressCold(now:)`, then `next()` again.
    case needsCold
    case opened
    case text(UnsafeRawPointer, Int)
    case binary(UnsafeRawPointer, Int)
    /// Our ping came back after this many nanoseconds.
    case pong(roundTrip: Int64)
    /// A client's answer has arrived: see its status, fields and body.
    case response
    /// A server's request has arrived: answer it with `respond` or `acceptUpgrade`.
    case request
    /// The end, once. Send what is still outgoing, then close the transport.
    case closed(LinkCloseReason)
}

/// What took too long.
public enum LinkTimeout: UInt8, BitwiseCopyable, Sendable {
    case connect
    case handshake
    case pong
    case silence
    case response
    case close
}

/// Why a connection ended.
public enum LinkCloseReason: Equatable, BitwiseCopyable, Sendable {
    /// The peer closed the WebSocket with this code (1005: with none).
    case peer(code: UInt16)
    /// We closed, and the peer agreed or ended the stream.
    case local(code: UInt16)
    /// The last HTTP message said that the connection ends with it.
    case completed
    /// The stream ended without a goodbye of the protocol above it.
    case endOfStream
    case reset
    case transport(errno: Int32)
    case connectFailed(errno: Int32)
    case timeout(LinkTimeout)
    case tls(TLSFailure)
    /// The server answered the upgrade with another status; `retryAfter` in seconds, 0 when absent.
    case upgradeRefused(status: Int32, retryAfter: Int32)
    /// The server's upgrade answer breaks RFC 6455 section 4.1.
    case upgradeMalformed
    case webSocket(WebSocketViolation)
    case http(HTTPFailure)
    /// The peer does not read, or sends faster than it may.
    case overflow

    /// True when connecting again can help; otherwise somebody has to change something first.
    public var isTransient: Bool {
        switch self {
        case .tls(let failure): !failure.isPermanent
        case .upgradeRefused(let status, _): status == 408 || status == 429 || status >= 500
        case .upgradeMalformed, .http(.unsupportedVersion): false
        default: true
        }
    }
}
