/// How the venue knows who sends a request.
public enum RequestAccess: Sendable, Equatable {
    /// The connection is logged on (`session.logon`): requests carry neither key nor signature.
    case session
    /// Each request carries the key and a signature of this many characters: 64 for HMAC-SHA256 in
    /// hexadecimal, 88 for Ed25519 in base64.
    case signed(apiKey: String, signatureCount: Int)
}

/// Why an order request cannot be written. Each is an error of the engine, not of the venue.
public enum EncodeFailure: UInt8, Error, BitwiseCopyable, Sendable, Equatable {
    /// The instrument is not among those the encoder was made with.
    case unknownInstrument = 1
    /// Negative, or more digits than the instrument prints: it would have to be rounded.
    case unprintablePrice = 2
    /// As `unprintablePrice`, for a quantity; or nothing to buy or sell.
    case unprintableQuantity = 3
    /// A type or time in force that this encoder does not send.
    case unsupportedOrder = 4
}
