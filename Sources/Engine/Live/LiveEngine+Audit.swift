import Codec
import Foundation
import Logging
import Machine
import MarketModel
import Telemetry
import TickToTrade
import Venues
import Wire

/// The account is compared with the venue from time to time, with what the request weight leaves.
extension LiveEngine {
    /// Starts to compare every `reconciliation.audit_interval`; ends with
    /// ``stop(because:flattening:)``. `nil` when there are to be no audits.
    func watchAccount() -> Task<Void, Never>? {
        let interval = configuration.reconciliation.auditInterval.count
        if interval == 0 { return nil }
        return Task { [weak self] in
            while true {
                try? await Task.sleep(nanoseconds: UInt64(interval))
                guard !Task.isCancelled, let self else { return }
                await self.auditAccount()
            }
        }
    }

    /// What happened while the order connection was away is compared at once: an order that arrived
    /// after it was given up is open at the venue and not here. Where nothing can be said, because the
    /// venue does not answer or the account does not stand still, it is tried again.
    func auditAfterReconnect() {
        if configuration.reconciliation.auditInterval.count == 0 || isStopping { return }
        guard owedAudit.owe() else { return }
        Task { [weak self] in
            while let pause = await self?.payAudit() {
                try? await Task.sleep(nanoseconds: UInt64(pause.count))
            }
        }
    }

    /// Returns how long to wait before the next try; `nil` when none is owed.
    private func payAudit() async -> Nanoseconds? {
        if !owedAudit.isOwed || isStopping { return nil }
        await waitForSession()
        await auditAccount()
        return owedAudit.isOwed && !isStopping ? owedAudit.pause : nil
    }

    /// Until orders can be followed again, ten seconds at most.
    private func waitForSession() async {
        for _ in 0..<100 where !isStopping {
            if !laneHalts.contains(.orderSessionDown) { return }
            try? await Task.sleep(nanoseconds: 100_000_000)
        }
    }

    /// Compares once, and again a second later what does not agree or has just been settled. One at a
    /// time: another that comes meanwhile is made behind it.
    private func auditAccount() async {
        if isAuditing {
            wantsAudit = true
            return
        }
        isAuditing = true
        repeat {
            wantsAudit = false
            await auditOnce()
        } while wantsAudit && !isStopping
        isAuditing = false
    }

    private func auditOnce() async {
        let begun = owedAudit.begin()
        // An account that trades all the time stands still for moments.
        var hasResult = false
        for _ in 0..<3 where !hasResult && !isStopping { hasResult = await compareAccount() }
        for _ in 0..<3 where hasResult && (audit.suspects || !settling.isEmpty) {
            let look = Timestamp(nanoseconds: clock.now())
            try? await Task.sleep(nanoseconds: 1_000_000_000)
            if audit.suspects { await waitUntilHeard(after: look) }
            if !isStopping { _ = await compareAccount() }
        }
        if hasResult { builder.audits.completed += 1 } else { builder.audits.skipped += 1 }
        owedAudit.end(begun, isClear: hasResult && !audit.suspects)
    }

    /// Until bytes have come over the order connection that left the venue after a look, or the
    /// connection has ended: a quiet account's pings decide it. A minute at most.
    private func waitUntilHeard(after look: Timestamp) async {
        let last = look + .seconds(60)
        while !isStopping, clock.now() < last.nanoseconds,
            !laneHalts.contains(.orderSessionDown),
            heardOfOrders <= look + AccountAudit.longestDelay
        {
            try? await Task.sleep(nanoseconds: 50_000_000)
        }
    }

    private var laneHalts: HaltReasons {
        HaltReasons(rawValue: builder.lane.board.read().lane.haltReasons)
    }

    /// When bytes last came the way that orders go.
    private var heardOfOrders: Timestamp { Timestamp(nanoseconds: builder.lane[.ordersHeard]) }

    /// `false` when there was nothing to compare with.
    private func compareAccount() async -> Bool {
        guard hasWeightForAudit(), let before = await ownAccount() else { return false }
        let asked = await Self.askAccount(configuration, facts, credentials, tls, clock, logger)
        // What the venue had done before it answered has mostly been told by then.
        try? await Task.sleep(nanoseconds: UInt64(AccountAudit.longestDelay.count))
        guard !isStopping, let after = await ownAccount() else { return false }
        switch asked {
        case .failure(let failure):
            logger.warning("no audit of the account", metadata: ["cause": "\(failure)"])
            return false
        case .success(let told):
            guard let differences = audit.compare(before, told, after) else { return false }
            for difference in differences { await act(on: difference) }
            if differences.isEmpty { await releaseSettled() }
            return true
        }
    }

    private func hasWeightForAudit() -> Bool {
        hasWeightBesideTrading(
            RequestWeight.account + RequestWeight.openOrders(of: plan.instruments.count))
    }

    /// Whether so much fits into market data's share of the venue's limit: nothing that trades is to
    /// wait for those who look.
    func hasWeightBesideTrading(_ cost: Int64) -> Bool {
        let limit = builder.lane[.weightLimit]
        return limit == 0 || builder.lane[.usedWeight] + cost <= limit * 60 / 100
    }

    /// The lane's own account, orders and balances of one moment; `nil` while its orders cannot be
    /// followed.
    private func ownAccount() async -> AccountAudit.Own? {
        guard let orders = await desk.openOrders() else { return nil }
        let (heard, connection) = (heardOfOrders, builder.lane[.ordersReconnects])
        let published = builder.lane.board.read()
        let halts = HaltReasons(rawValue: published.lane.haltReasons)
        if halts.contains(.orderSessionDown) || halts.contains(.notReconciled) { return nil }
        return AccountAudit.Own(
            orders: orders, assets: published.assets,
            positions: published.instruments.map(\.position),
            balanceVersion: published.lane.balanceVersion, heard: heard, connection: connection)
    }

    private func act(on difference: AccountAudit.Difference) async {
        builder.audits.differences += 1
        logger.error(
            "the account differs from the venue's",
            metadata: [
                "difference": "\(difference.words)",
                "instruments": "\(difference.symbols.joined(separator: ", "))",
            ])
        let isAccepted = configuration.reconciliation.onDifference == .accept
        if !isAccepted {
            for symbol in difference.symbols { await halt(symbol, because: .notBalanced) }
        }
        guard let order = difference.order, let symbol = difference.symbols.first else {
            // Money is for an operator to explain.
            unexplained.formUnion(difference.symbols)
            return settling.subtract(difference.symbols)
        }
        if !isAccepted, !unexplained.contains(symbol) { settling.insert(symbol) }
        await settle(order, symbol)
    }

    /// On a thread that may wait for the venue.
    private static func askAccount(
        _ configuration: RunConfiguration, _ facts: VenueFacts, _ credentials: Credentials,
        _ tls: TLSClientContext, _ clock: TSCClock, _ logger: Logger
    ) async -> Result<AccountAudit.Told, any Error> {
        await withCheckedContinuation { continuation in
            DispatchQueue.global(qos: .utility).async {
                continuation.resume(
                    returning: Result {
                        var inquiry = try inquiry(configuration, credentials, tls, clock, logger)
                        let directory = facts.directory()
                        defer { directory.deallocate() }
                        let offset = try inquiry.clockOffset()
                        inquiry.urgency = .marketData
                        inquiry.obey(facts.rateLimits, clockOffset: offset)
                        let orders = try inquiry.openOrders(
                            of: facts.instruments, directory, offset)
                        let balances = try inquiry.balances(directory, offset)
                        return AccountAudit.Told(
                            time: Timestamp(nanoseconds: clock.now()), orders: orders.map(\.namedHere),
                            balances: balances)
                    })
            }
        }
    }
}

extension ExecutionReport {
    /// An order of somebody else under the id that it has here once it is taken over.
    fileprivate var namedHere: ExecutionReport {
        var report = self
        if clientOrderID == .none { report.clientOrderID = ClientOrderID(claiming: venueOrderID) }
        return report
    }
}
