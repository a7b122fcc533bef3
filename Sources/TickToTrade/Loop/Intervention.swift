import MarketModel

/// An operator's command that ends when the venue has confirmed: halt, cancel all, flatten.
///
/// One at a time; a new one takes over and the old one is answered as it stands.
struct Intervention: BitwiseCopyable {
    enum Phase: UInt8, BitwiseCopyable { case none, canceling, closing }

    var phase = Phase.none
    var answer = CommandAnswer()
    var scope = InstrumentIndex.none
    var isFlatten = false
    var outstanding: Int32 = 0
}

/// The lane's answer to one command.
@frozen
public struct CommandAnswer: BitwiseCopyable, Sendable, Equatable {
    public var commandID: UInt64 = 0
    /// When the command arrived at the control socket.
    public var arrival = Timestamp.unknown
    /// When the last cancel was put out, and when the last one was confirmed; unknown: none.
    public var lastSent = Timestamp.unknown
    public var lastConfirmed = Timestamp.unknown
    public var cancelsSent: Int32 = 0
    public var cancelsConfirmed: Int32 = 0
    public var closingOrders: Int32 = 0
    /// The halt reasons after the command.
    public var haltReasons: UInt32 = 0
    public var isAccepted = false

    public init() {}
}
