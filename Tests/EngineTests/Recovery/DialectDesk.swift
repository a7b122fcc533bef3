import MarketModel
import Venues

@testable import Emulator
@testable import Engine

/// An exchange with as many symbols as wanted that answers a start's questions in virtual time.
final class DialectDesk: VenueDesk {
    let dialect: ExchangeDialect
    private(set) var now: Int64 = 1_795_262_400_000_000_000
    /// What was asked, method and target, oldest first.
    private(set) var requests: [(method: String, target: String)] = []
    private(set) var pauses: [Nanoseconds] = []
    let symbols: [String]

    init(
        symbols count: Int, limits: RateLimitConfiguration = RateLimitConfiguration(),
        _ change: (inout ExchangeConfiguration) -> Void = { _ in }
    ) throws {
        symbols = (0..<count).map { "C\($0 / 10)\($0 % 10)USDT" }
        var configuration = ExchangeConfiguration()
        configuration.limits = limits
        configuration.symbols = symbols.map { name in
            var own = SymbolConfiguration.defaults[0]
            own.symbol = name
            own.baseAsset = String(name.dropLast(4))
            return own
        }
        for symbol in configuration.symbols {
            configuration.accounts[0].balances[symbol.baseAsset] = 10 * 100_000_000
        }
        var agents = AgentConfiguration()
        agents.eventsPerSecond = 0
        configuration.market = .agents(agents)
        change(&configuration)
        dialect = try ExchangeDialect(
            configuration: configuration, now: Timestamp(nanoseconds: now), records: [],
            signatureCheck: { _, _, _ in true })
    }

    func inquiry() throws -> VenueInquiry {
        VenueInquiry(
            desk: self, apiKey: "apus-demo-key", signer: try RequestSigner.hmac(secret: "secret"),
            receiveWindow: 5_000)
    }

    func request(_ method: String, _ target: String) throws(StartFailure) -> VenueAnswer {
        requests.append((method, target))
        let response = respond(method, target)
        let field = { (name: String) in response.fields.first { $0.0 == name }.map(\.1) }
        return VenueAnswer(
            status: response.status, body: response.body,
            retryAfter: field("Retry-After").flatMap { Int($0) },
            usedWeight: field("X-MBX-USED-WEIGHT-1M").flatMap { Int64($0) })
    }

    func pause(_ duration: Nanoseconds) {
        pauses.append(duration)
        now += duration.count
    }

    /// Somebody else of the same address and account asks.
    @discardableResult
    func askElsewhere(_ method: String, _ target: String) -> RESTResponse {
        respond(method, "\(target)&timestamp=\(now / 1_000_000)&signature=good")
    }

    private func respond(_ method: String, _ target: String) -> RESTResponse {
        let time = Timestamp(nanoseconds: now)
        let session = dialect.open(client: 0, now: time)
        defer { dialect.close(session) }
        var request = RESTRequest(method: method, target: target)
        request.key = "apus-demo-key"
        return dialect.respond(to: request, on: session, now: time)
    }

    var usedWeight: Int { dialect.limiter.usedWeight(client: 0) }
}
