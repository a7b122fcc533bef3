import Codec
import Control
import Foundation
import Logging
import Machine
import MarketModel
import Telemetry
import TickToTrade
import Wire

/// The venue's rules are read again from time to time: a run is built on those of its start.
extension LiveEngine {
    /// Starts to read them every `venue.rules_refresh`; ends with ``stop(because:flattening:)``.
    func watchRules() -> Task<Void, Never> {
        let interval = configuration.venue.rulesRefresh.count
        return Task { [weak self] in
            while true {
                try? await Task.sleep(nanoseconds: UInt64(interval))
                guard !Task.isCancelled, let self else { return }
                await self.refreshRules()
            }
        }
    }

    /// Asks once; an instrument whose rules are not those of the run is halted until an operator,
    /// or a restart that takes the new rules, ends it. One that the venue only has stopped goes on
    /// when the venue lets it.
    private func refreshRules() async {
        let asked = await Self.askRules(configuration, facts, credentials, tls, clock, logger)
        if isStopping { return }
        switch asked {
        case .failure(let failure):
            logger.warning(
                "the venue's rules could not be read again", metadata: ["cause": "\(failure)"])
        case .success(let rules):
            await tellRates(rules.rates)
            if let listed = rules.listed { await tellAccountLimits(listed.accountLimits) }
            let changes = RuleChanges.find(plan.instruments, rules.listed, gone: rules.gone)
            for (symbol, change) in toldChanges.sorted(by: { $0.key < $1.key })
            where changes[symbol] == nil {
                await takeBack(symbol, change)
            }
            for (symbol, change) in changes.sorted(by: { $0.key < $1.key })
            where toldChanges[symbol] != change {
                logger.error(
                    "the venue has changed an instrument, it is halted",
                    metadata: [
                        "instrument": "\(symbol)",
                        "changes": .array(change.words.map { "\($0)" }),
                    ])
                await halt(symbol, because: change.halt)
            }
            toldChanges = changes
        }
    }

    /// The rules are again those of the start.
    private func takeBack(_ symbol: String, _ change: RuleChange) async {
        if change.halt == .venueHalted {
            logger.notice(
                "the venue trades the instrument again", metadata: ["instrument": "\(symbol)"])
            return await halt(symbol, because: .none)
        }
        logger.notice(
            "the venue's rules are again those of the start",
            metadata: [
                "instrument": "\(symbol)",
                "next": "apus limits --set instrument.halted=0 --instrument \(symbol)",
            ])
    }

    /// Halts an instrument in the lane for a cause, or with `none` lets it go on.
    func halt(_ symbol: String, because cause: InstrumentHalt) async {
        guard let instrument = plan.instruments.first(where: { $0.symbol.text == symbol }) else {
            return
        }
        let reply = await desk.ask(
            .haltInstrument, instrument: instrument.index, key: cause.code)
        guard reply?.isAccepted == true else {
            return logger.error(
                "the instrument could not be halted", metadata: ["instrument": "\(symbol)"])
        }
        limitBook.noteHalt(instrument.index.slot, cause != .none)
    }

    /// Tells the lane what assets are worth that commissions are paid in and that it does not trade.
    func tellRates(_ rates: [AssetRate]) async {
        for rate in rates {
            _ = await desk.ask(.setRate, key: Int64(rate.asset.raw), value: rate.value)
        }
    }

    /// Tells the lane how many orders the account may have open.
    private func tellAccountLimits(_ limits: AccountOrderLimits) async {
        for (key, value) in limits.numbered where toldAccountLimits != limits {
            _ = await desk.ask(.setAccountLimit, key: key, value: value)
        }
        toldAccountLimits = limits
    }

    private typealias Rules = (
        listed: BinanceSpotExchangeInfo?, gone: [String], rates: [AssetRate]
    )

    /// On a thread that may wait for the venue.
    private static func askRules(
        _ configuration: RunConfiguration, _ facts: VenueFacts, _ credentials: Credentials,
        _ tls: TLSClientContext, _ clock: TSCClock, _ logger: Logger
    ) async -> Result<Rules, any Error> {
        await withCheckedContinuation { continuation in
            DispatchQueue.global(qos: .utility).async {
                continuation.resume(
                    returning: Result {
                        var inquiry = try inquiry(configuration, credentials, tls, clock, logger)
                        let rules = try inquiry.rules(of: configuration.lanes[0].instruments)
                        return (rules.listed, rules.gone, try inquiry.rates(facts))
                    })
            }
        }
    }
}

extension VenueInquiry {
    /// The rules of those symbols that the venue still lists, and the others.
    mutating func rules(
        of symbols: [String]
    ) throws(StartFailure) -> (listed: BinanceSpotExchangeInfo?, gone: [String]) {
        do throws(StartFailure) {
            return (try currentRules(symbols), [])
        } catch {
            // It says only that one of several is wrong.
            guard case .refused(_, _, -1121, _) = error else { throw error }
            let gone = try unknown(among: symbols)
            let listed = symbols.filter { !gone.contains($0) }
            return (listed.isEmpty ? nil : try currentRules(listed), gone)
        }
    }
}
