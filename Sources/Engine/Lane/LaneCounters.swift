import Machine
import TickToTrade

/// What a lane counts for people, by slot in its counter page: one writer, any reader.
public enum LaneCounter: Int, CaseIterable, Sendable {
    case marketMessages, ordersSent, cancelsSent, queriesSent, fills, canceled, expired, rejected
    case denied, becameUnknown, halts, lateReports, illegalTransitions, foreignReports
    case malformed, commands, journaledRecords, journalRefusals, droppedEvents, cycles, busyCycles
    case eventsRefused, sendRefused, dryRun
    case marketReconnects, ordersReconnects, restReconnects
    case marketMessagesOnLink, ordersMessagesOnLink, restMessagesOnLink
    case marketLastMessage, ordersLastMessage, restLastMessage
    case marketRoundTrip, ordersRoundTrip, restRoundTrip
    case marketPhase, ordersPhase, restPhase
    case usedWeight, usedOrders, usedDailyOrders, weightLimit, orderLimit, dailyOrderLimit
    case heldBack, transportOverflows, transportStarvations
    /// When bytes last came the way that orders go, WebSocket or REST, nanoseconds of the lane's clock.
    case ordersHeard
    /// Sixty-four slots follow: denials by rule.
    case firstRule

    static let capacity = firstRule.rawValue + 64
    @usableFromInline static let ruleCount = RiskRule.allCases.count

    /// The raw value, for the hot path: the cases are dense from 0, so the tag is the number.
    @inlinable @inline(__always)
    var index: Int {
        @_noLocks get { Int(unsafeBitCast(self, to: UInt8.self)) }
    }
}

/// The lane's latency histograms, one a stage.
public struct LaneLatencies: @unchecked Sendable {
    // SAFETY: one writer (the lane); snapshots tolerate concurrent recording.
    let histograms: UnsafeMutablePointer<LatencyHistogram>

    init() {
        histograms = .allocate(capacity: LatencyStage.allCases.count)
        for stage in LatencyStage.allCases {
            (histograms + Int(stage.rawValue)).initialize(to: LatencyHistogram.allocate())
        }
    }

    /// Figures of every stage, in the order data flows.
    public func snapshot() -> [(stage: LatencyStage, figures: LatencySnapshot)] {
        LatencyStage.allCases.map { ($0, histograms[Int($0.rawValue)].snapshot()) }
    }
}

/// What one lane writes for the outer ring to read: counters, histograms, the status board.
public struct LaneInstruments: @unchecked Sendable {
    // SAFETY: every word behind it that both sides reach is atomic.
    let counters: UnsafeMutablePointer<Counter>
    let page: CounterPage
    public let latencies: LaneLatencies
    public let board: StatusBoard
    let remarks = RemarkBoard()
    let notes = MachineNotes()

    /// Lives as long as the process: made once, at start.
    public init(instrumentCount: Int, assetCount: Int = 0, contextCount: Int = 0) {
        page = CounterPage(capacity: LaneCounter.capacity)
        counters = .allocate(capacity: LaneCounter.capacity)
        for index in 0..<LaneCounter.capacity {
            (counters + index).initialize(to: page[index])
        }
        latencies = LaneLatencies()
        board = StatusBoard(
            instrumentCount: instrumentCount, assetCount: assetCount, contextCount: contextCount)
    }

    public subscript(counter: LaneCounter) -> Int64 { counters[counter.rawValue].value }

    /// Denials by rule number.
    public func denials(of rule: Int) -> Int64 {
        counters[LaneCounter.firstRule.rawValue + rule].value
    }
}
