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
    /// The last request that the venue refused, and its code.
    private var refused: (order: ClientOrderID, code: Int64) = (.none, 0)
    /// Venue refusals by their reason and code.
    private(set) var rejections: [String: Int64] = [:]
    private var hasReconnected = false
    private var wasLost = false
    /// Orders of somebody else that have been reported since the last time somebody asked.
    private var foreignOrders: [ForeignOrder] = []

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
        for remark in remarks.take() {
            noteConnection(remark)
            log(remark)
        }
        while let event = ring.tryPop() { log(event) }
        // Each single one was logged with its order by the lane's event.
        while let refusal = refusals.tryPop() {
            rejections[refusal.reason, default: 0] += refusal.count
        }
    }

    /// Whether the order connection has come back since this was asked last.
    mutating func takeReconnect() -> Bool {
        defer { hasReconnected = false }
        return hasReconnected
    }

    /// Orders of somebody else that were reported since this was asked last.
    mutating func takeForeignOrders() -> [ForeignOrder] {
        defer { foreignOrders.removeAll() }
        return foreignOrders
    }

    private func log(_ remark: SessionRemark) {
        let (level, text): (Logger.Level, Logger.Message) =
            switch remark.kind {
            case .opened: (.info, "connection open")
            case .closed: (.warning, "connection lost")
            case .renewed: (.info, "connection renewed")
            case .stalled: (.warning, "connection silent, it is replaced")
            case .rerouted: (.warning, "orders take another way")
            case .paced: (.warning, "connection attempts nearly used up, waiting")
            case .refused: (.warning, "refused by the venue")
            case .malformed: (.error, "messages of the venue not understood")
            case .deprecated: (.warning, "served by the venue not much longer")
            }
        var metadata: Logger.Metadata = ["detail": "\(remark.text)"]
        if let link = remark.link { metadata["connection"] = "\(SpotLink.name(link))" }
        logger.log(level: level, text, metadata: metadata)
    }

    private mutating func log(_ event: LaneEvent) {
        if event.kind == .venueCode { refused = (event.orderID, event.code) }
        note(event)
        let (level, text) = isReplacementTooLate(event)
            ? (.info, "replacement not placed, the order before it had ended") : Self.words(event)
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

    private mutating func noteConnection(_ remark: SessionRemark) {
        guard remark.link == SpotLink.orders else { return }
        if remark.kind == .closed { wasLost = true }
        if remark.kind == .opened, wasLost { (hasReconnected, wasLost) = (true, false) }
    }

    /// Remembers a report on an order of somebody else.
    private mutating func note(_ event: LaneEvent) {
        guard event.kind == .orderUnknownToUs, event.orderID == .none, foreignOrders.count < 64,
            event.instrument.slot < plan.instruments.count
        else { return }
        foreignOrders.append(
            ForeignOrder(
                instrument: event.instrument,
                symbol: plan.instruments[event.instrument.slot].symbol.text,
                order: VenueOrderID(event.code)))
    }

    /// Whether an order was never tried, because the one that it was to replace was no longer open.
    private func isReplacementTooLate(_ event: LaneEvent) -> Bool {
        event.kind == .rejected && event.orderID == refused.order
            && Self.cancelsTooLate.contains(refused.code)
    }

    /// Cancel rejected, order does not exist (binance-spot.md, section 13).
    private static let cancelsTooLate: Set<Int64> = [-2011, -2013]

    private static func words(_ event: LaneEvent) -> (Logger.Level, String) {
        switch event.kind {
        case .halted where isOrderlyEnd(event): (.info, "no new orders, the run ends")
        case .halted: (.warning, "trading halted")
        case .resumed: (.notice, "trading")
        case .bookInvalid: (.warning, "book lost its sequence")
        case .bookSynced: (.info, "book in sequence")
        case .tradesMissing: (.warning, "trades are missing")
        case .denied: (.debug, "order denied by risk")
        case .rejected: (.warning, "order rejected by the venue")
        case .unknownOutcome: (.warning, "outcome of a request unknown")
        case .fill: (.debug, "fill")
        case .venueCode where cancelsTooLate.contains(event.code):
            (.info, "cancel came too late, the order had ended")
        case .venueCode:
            EncodedRequest.Obstacle(event.code) == nil
                ? (.info, "request refused by the venue") : (.debug, "request not sent")
        case .orderUnknownToUs: (.warning, "report on an order of another run or client")
        case .strategyStarted: (.notice, "strategy started")
        case .strategyStopped: (.notice, "strategy stopped")
        case .limitChanged: (.notice, "limit changed")
        case .illegalTransition: (.error, "order report out of protocol")
        case .instrumentHalted: (.warning, "instrument halted")
        case .instrumentResumed: (.notice, "instrument trades again")
        }
    }

    /// Codes of our own are replies that the lane made in the venue's place.
    private static func reason(ofCode code: Int64) -> String {
        switch EncodedRequest.Obstacle(code) {
        case .notSent: "the connection is down"
        case .heldBack: "the venue's rate limit is nearly used up"
        case .awaitsLegs: "orders of its list are missing"
        case .dryRun: "dry run"
        case nil: "code \(code)"
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
        case .venueCode: reason(ofCode: event.code)
        case .orderUnknownToUs: "the venue's order \(event.code)"
        case .tradesMissing: "\(event.code) between two that came, by their numbers"
        case .limitChanged: RiskLimitKey(rawValue: event.code)?.path
        case .instrumentHalted: InstrumentHalt(key: event.code)?.words
        default: nil
        }
    }
}

extension EncodedRequest.Obstacle {
    fileprivate init?(_ code: Int64) { self.init(rawValue: Int32(truncatingIfNeeded: code)) }
}
