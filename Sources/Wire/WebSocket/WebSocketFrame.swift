/// What a WebSocket frame carries (RFC 6455 section 5.2).
public enum WebSocketOpcode: UInt8, BitwiseCopyable, Sendable {
    case continuation = 0x0
    case text = 0x1
    case binary = 0x2
    case close = 0x8
    case ping = 0x9
    case pong = 0xA

    /// The four bits of the frame header; nil for the reserved ones.
    @_noLocks init?(bits: UInt8) { self.init(rawValue: bits) }

    /// The four bits of the frame header.
    var bits: UInt8 {
        @_noLocks get { rawValue }
    }

    /// Close, ping and pong stand between the pieces of a message and are never fragmented.
    var isControl: Bool {
        @_noLocks get { rawValue >= WebSocketOpcode.close.rawValue }
    }
}

/// A breach of RFC 6455 by the peer, or of the limits set here.
public enum WebSocketViolation: UInt8, Error, BitwiseCopyable, Sendable, CaseIterable {
    case reservedBits
    case reservedOpcode
    case fragmentedControl
    case oversizedControl
    case unexpectedContinuation
    case interleavedMessage
    case missingMask
    case unexpectedMask
    case wastefulLength
    case oversizedMessage
    case invalidText
    case invalidClose

    /// The close code that tells the peer (RFC 6455 section 7.4.1).
    public var closeCode: UInt16 {
        @_noLocks get {
            switch self {
            case .invalidText: WebSocketCloseCode.invalidPayload
            case .oversizedMessage: WebSocketCloseCode.messageTooBig
            default: WebSocketCloseCode.protocolError
            }
        }
    }
}

/// Close codes of RFC 6455 section 7.4 and of the IANA registry.
public enum WebSocketCloseCode {
    public static var normal: UInt16 { @_noLocks get { 1000 } }
    public static var goingAway: UInt16 { @_noLocks get { 1001 } }
    public static var protocolError: UInt16 { @_noLocks get { 1002 } }
    /// Stands for a close frame without a code; never sent.
    public static var noStatus: UInt16 { @_noLocks get { 1005 } }
    public static var invalidPayload: UInt16 { @_noLocks get { 1007 } }
    public static var messageTooBig: UInt16 { @_noLocks get { 1009 } }

    /// True for the codes that may travel in a close frame.
    @_noLocks public static func isSendable(_ code: UInt16) -> Bool {
        switch code {
        case 1000...1003, 1007...1014, 3000...4999: true
        default: false
        }
    }
}
