import MarketModel

/// Answers about orders that have traded, kept until their trades are known.
///
/// A query tells how much of an order is filled and at what price on average. The core books fills
/// with their own prices and commissions, so the account's trades of that order are asked for, and
/// told ahead of the answer. A handle over raw memory with room for ``capacity`` answers.
struct AwaitedFills: BitwiseCopyable {
    /// One answer.
    struct Entry: BitwiseCopyable {
        var report: ExecutionReport
        var reply: RequestReply
        var stage = Stage.free
        /// The first trade to ask for: without one the venue tells the newest.
        var firstTrade = TradeID(0)
        /// What the trades told so far come to, at the instrument's quantity scale.
        var toldQuantity: Int64 = 0
    }

    enum Stage: BitwiseCopyable {
        case free
        /// Its trades are to be asked for.
        case wanted
        case asked
    }

    static var capacity: Int { @_noLocks get { 64 } }
    private let entries: UnsafeMutablePointer<Entry>
    private(set) var wantedCount = 0

    init() {
        entries = .allocate(capacity: Self.capacity)
        let blank = Entry(
            report: ExecutionReport(
                instrument: .none, clientOrderID: .none, venueOrderID: .none,
                executionType: .status, status: .new, side: .buy, type: .limit, timeInForce: .gtc,
                price: .zero, quantity: .zero),
            reply: RequestReply(requestID: 0, outcome: .unknown, receiveTime: .unknown))
        entries.initialize(repeating: blank, count: Self.capacity)
    }

    func deallocate() { entries.deallocate() }

    var isEmpty: Bool { (0..<Self.capacity).allSatisfy { isFree($0) } }

    private func isFree(_ place: Int) -> Bool {
        if case .free = entries[place].stage { true } else { false }
    }

    /// Keeps an answer; `false` when there is no room. An order of somebody else gets the id that it
    /// has here.
    @_noLocks
    mutating func keep(_ told: ExecutionReport, _ reply: RequestReply) -> Bool {
        var report = told
        if report.clientOrderID == .none {
            report.clientOrderID = ClientOrderID(claiming: report.venueOrderID)
        }
        var place = 0
        while place < Self.capacity {
            if case .free = entries[place].stage {
                entries[place] = Entry(report: report, reply: reply, stage: .wanted)
                wantedCount &+= 1
                return true
            }
            place &+= 1
        }
        return false
    }

    /// Asks for more trades of the order at a place: a list was as long as lists can be.
    @_noLocks
    mutating func goOn(_ place: Int, after trade: TradeID, told quantity: Int64) {
        entries[place].firstTrade = TradeID(trade.raw &+ 1)
        entries[place].toldQuantity = quantity
        entries[place].stage = .wanted
        wantedCount &+= 1
    }

    /// What the order's trades told so far come to.
    @_noLocks
    func toldQuantity(at place: Int) -> Int64 { entries[place].toldQuantity }

    /// How much of the order the kept answer says is filled.
    @_noLocks
    func filledQuantity(at place: Int) -> Int64 { entries[place].report.cumulativeQuantity.raw }

    /// An answer whose trades are asked for from now on, and its place.
    mutating func takeWanted() -> (place: Int, entry: Entry)? {
        if wantedCount == 0 { return nil }
        for place in 0..<Self.capacity {
            guard case .wanted = entries[place].stage else { continue }
            entries[place].stage = .asked
            wantedCount -= 1
            return (place, entries[place])
        }
        return nil
    }

    /// The order at a place; `none` when nothing is kept there.
    @_noLocks
    func order(at place: Int) -> ClientOrderID {
        guard place >= 0, place < Self.capacity, case .asked = entries[place].stage else {
            return .none
        }
        return entries[place].report.clientOrderID
    }

    /// The answer at a place, which is free again.
    @_noLocks
    mutating func take(_ place: Int) -> Entry {
        let entry = entries[place]
        entries[place].stage = .free
        return entry
    }

    /// The connection has ended: the answers go with it, and the core asks again.
    mutating func removeAll() {
        for place in 0..<Self.capacity { entries[place].stage = .free }
        wantedCount = 0
    }
}
