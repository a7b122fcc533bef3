/// What a record is; the number is stable in every version of the format.
@frozen
public enum JournalRecordType: UInt16, BitwiseCopyable, Sendable, CaseIterable {
    @inlinable @inline(__always)
    public static func == (left: JournalRecordType, right: JournalRecordType) -> Bool {
        unsafeBitCast(left, to: UInt8.self) == unsafeBitCast(right, to: UInt8.self)
    }
    @inlinable @inline(__always)
    public static func != (left: JournalRecordType, right: JournalRecordType) -> Bool {
        !(left == right)
    }

    /// UTF-8 text: the configuration as it took effect.
    case configuration = 1
    /// `Instrument`.
    case instrument = 2
    /// `Trade`.
    case trade = 3
    /// `TopOfBook`.
    case topOfBook = 4
    /// `DepthHeader`; the tail is its `BookLevel`s, bids first.
    case depth = 5
    /// `Candle`.
    case candle = 6
    /// `ExecutionReport`.
    case executionReport = 7
    /// `RequestReply`.
    case requestReply = 8
    /// `Balance`.
    case balance = 9
    /// `LinkState`.
    case linkState = 10
    /// `Command`.
    case command = 11
    /// `Timestamp`: a timer of the core was due.
    case timer = 12
    /// `OrderRequest`: the core's decision, before it is encoded.
    case decision = 13
    /// An order that risk refused, with its reasons; the hot core owns the layout.
    case denied = 14
    /// What left for a decision: request number, venue time, CRC32C of the text.
    case sent = 15
    /// A venue's message as it came.
    case frame = 16
    /// UTF-8 text for people.
    case note = 17
    /// `Timestamp`: a run began; instruments and first state follow.
    case runStarted = 18
    /// `Timestamp`: the run ended in order.
    case runEnded = 19
    /// `Timestamp`: the strategies were started.
    case started = 20
    /// `JournalName`, and the name as text: what an asset's or a strategy's number stands for.
    case name = 21
    /// The account as booked so far (`AccountSnapshot` in the tail): positions, day, open orders.
    case snapshot = 22
    /// `HistoricTrade`: a piece of the trades that market contexts have asked for.
    case history = 23

    /// The raw value, for the hot path: the cases are dense from 1 and their tag counts from 0.
    var number: UInt16 {
        @_noLocks get { UInt16(unsafeBitCast(self, to: UInt8.self)) &+ 1 }
    }

    /// Whether it is left out while the journal has only its reserve: cancels and what becomes of
    /// orders are not, nor is the time.
    public var yieldsReserve: Bool {
        @_noLocks get {
            switch self {
            case .trade, .topOfBook, .depth, .candle, .frame, .note, .snapshot, .history:
                true
            default: false
            }
        }
    }

    /// The name in JSON, the same as the case's.
    public var name: String {
        switch self {
        case .configuration: "configuration"
        case .instrument: "instrument"
        case .trade: "trade"
        case .topOfBook: "topOfBook"
        case .depth: "depth"
        case .candle: "candle"
        case .executionReport: "executionReport"
        case .requestReply: "requestReply"
        case .balance: "balance"
        case .linkState: "linkState"
        case .command: "command"
        case .timer: "timer"
        case .decision: "decision"
        case .denied: "denied"
        case .sent: "sent"
        case .frame: "frame"
        case .note: "note"
        case .runStarted: "runStarted"
        case .runEnded: "runEnded"
        case .started: "started"
        case .name: "name"
        case .snapshot: "snapshot"
        case .history: "history"
        }
    }

    /// The type with this ``name``, `nil` when there is none.
    public init?(name: String) {
        guard let type = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = type
    }
}
