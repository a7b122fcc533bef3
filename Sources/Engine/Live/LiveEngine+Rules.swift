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
    /// or a restart that takes the new rules, ends it.
    private func refreshRules() async {
        let asked = await Self.askRules(configuration, credentials, tls, clock, logger)
        if isStopping { return }
        switch asked {
        case .failure(let failure):
            logger.warning(
                "the venue's rules could not be read again", metadata: ["cause": "\(failure)"])
        case .success(let rules):
            let changes = RuleChanges.find(plan.instruments, rules.listed, gone: rules.gone)
            for symbol in toldChanges.keys where changes[symbol] == nil {
                logger.notice(
                    "the venue's rules are again those of the start",
                    metadata: [
                        "instrument": "\(symbol)",
                        "next": "apus limits --set instrument.halted=0 --instrument \(symbol)",
                    ])
            }
            for (symbol, words) in changes.sorted(by: { $0.key < $1.key })
            where toldChanges[symbol] != words {
                await halt(symbol, because: words)
            }
            toldChanges = changes
        }
    }

    private func halt(_ symbol: String, because words: [String]) async {
        logger.error(
            "the venue has changed an instrument, it is halted",
            metadata: ["instrument": "\(symbol)", "changes": .array(words.map { "\($0)" })])
        do throws(ControlFailure) {
            _ = try await setLimit(
                LimitChange(
                    scope: .instrument, name: symbol, limit: RiskLimitKey.instrumentHalted.name,
                    value: ExactDecimal(1)))
        } catch {
            logger.error(
                "the instrument could not be halted",
                metadata: ["instrument": "\(symbol)", "cause": "\(error)"])
        }
    }

    private typealias Rules = (listed: BinanceSpotExchangeInfo?, gone: [String])

    /// On a thread that may wait for the venue.
    private static func askRules(
        _ configuration: RunConfiguration, _ credentials: Credentials, _ tls: TLSClientContext,
        _ clock: TSCClock, _ logger: Logger
    ) async -> Result<Rules, any Error> {
        await withCheckedContinuation { continuation in
            DispatchQueue.global(qos: .utility).async {
                continuation.resume(
                    returning: Result {
                        var inquiry = try inquiry(configuration, credentials, tls, clock, logger)
                        return try inquiry.rules(of: configuration.lanes[0].instruments)
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
