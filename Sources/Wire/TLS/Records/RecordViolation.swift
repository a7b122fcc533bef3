import COpenSSL

/// How received bytes can break TLS 1.3 behind the handshake.
enum RecordViolation: UInt8, BitwiseCopyable {
    /// The tag is wrong: damaged, forged, repeated, reordered or cut.
    case badRecord
    case recordTooLong
    /// An outer type other than application data, or an inner one that does not exist.
    case unknownType
    case unexpectedMessage
    /// Another record inside a fragmented handshake message.
    case interleaved
    case emptyFragment
    case nothingButPadding
    /// A KeyUpdate that is not the last of its record.
    case keyChangeInsideRecord
    case malformedKeyUpdate
    case unknownKeyUpdate
    case messageTooLong
    case malformedAlert
    /// Ours: the sequence numbers are used up, or a key could not be made.
    case internalError
    /// Ours: a new key is due, and the kernel cannot be given one.
    case keyKept

    /// What the peer is told (RFC 8446 section 6.2).
    var alert: UInt8 {
        @_noLocks get {
            switch self {
            case .badRecord: 20
            case .recordTooLong: 22
            case .unknownType, .unexpectedMessage, .interleaved, .emptyFragment,
                .nothingButPadding, .keyChangeInsideRecord:
                10
            case .unknownKeyUpdate, .messageTooLong: 47
            case .malformedKeyUpdate, .malformedAlert: 50
            case .internalError, .keyKept: 80
            }
        }
    }

    /// OpenSSL's word for the same thing, so that both record layers report alike.
    private var reason: Int32 {
        switch self {
        case .badRecord: SSL_R_DECRYPTION_FAILED_OR_BAD_RECORD_MAC
        case .recordTooLong: SSL_R_ENCRYPTED_LENGTH_TOO_LONG
        case .unknownType, .nothingButPadding: SSL_R_BAD_RECORD_TYPE
        case .unexpectedMessage: SSL_R_UNEXPECTED_MESSAGE
        case .interleaved: SSL_R_MIXED_HANDSHAKE_AND_NON_HANDSHAKE_DATA
        case .emptyFragment: SSL_R_RECORD_TOO_SMALL
        case .keyChangeInsideRecord: SSL_R_NOT_ON_RECORD_BOUNDARY
        case .malformedKeyUpdate, .unknownKeyUpdate: SSL_R_BAD_KEY_UPDATE
        case .messageTooLong: SSL_R_EXCESSIVE_MESSAGE_SIZE
        case .malformedAlert: SSL_R_INVALID_ALERT
        case .internalError: Int32(COPENSSL_INTERNAL_ERROR)
        // TLS 1.3 has no other use for it.
        case .keyKept: SSL_R_NO_RENEGOTIATION
        }
    }

    /// As OpenSSL packs it: library and reason.
    var errorCode: UInt {
        @_noLocks get { sslErrorCode(reason) }
    }

    /// The code of an alert that the peer sent: its number has 1000 added to it.
    @_noLocks static func errorCode(ofPeerAlert alert: UInt8) -> UInt {
        sslErrorCode(1000 &+ Int32(alert))
    }
}

private func sslErrorCode(_ reason: Int32) -> UInt {
    UInt(ERR_LIB_SSL) << 23 | UInt(UInt32(bitPattern: reason) & 0x7F_FFFF)
}
