import Engine
import Journal
import MarketModel
import TickToTrade

/// Reads the journals of a run's lives with rules of its own: whatever the engine thought, this is
/// what it was told and what it did.
struct JournalAudit {
    private(set) var decisions = 0
    /// Entries that were checked against each limit while it was in force.
    private(set) var riskChecks: [RiskLimitKey: Int] = [:]
    private(set) var races: [OrderRace: Int] = [:]
    private var profit = NaiveProfit()
    private var hashes: [String] = []
    /// Up to where the journal that broke a rule was read.
    private var lastRecord: (directory: String, count: Int64)?
    private var ids: Set<UInt64> = []

    /// Every client order id that was decided on, as the venue sees it.
    var clientOrderIDs: Set<String> { Set(ids.map { ClientOrderID(raw: $0).text }) }

    var hash: String { hashes.joined(separator: " ") }

    /// The first rule that a journal breaks, in words. A replay must decide the same.
    mutating func read(_ directory: String) -> String? {
        do {
            var look = JournalLook(rules: NaiveRules(behind: profit), ids: ids)
            let difference: String?
            do {
                difference = try replay(directory, &look)
            } catch ReplayFailure.incomplete(let what) {
                // It ended before it had said what it was: nothing was decided.
                look.hash = try Self.records(of: directory) { look.take($0) }
                if look.rules.decisions > 0 { throw ReplayFailure.incomplete(what) }
                difference = nil
            }
            take(over: look)
            if let violation = look.violation {
                lastRecord = (directory, look.count)
                return "\(violation), in \(name(of: directory))"
            }
            return difference
        } catch {
            return "\(name(of: directory)) cannot be read: \(error)"
        }
    }

    private mutating func take(over look: JournalLook) {
        ids = look.ids
        decisions += look.rules.decisions
        profit = look.rules.risk.profit
        races.merge(look.finder.counts, uniquingKeysWith: +)
        riskChecks.merge(look.rules.risk.checks, uniquingKeysWith: +)
        hashes.append(look.hash)
    }

    /// Shows every record to an observer; the hash over them.
    private static func records(
        of directory: String, _ observe: (JournalRecordView) -> Void
    ) throws(JournalFailure) -> String {
        var reader = try JournalReader(directory: directory)
        while let record = try reader.next() { observe(record) }
        return reader.hash.hexadecimal
    }

    /// The hundred records before the broken rule, or the last ones of a journal without any.
    func lastRecords(of newest: String) -> [String] {
        let place = lastRecord ?? (newest, .max)
        guard var reader = try? JournalReader(directory: place.directory) else { return [] }
        let end = Self.count(of: place.directory, upTo: place.count)
        var text = RecordText()
        var lines: [String] = []
        while reader.recordCount < end, let record = try? reader.next() {
            text.learn(record)
            if record.type == .configuration || record.type == .snapshot { continue }
            // Millions of records may lie before them, and a line costs more than all else here.
            if reader.recordCount > end - 200 { lines.append(text.line(record)) }
        }
        return lines.suffix(100)
    }

    /// Readable records of a journal, or as many as are asked for.
    private static func count(of directory: String, upTo limit: Int64) -> Int64 {
        guard var reader = try? JournalReader(directory: directory) else { return 0 }
        // What is damaged ends it: the records before are what a failure's reader wants.
        while reader.recordCount < limit, (try? reader.next()) != nil {}
        return reader.recordCount
    }

    /// Replays a journal and looks at its records on the way.
    private func replay(_ directory: String, _ look: inout JournalLook) throws -> String? {
        let program = StrategyProgram(SimulatedStrategies.self)
        let summary = try JournalReplay.run(directory: directory, program: program) {
            look.take($0)
        }
        look.hash = summary.hash
        return summary.difference.map { "the replay of \(name(of: directory)) differs: \($0)" }
    }

    private func name(of directory: String) -> String {
        "journal " + (directory.split(separator: "/").last ?? "")
    }
}

/// What is found in one journal, record by record, up to the first broken rule.
private struct JournalLook {
    var rules: NaiveRules
    /// Of all journals so far.
    var ids: Set<UInt64>
    private(set) var finder = RaceFinder()
    private(set) var violation: String?
    private(set) var count: Int64 = 0
    var hash = ""

    mutating func take(_ record: JournalRecordView) {
        if violation != nil { return }
        count += 1
        finder.take(record)
        violation = rules.take(record, &ids)
    }
}

/// An independent, simple model of what the engine may do: from the records alone.
struct NaiveRules {
    private(set) var decisions = 0
    private var isHalted = false
    private var isSessionUp = false
    /// Orders go over REST, and only those that close.
    private var isClosingOnly = false
    private var isMarketUp = false
    private var invalidBooks: Set<UInt16> = [0, 1]
    /// Orders that may be open as far as the records say, by their instrument.
    private var open: [UInt64: UInt16] = [:]
    private var requests: [UInt64: [UInt64]] = [:]
    private(set) var risk: NaiveRisk

    init(behind earlier: NaiveProfit) {
        risk = NaiveRisk(Surroundings.limits, windows: Surroundings.windows, behind: earlier)
    }

    mutating func take(_ record: JournalRecordView, _ ids: inout Set<UInt64>) -> String? {
        let violation: String?
        switch record.type {
        case .decision:
            violation = record.payload(as: OrderRequest.self).flatMap { check($0, &ids) }
        case .sent:
            violation = isSessionUp ? nil : "a request was sent without a session"
        default:
            learn(record)
            risk.learn(record)
            violation = nil
        }
        return violation.map { "record \(record.sequence): \($0)" }
    }

    // MARK: - What the engine is told

    private mutating func learn(_ record: JournalRecordView) {
        switch record.type {
        // A snapshot that continues the stream is what makes a book valid.
        case .depth:
            if let header = record.payload(as: DepthHeader.self), header.isSnapshot {
                invalidBooks.remove(header.instrument.raw)
            }
        case .linkState: if let state = record.payload(as: LinkState.self) { learn(state) }
        case .command:
            guard let command = record.payload(as: Command.self) else { return }
            switch command.kind {
            case .halt, .flatten, .shutdown: isHalted = true
            case .resume: isHalted = false
            default: break
            }
        case .executionReport:
            guard let report = record.payload(as: ExecutionReport.self) else { return }
            switch report.status {
            case .filled, .canceled, .rejected, .expired: open[report.clientOrderID.raw] = nil
            default: break
            }
        case .requestReply:
            guard let reply = record.payload(as: RequestReply.self) else { return }
            let orders = requests.removeValue(forKey: reply.requestID) ?? []
            switch reply.outcome {
            case .rejected, .notSent, .noSuchOrder: for id in orders { open[id] = nil }
            default: break
            }
        default: break
        }
    }

    mutating func learn(_ state: LinkState) {
        switch state.event {
        case .marketStreamUp: isMarketUp = true
        case .marketStreamDown: isMarketUp = false
        case .orderSessionUp, .orderFallbackPlacing:
            isSessionUp = true
            isClosingOnly = false
        // Nobody tells there what becomes of an order: requests leave, new risk does not.
        case .orderFallbackUp:
            isSessionUp = true
            isClosingOnly = true
        case .orderSessionDown: isSessionUp = false
        case .bookInvalid: invalidBooks.insert(state.instrument.raw)
        case .bookSynced: invalidBooks.remove(state.instrument.raw)
        case .reconciled: break
        }
    }

    // MARK: - What it does

    private mutating func check(_ request: OrderRequest, _ ids: inout Set<UInt64>) -> String? {
        decisions += 1
        if let broken = risk.check(request) { return broken }
        switch request.kind {
        case .place, .cancelReplace, .placeLeg: break
        case .query:
            requests[request.requestID, default: []].append(request.clientOrderID.raw)
            return nil
        case .cancel, .cancelAll, .amend: return nil
        }
        let id = request.clientOrderID.raw
        if !ids.insert(id).inserted { return "client order id \(request.clientOrderID.text) again" }
        open[id] = request.instrument.raw
        requests[request.requestID, default: []].append(id)
        if !request.isReduceOnly, let cause = obstacle(to: request) {
            return "new risk while \(cause): \(request)"
        }
        return nil
    }

    private func obstacle(to request: OrderRequest) -> String? {
        if isHalted { return "halted by command" }
        if !isSessionUp { return "the order session is down" }
        if isClosingOnly { return "orders go over REST, to close only" }
        if !isMarketUp { return "the market stream is down" }
        if invalidBooks.contains(request.instrument.raw) { return "the book is invalid" }
        return nil
    }
}
