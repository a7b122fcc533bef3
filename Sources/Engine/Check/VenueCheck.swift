import Logging
import Machine
import MarketModel
import Venues
import Wire

/// Asks the venue everything that a start depends on, without trading: its part of `apus check`.
///
/// One request after another over the connection that a start would use, with its keys. Costs
/// about 100 of the 6,000 request weight of a minute, and 40 more for each instrument; orders are
/// only tested.
public struct VenueCheck: ~Copyable {
    let configuration: RunConfiguration
    let kinds: [StrategyKind]
    let tls: TLSClientContext
    let clock: TSCClock
    var inquiry: VenueInquiry
    /// Venue time less ours, nanoseconds.
    var offset: Int64 = 0
    /// Best bids by symbol: what test orders would pay.
    var prices: [String: Price] = [:]
    var account: AccountDetails?

    /// What the venue says, in sections; what cannot be asked is said in one.
    public static func sections(
        _ configuration: RunConfiguration, environment: [String: String],
        kinds: [StrategyKind]
    ) -> [CheckReport.Section] {
        var section = CheckReport.Section("venue")
        let credentials: Credentials
        let tls: TLSClientContext
        do throws(ConfigurationFailure) {
            credentials = try Credentials.load(
                configuration.credentials, environment: environment)
        } catch {
            section.note("not asked: there is no key to ask with (see credentials)")
            return [section]
        }
        do {
            tls = try LiveEngine.trust(configuration)
        } catch {
            section.note("not asked: no certificate is trusted (see tls)")
            return [section]
        }
        do {
            var check = try VenueCheck(configuration, credentials, tls, kinds)
            return check.run()
        } catch {
            section.problem("\(error)")
            return [section]
        }
    }

    private init(
        _ configuration: RunConfiguration, _ credentials: Credentials, _ tls: TLSClientContext,
        _ kinds: [StrategyKind]
    ) throws {
        self.configuration = configuration
        self.kinds = kinds
        self.tls = tls
        let clock = TSCClock.calibrated()
        self.clock = clock
        inquiry = try LiveEngine.inquiry(
            configuration, credentials, tls, clock, Logger(label: "apus.check"))
        // A ban or a full minute is told at once rather than waited for.
        inquiry.longestPause = 0
    }

    private mutating func run() -> [CheckReport.Section] {
        var sections = [checkREST()]
        guard inquiry.isConnected else { return sections }
        sections.append(checkClock())
        sections.append(checkAccount())
        let (rules, info) = checkInstruments()
        sections.append(rules)
        if let info { sections.append(checkLimits(info)) }
        if let info, account != nil {
            sections.append(checkCommissions(info))
            sections.append(checkOpenOrders(info))
            sections.append(checkTestOrders(info))
        }
        sections.append(checkStreams())
        sections.append(checkOrderConnection())
        sections.append(describeWeight(info))
        return sections
    }
}

extension RunConfiguration {
    /// Symbols of all lanes.
    var symbols: [String] { instruments.map(\.symbol) }
}
