import MarketModel

/// Joins recorded history and the live stream into one tape: each trade once, in order.
///
///     join.addLive(trade)           // from the stream: kept while history is on its way
///     join.addHistory(trade)        // from the archive, upwards from the first that is wanted
///     while let next = join.take() { context.update(next.trade) }
///
/// Trades are recognised by their numbers (BUG-165); one without a number is left out. History may
/// reach into the live trades, and be asked for in pieces: ``missing`` says what is still to be
/// got. Once it touches the stream the two are one, and live trades pass straight through. Live
/// trades that wait are kept in memory taken at the start; when it is full the oldest go and
/// history has to bring them. Where holes are refilled, a number that is missing in the stream
/// parts the two again until history has brought it.
public struct TapeJoin: ~Copyable {
    /// A trade of the joined tape.
    @frozen
    public struct Next: BitwiseCopyable, Sendable, Equatable {
        public var trade: Trade
        /// Trades right before it are missing, for good.
        public var isAfterHole: Bool

        init(_ trade: Trade, isAfterHole: Bool) {
            self.trade = trade
            self.isAfterHole = isAfterHole
        }
    }

    private let idsAreConsecutive: Bool
    private let refillsHoles: Bool
    private let held: UnsafeMutablePointer<Trade>
    private let capacity: Int
    private var first = 0
    private var count = 0
    /// A trade of history, until it is taken.
    private var waiting: Trade
    private var isWaiting = false
    private var hasHistory = false
    private var last = TradeID.none
    private var lastLive = TradeID.none
    /// History and stream are one tape.
    public private(set) var isJoined = false
    private var isGivenUp = false
    /// Trades that came a second time.
    public private(set) var knownCount: Int64 = 0
    /// Live trades that history has to bring because they could not wait.
    public private(set) var displacedCount: Int64 = 0

    /// Keeps at most `capacity` live trades, 1...1,048,576. Where the venue's numbers are not
    /// consecutive, the join needs a trade that both sides have, and holes are not seen.
    public init(
        capacity: Int = 65_536, idsAreConsecutive: Bool = true, refillsHoles: Bool = false
    ) throws(ContextFailure) {
        if !(1...1 << 20).contains(capacity) {
            throw .outside("held trades", value: Int64(capacity), allowed: 1...1 << 20)
        }
        self.capacity = capacity
        self.idsAreConsecutive = idsAreConsecutive
        self.refillsHoles = refillsHoles && idsAreConsecutive
        held = .allocate(capacity: capacity)
        waiting = Trade(
            instrument: .none, id: .none, price: .zero, quantity: .zero, aggressor: .buy,
            venueTime: .unknown, receiveTime: .unknown)
    }

    deinit { held.deallocate() }

    /// What history still has to bring: after `after` (`none`: from its beginning), up to and with
    /// `through`. `nil` when it is joined, or no live trade has come yet to join to.
    public var missing: (after: TradeID, through: TradeID)? {
        @_noLocks get {
            if isJoined || isGivenUp || count == 0 { return nil }
            let wanted = held[first].id.raw
            return (last, TradeID(idsAreConsecutive ? wanted &- 1 : wanted))
        }
    }

    /// A trade from the stream.
    @_noLocks
    public mutating func addLive(_ trade: Trade) {
        if trade.id.raw <= lastLive.raw {
            knownCount &+= 1
            return
        }
        lastLive = trade.id
        if trade.id.raw <= last.raw {
            // History is ahead of the stream: what the stream brings next follows it.
            knownCount &+= 1
            isJoined = true
            isGivenUp = false
            return
        }
        if count == capacity {
            displacedCount &+= 1
            removeFirst()
            // The tape was one already, and nobody has taken from it.
            isJoined = false
        }
        if isJoined, refillsHoles, count == 0, trade.id.raw &- 1 > last.raw { isJoined = false }
        held[(first &+ count) % capacity] = trade
        count &+= 1
        connect()
    }

    /// The stream was lost: its next trade tells whether some were missed meanwhile.
    @_noLocks
    public mutating func part() { if refillsHoles { isJoined = false } }

    /// A trade from history, upwards. Take it before the next; `false` when it was known.
    @_noLocks
    public mutating func addHistory(_ trade: Trade) -> Bool {
        precondition(!isWaiting, "take a trade of history before the next")
        if isJoined || trade.id.raw <= last.raw {
            knownCount &+= 1
            return false
        }
        waiting = trade
        isWaiting = true
        return true
    }

    /// History brings no more: what it has not brought up to the next live trade is missing for
    /// good.
    @_noLocks
    public mutating func giveUp() {
        if isJoined { return }
        isGivenUp = true
        connect()
    }

    /// The next trade of the one tape; `nil` when it has to be waited for.
    @_noLocks
    public mutating func take() -> Next? {
        if isWaiting {
            isWaiting = false
            let next = pass(waiting)
            hasHistory = true
            connect()
            return next
        }
        while (isJoined || isGivenUp), count > 0 {
            let trade = held[first]
            removeFirst()
            if trade.id.raw > last.raw {
                let next = pass(trade)
                hasHistory = true
                isJoined = true
                isGivenUp = false
                return next
            }
            knownCount &+= 1
        }
        return nil
    }

    private mutating func pass(_ trade: Trade) -> Next {
        let isNext = last.raw < 0 || trade.id.raw &- 1 == last.raw
        last = trade.id
        return Next(trade, isAfterHole: idsAreConsecutive && !isNext)
    }

    private mutating func connect() {
        if isJoined || count == 0 || !hasHistory { return }
        let start = held[first].id.raw
        isJoined = last.raw >= (idsAreConsecutive ? start &- 1 : start)
        if isJoined { isGivenUp = false }
    }

    private mutating func removeFirst() {
        first = first &+ 1 == capacity ? 0 : first &+ 1
        count &-= 1
    }
}

extension TapeJoin {
    /// What it holds, to be saved.
    public struct State: Codable, Sendable {
        /// Live trades that wait, oldest first.
        var held: [Trade]
        /// A trade of history that was not taken.
        var waiting: Trade?
        var hasHistory: Bool
        var last: TradeID
        var lastLive: TradeID
        var isJoined: Bool
        var isGivenUp: Bool
        var knownCount: Int64
        var displacedCount: Int64
    }

    /// Allocates.
    public var state: State {
        State(
            held: (0..<count).map { [held, first, capacity] in held[(first + $0) % capacity] },
            waiting: isWaiting ? waiting : nil, hasHistory: hasHistory, last: last,
            lastLive: lastLive, isJoined: isJoined, isGivenUp: isGivenUp, knownCount: knownCount,
            displacedCount: displacedCount)
    }

    /// Goes on where one of the same settings was; ``ContextFailure/unsound(_:)`` when none can
    /// have been there, and nothing changes.
    public mutating func restore(_ state: State) throws(ContextFailure) {
        let ids = state.held.map(\.id.raw)
        let isSound =
            ids.count <= capacity && ids.allSatisfy { $0 >= 0 }
            && zip(ids, ids.dropFirst()).allSatisfy { $0 < $1 }
            && ids.allSatisfy { $0 <= state.lastLive.raw }
            && state.last.raw >= -1 && state.lastLive.raw >= -1
            && state.waiting.map { $0.id.raw > state.last.raw } != false
            && state.knownCount >= 0 && state.displacedCount >= 0
            && !(state.isJoined && state.isGivenUp)
        if !isSound { throw .unsound("joined tape") }
        first = 0
        count = ids.count
        for (place, trade) in state.held.enumerated() { held[place] = trade }
        isWaiting = state.waiting != nil
        if let trade = state.waiting { waiting = trade }
        hasHistory = state.hasHistory
        last = state.last
        lastLive = state.lastLive
        isJoined = state.isJoined
        isGivenUp = state.isGivenUp
        knownCount = state.knownCount
        displacedCount = state.displacedCount
    }
}
