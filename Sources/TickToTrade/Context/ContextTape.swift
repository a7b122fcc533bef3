import MarketContext
import MarketModel

/// What a lane lacks of an instrument's trades for its contexts.
@frozen
public struct TradeHistoryRequest: BitwiseCopyable, Sendable, Equatable {
    /// Counts the requests of this instrument; 0: nothing was ever wanted.
    public var number: Int32 = 0
    /// Trades behind this one; `none`: from where the warm-up begins.
    public var after = TradeID.none

    @_noLocks
    public init() {}
}

/// The trades of one instrument on their way into its contexts: those that were asked for
/// afterwards, then the stream (BUG-165).
///
/// Nothing waits before ``begin(since:)``: where nobody asks the venue, contexts live on the stream
/// alone.
struct ContextTape: ~Copyable {
    var join: TapeJoin
    /// All trades since then are asked for; `never` while nobody asks.
    private(set) var since = Timestamp.never
    private(set) var request = TradeHistoryRequest()
    /// The last request is still being answered.
    private var isAsking = false
    /// History and stream were one when the contexts were last told.
    private(set) var wasJoined = false

    /// Takes the memory for live trades that wait.
    init() {
        do throws(ContextFailure) {
            join = try TapeJoin(capacity: 32_768, refillsHoles: true)
        } catch {
            preconditionFailure("the capacity is one that is accepted: \(error)")
        }
    }

    var isOpen: Bool { @_noLocks get { since != .never } }

    /// Trades since then are going to come.
    @_noLocks
    mutating func begin(since moment: Timestamp) {
        since = moment
        ask(after: .none)
    }

    /// Everything that was asked for and that the venue had has come.
    @_noLocks
    mutating func endRequest() { isAsking = false }

    /// Asks for what is missing, one request at a time.
    @_noLocks
    mutating func askForMissing() {
        if isAsking { return }
        if let missing = join.missing { ask(after: missing.after) }
    }

    /// Whether history and stream have become one, or are no longer, since the last call.
    @_noLocks
    mutating func noteChange() -> Bool {
        let hasChanged = join.isJoined != wasJoined
        wasJoined = join.isJoined
        return hasChanged
    }

    private mutating func ask(after trade: TradeID) {
        request.number &+= 1
        request.after = trade
        isAsking = true
    }
}
