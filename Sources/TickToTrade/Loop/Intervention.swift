import MarketModel

/// An operator's command that ends when the venue has confirmed: halt, cancel all, flatten.
///
/// One at a time; a new one takes over and the old one is answered as it stands.
struct Intervention: BitwiseCopyable {
    /// Four states as a number: an enum's `==` in another file is opaque to the lane's proof.
    struct Phase: BitwiseCopyable {
        let raw: UInt8
        static var none: Phase { @_noLocks get { Phase(raw: 0) } }
        static var canceling: Phase { @_noLocks get { Phase(raw: 1) } }
        /// Each strategy's own position is being closed.
        static var closing: Phase { @_noLocks get { Phase(raw: 2) } }
        /// What was left of several, each too small for the venue, is being closed as one.
        static var closingRest: Phase { @_noLocks get { Phase(raw: 3) } }
        @_noLocks
        static func == (left: Phase, right: Phase) -> Bool { left.raw == right.raw }
        @_noLocks
        init(raw: UInt8) { self.raw = raw }
    }

    var phase = Phase.none
    var answer = CommandAnswer()
    var scope = InstrumentIndex.none
    var strategy = StrategyIndex.none
    var isFlatten = false
    /// The answer went out early, because the session is down; the work goes on.
    var isAnswered = false
    var outstanding: Int32 = 0

    @_noLocks
    init() {}
}

/// The lane's answer to one command.
@frozen
public struct CommandAnswer: BitwiseCopyable, Sendable, Equatable {
    public var commandID: UInt64 = 0
    /// When the command arrived at the control socket.
    public var arrival = Timestamp.unknown
    /// When the last cancel was put out (the lane says when it left), and when the last one was confirmed; unknown: none.
    public var lastSent = Timestamp.unknown
    public var lastConfirmed = Timestamp.unknown
    public var cancelsSent: Int32 = 0
    public var cancelsConfirmed: Int32 = 0
    public var closingOrders: Int32 = 0
    /// The halt reasons after the command.
    public var haltReasons: UInt32 = 0
    public var isAccepted = false

    @_noLocks
    public init() {}
}
