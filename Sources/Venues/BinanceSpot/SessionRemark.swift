/// Something that happened on a connection, in words for the log; never holds a secret.
public struct SessionRemark: Sendable, Equatable {
    public enum Kind: Sendable {
        /// The connection is up; the text says what was negotiated.
        case opened
        /// The connection ended; the text says why and when the next attempt is.
        case closed
        /// A connection that had grown old was replaced.
        case renewed
        /// A connection is open but says nothing; it is replaced.
        case stalled
        /// An attempt to connect waits: the venue allows an address so many. The text says how long.
        case paced
        /// The venue refused a request of the session, or it could not be made.
        case refused
        /// Orders take another way from here on.
        case rerouted
        /// A message could not be read; the text has its beginning.
        case malformed
        /// The venue will end what this connection is served with.
        case deprecated
    }

    public var kind: Kind
    /// As in ``SpotLink``; `nil` where it does not matter.
    public var link: Int?
    public var text: String

    public init(kind: Kind, link: Int? = nil, text: String) {
        self.kind = kind
        self.link = link
        self.text = text
    }
}

/// A message where it was received.
struct MessageText: BitwiseCopyable {
    var bytes: UnsafeRawPointer
    var count: Int
    /// In the Simple Binary Encoding rather than JSON.
    var isBinary: Bool

    @_noLocks
    init(bytes: UnsafeRawPointer, count: Int, isBinary: Bool = false) {
        self.bytes = bytes
        self.count = count
        self.isBinary = isBinary
    }
}
