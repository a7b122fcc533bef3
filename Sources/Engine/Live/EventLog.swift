import Logging
import MarketModel
import Rings
import Telemetry
import TickToTrade
import Venues

/// Turns the lane's events into log lines and counts, off the lane.
struct EventLog: ~Copyable {
    private var ring: RingConsumer<LaneEvent>
    private var refusals: RingConsumer<VenueRefusal>
    private let remarks: RemarkBoard
    private let plan: TradingPlan
    private let logger: Logger
    /// Venue refusals by their reason and code.
    private(set) var rejections: [String: Int64] = [:]

    init(
        _ ring: consuming RingConsumer<LaneEvent>, _ refusals: consuming RingConsumer<VenueRefusal>,
        _ remarks: RemarkBoard, _ plan: TradingPlan,
        _ logger: Logger
    ) {
        self.ring = ring
        self.refusals = refusals
        self.remarks = remarks
        self.plan = plan
        self.logger = logger
    }

    /// Takes everything that has happened.
    mutating func drain() {
        for remark in remarks.take() { log(remark) }
        while let event = ring.tryPop() { log(event) }
        // Each single one was logged with its order by the lane's event.
        while let refusal = refusals.tryPop() {
            rejections[refusal.reason, default: 0] += refusal.count
        }
    }

    private func log(_ remark: SessionRemark) {
        let (level, text): (Logger.Level, Logger.Message) =
            switch remark.kind {
            case .opened: (.info, "connection open")
            case .closed: (.warning, "connection lost")
            case .refused: (.warning, "refused by the venue")
            case .malformed: (.error, "messages of the venue not understood")
            }
        var metadata: Logger.Metadata = ["detail": "\(remark.text)"]
        if let link = remark.link { metadata["connection"] = "\(SpotLink.name(link))" }
        logger.log(level: level, text, metadata: metadata)
    }

    private mutating func log(_ event: LaneEvent) {
        let (level, text) = Self.words(event)
        var metadata: Logger.Metadata = [:]
        if event.instrument.raw < plan.instruments.count {
            let instrument = plan.instruments[event.instrument.slot]
            metadata["instrument"] = "\(instrument.symbol.text)"
            if event.price.raw != 0 {
                metadata["price"] = "\(ExactDecimal(event.price, of: instrument))"
                metadata["quantity"] = "\(ExactDecimal(event.quantity, of: instrument))"
                metadata["side"] = event.side == .buy ? "buy" : "sell"
            }
        }
        if event.strategy.slot < plan.strategyNames.count {
            metadata["strategy"] = "\(plan.strategyNames[event.strategy.slot])"
        }
        if event.orderID != .none { metadata["order"] = "\(event.orderID.text)" }
        if let detail = Self.detail(event) { metadata["detail"] = "\(detail)" }
        logger.log(level: level, "\(text)", metadata: metadata)
    }

    private static func words(_ event: LaneEvent) -> (Logger.Level, String) {
        switch event.kind {
        case .halted where isOrderlyEnd(event): (.info, "no new orders, the run ends")
        case .halted: (.warning, "trading halted")
        case .resumed: (.notice, "trading")
        case .bookInvalid: (.warning, "book lost its sequence")
        case .bookSynced: (.info, "book in sequence")
        case .denied: (.debug, "order denied by risk")
        case .rejected: (.warning, "order rejected by the venue")
        case .unknownOutcome: (.warning, "outcome of a request unknown")
        case .fill: (.debug, "fill")
        case .venueCode: (.info, "request refused by the venue")
        case .orderUnknownToUs: (.warning, "report on an order of another run or client")
        case .strategyStarted: (.notice, "strategy started")
        case .strategyStopped: (.notice, "strategy stopped")
        case .limitChanged: (.notice, "limit changed")
        case .illegalTransition: (.error, "order report out of protocol")
        }
    }

    /// Whether the run's end is all that halts trading.
    private static func isOrderlyEnd(_ event: LaneEvent) -> Bool {
        UInt32(truncatingIfNeeded: event.code) == HaltReasons.shutdown.rawValue
    }

    private static func detail(_ event: LaneEvent) -> String? {
        switch event.kind {
        case .halted where isOrderlyEnd(event): nil
        case .halted:
            HaltReasons(rawValue: UInt32(truncatingIfNeeded: event.code)).names
                .joined(separator: ", ")
        case .denied:
            RiskViolations(rawValue: UInt64(bitPattern: event.code)).rules.map(\.name)
                .joined(separator: ", ")
        case .venueCode: "code \(event.code)"
        case .limitChanged: RiskLimitKey(rawValue: event.code)?.path
        default: nil
        }
    }
}
