import Journal
import MarketModel
import TickToTrade

/// The account at the end of an earlier run, rebuilt from its journal.
///
/// The records since the last snapshot go through the same accounting as in the run: decisions
/// open orders, reports fill and end them. The strategies and the market are not needed. Owns its
/// memory; cold.
struct RecoveredRun: ~Copyable {
    /// First for `scripts/sanitize`, which says why.
    let state: UnsafeMutablePointer<TradingState>
    let directory: String
    let instruments: [Instrument]
    let strategyNames: [String]
    let assetNames: [String]
    /// Which account at which venue it traded.
    let account: String
    private(set) var recordCount: Int64 = 0
    private(set) var lastTime = Timestamp.unknown
    /// `false` after a crash: nobody has waited for the last cancels.
    private(set) var endedInOrder = false
    /// Requests by number, to know what a refusal refuses.
    private var requests: [UInt64: [ClientOrderID]] = [:]

    /// Reads the journal of one run; `nil` when it holds no account: it ended before it began.
    static func read(_ directory: String) throws(JournalFailure) -> RecoveredRun? {
        // A start that found no room for its first segment leaves an empty directory.
        if try JournalReader.segments(of: directory).isEmpty { return nil }
        try JournalVersions.requirePresent(in: directory)
        guard let place = try JournalReader.lastPlace(of: .snapshot, in: directory) else {
            return nil
        }
        let described = try RunDescription.newest(in: directory, before: place.segment)
        // The newest snapshot says everything that came before it.
        var reader = try JournalReader.reading(directory, from: place)
        var run = RecoveredRun(directory, described)
        while let record = try reader.next() { run.take(record) }
        return run
    }

    private init(_ directory: String, _ described: RunDescription) {
        self.directory = directory
        instruments = described.instruments
        strategyNames = described.strategyNames
        assetNames = described.assetNames
        account = described.account
        let strategies = max(strategyNames.count, 1)
        var configuration = TradingConfiguration(
            epoch: 0, lane: 0, subscriptions: Array(repeating: 0, count: strategies),
            limits: RiskLimits(instruments: instruments.count, strategies: strategies),
            candleIntervals: [.seconds(60)], assetCount: max(assetNames.count, 1))
        configuration.bookLevels = 16
        state = TradingState.allocate(configuration, instruments: instruments)
    }

    deinit {
        state.deinitialize(count: 1)
        state.deallocate()
    }

    private mutating func take(_ record: JournalRecordView) {
        recordCount += 1
        lastTime = record.time
        endedInOrder = record.type == .runEnded
        if record.type != .snapshot { state.pointee.passDay(at: record.time) }
        switch record.type {
        case .snapshot:
            if let snapshot = AccountSnapshot(record.tail) { restart(from: snapshot) }
        case .decision:
            guard let request = record.payload(as: OrderRequest.self) else { return }
            switch request.kind {
            case .place, .cancelReplace, .placeLeg:
                requests[request.requestID, default: []].append(request.clientOrderID)
                state.pointee.adopt(request)
            case .cancel, .cancelAll, .query, .amend: break
            }
        case .command:
            guard let command = record.payload(as: Command.self), command.kind == .claim else {
                return
            }
            state.pointee.adoptClaim(command)
        case .requestReply:
            guard let reply = record.payload(as: RequestReply.self) else { return }
            follow(reply, record.time)
        case .executionReport:
            if let report = record.payload(as: ExecutionReport.self) { apply(report, record.time) }
        case .balance:
            if let balance = record.payload(as: Balance.self) {
                state.pointee.apply(balance, now: record.time)
            }
        default: break
        }
    }

    private mutating func restart(from snapshot: AccountSnapshot) {
        state.pointee.forgetOrders()
        state.pointee.restore(snapshot)
        requests.removeAll(keepingCapacity: true)
    }

    /// A refusal ends the order that was to be placed; everything else is told by reports.
    private mutating func follow(_ reply: RequestReply, _ time: Timestamp) {
        guard reply.outcome == .rejected || reply.outcome == .notSent,
            let ids = requests.removeValue(forKey: reply.requestID)
        else { return }
        for id in ids { state.pointee.end(id, ifPendingAs: .reject, now: time) }
    }

    /// A report of the venue, live or found later; what it causes goes to nobody here.
    mutating func apply(_ report: ExecutionReport, _ time: Timestamp) {
        state.pointee.apply(report, now: time)
        state.pointee.discardOutput()
    }

    /// What the venue last told the run of an asset.
    func toldBalance(of asset: String) -> ToldBalance {
        let number = self.asset(named: asset)
        return number == .none ? ToldBalance() : state.pointee.toldBalance(of: number)
    }

    /// Since when the run's balances may be behind: the older of an instrument's two.
    func balanceTime(of instrument: Instrument) -> Timestamp {
        let told = [instrument.baseAssetName, instrument.quoteAssetName]
            .map { toldBalance(of: $0.text) }.filter { $0.total >= 0 }.map(\.venueTime)
        return told.min() ?? lastTime
    }

    /// The number that the run had for an asset; `none` when it knew none of the name.
    func asset(named name: String) -> AssetIndex {
        assetNames.firstIndex(of: name).map { AssetIndex(UInt16($0)) } ?? .none
    }

    /// The account at the run's end, and what has been found out about it since.
    func snapshot() -> AccountSnapshot? { state.pointee.accountSnapshot(now: lastTime) }
}

/// What the numbers in a run's records stand for.
private struct RunDescription {
    var instruments: [Instrument] = []
    var strategyNames: [String] = []
    var assetNames: [String] = []
    var account = ""

    /// Of the segment with the newest snapshot, or of one before it: a snapshot may have been the
    /// record that began its segment, and what describes it the last of the segment before.
    static func newest(
        in directory: String, before segment: UInt32
    ) throws(JournalFailure) -> RunDescription {
        for number in try JournalReader.segments(of: directory).reversed() where number <= segment {
            if let found = try RunDescription(directory: directory, firstSegment: number) {
                return found
            }
        }
        throw .undescribed(file: directory)
    }

    /// From the records of one segment on, up to the first snapshot behind an instrument; `nil` when
    /// they do not say.
    private init?(directory: String, firstSegment: UInt32) throws(JournalFailure) {
        var names: [JournalName: String] = [:]
        var reader = try JournalReader(
            directory: directory, lane: nil, firstSegment: firstSegment)
        while let record = try reader.next(), record.type != .snapshot || instruments.isEmpty {
            if record.type == .instrument, let own = record.payload(as: Instrument.self) {
                instruments.append(own)
            } else if let number = record.name {
                names[number] = record.text
            }
        }
        func list(_ kind: JournalName.Kind) -> [String] {
            var list: [String] = []
            while let name = names[JournalName(kind, UInt16(list.count))] { list.append(name) }
            return list
        }
        assetNames = list(.asset)
        strategyNames = list(.strategy)
        account = names[JournalName(.account, 0)] ?? ""
        let isOrdered = instruments.enumerated().allSatisfy { $0 == $1.index.slot }
        let isSound = instruments.allSatisfy { $0.isSound && $0.unit == instruments[0].unit }
        if instruments.isEmpty || instruments.count > 64 || assetNames.isEmpty || !isOrdered
            || !isSound
        {
            return nil
        }
    }
}

extension Instrument {
    /// Whether a lane could have traded it: what a journal says has a right checksum, and need not
    /// be right.
    fileprivate var isSound: Bool {
        priceScale <= 18 && quantityScale <= 18 && (8...18).contains(priceScale + quantityScale)
            && tickSize.raw > 0 && lotSize.raw > 0
    }
}
