/// Sizes beyond which a message is refused, in bytes unless said otherwise.
public struct HTTPLimits: Sendable, Equatable {
    /// Longest start line, field line or chunk-size line.
    public var line = 8192
    /// Start line and fields together.
    public var head = 32_768
    /// Number of fields.
    public var fields = 100
    /// Longest body.
    public var body = 1 << 20

    public init() {}
}

/// Why bytes are not an acceptable HTTP/1.1 message (RFC 9112).
public enum HTTPFailure: UInt8, Error, BitwiseCopyable, Sendable, CaseIterable {
    case malformedStartLine
    case unsupportedVersion
    case malformedField
    /// A field continued on the next line (RFC 9112 section 5.2).
    case foldedField
    /// A line that ends without CR, or a CR inside a line (section 2.2).
    case bareLineEnding
    case missingHost
    /// Length and chunks together, or two lengths: what request smuggling needs (section 6.3).
    case conflictingLength
    case malformedLength
    case unsupportedTransferCoding
    case malformedChunk
    case lineTooLong
    case headTooLarge
    case tooManyFields
    case bodyTooLarge
    /// The connection ended inside a message.
    case truncated
    /// A response that no request asked for.
    case unexpectedResponse

    /// The status that tells a client (RFC 9110 section 15.5).
    public var status: Int {
        switch self {
        case .bodyTooLarge: 413
        case .lineTooLong: 414
        case .headTooLarge, .tooManyFields: 431
        case .unsupportedVersion: 505
        case .unsupportedTransferCoding: 501
        default: 400
        }
    }
}
