/// Reads the handshake messages that may follow a handshake, across records and several in one.
///
/// Tickets are passed over without being stored (OpenSSL sees them by another way); a KeyUpdate is
/// answered to the caller; everything else breaks the protocol, because nothing else was offered
/// (RFC 8446 section 4.6).
struct PostHandshakeReader: BitwiseCopyable {
    enum Outcome {
        /// Nothing to do.
        case passed
        /// The peer's next record comes under its next key.
        case keyUpdate(isAnswerWanted: Bool)
        case violation(RecordViolation)
    }

    enum Kind {
        static var newSessionTicket: UInt8 {
            @_noLocks get { 4 }
        }
        static var keyUpdate: UInt8 {
            @_noLocks get { 24 }
        }
    }

    /// The longest ticket message: 4 + 4 + 1 + 255 + 2 + 65,535 + 2 + 65,534 + 1.
    private static var longestTicket: Int {
        @_noLocks get { 131_338 }
    }

    private let isServer: Bool
    /// Type and length as far as they have come, the type highest.
    private var header: UInt32 = 0
    private var headerCount = 0
    private var remaining = 0

    @_noLocks init(isServer: Bool) { self.isServer = isServer }

    /// True between the parts of a message, where no record of another type may stand.
    var isInsideMessage: Bool {
        @_noLocks get { headerCount > 0 }
    }

    private var kind: UInt8 { UInt8(truncatingIfNeeded: header >> 24) }

    /// Takes one record's content: `count` bytes, at least one.
    @_noLocks mutating func take(_ content: UnsafePointer<UInt8>, _ count: Int) -> Outcome {
        var index = 0
        while index < count {
            if headerCount < 4 {
                header = header << 8 | UInt32(content[index])
                headerCount &+= 1
                index &+= 1
                if headerCount == 4, let violation = beginMessage() {
                    return .violation(violation)
                }
            } else if kind == Kind.keyUpdate {
                guard index == count &- 1 else { return .violation(.keyChangeInsideRecord) }
                headerCount = 0
                switch content[index] {
                case 0: return .keyUpdate(isAnswerWanted: false)
                case 1: return .keyUpdate(isAnswerWanted: true)
                default: return .violation(.unknownKeyUpdate)
                }
            } else {
                let passed = min(remaining, count &- index)
                remaining &-= passed
                index &+= passed
            }
            if headerCount == 4, remaining == 0 { headerCount = 0 }
        }
        return .passed
    }

    private mutating func beginMessage() -> RecordViolation? {
        remaining = Int(header & 0xFF_FFFF)
        switch kind {
        case Kind.keyUpdate: return remaining == 1 ? nil : .malformedKeyUpdate
        case Kind.newSessionTicket where !isServer:
            return remaining <= Self.longestTicket ? nil : .messageTooLong
        default: return .unexpectedMessage
        }
    }
}
