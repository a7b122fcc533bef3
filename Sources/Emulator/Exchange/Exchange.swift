import MarketModel

/// The venue's business: symbols, accounts, orders and balances. No bytes, no sockets, no clock.
///
/// Every operation takes the time as an argument and leaves what it caused in ``userEvents`` and
/// ``publicEvents`` for the dialect to send. Confined to the exchange's thread.
final class Exchange {
    let configuration: ExchangeConfiguration
    /// Asset names by index.
    let assets: [String]
    let markets: [SymbolMarket]
    let keys: [String: APIKey]
    /// Accounts by the name that the configuration gives them.
    let accounts: [String: AccountIndex]
    var ledger: Ledger
    var lists = OrderListStore()
    /// Balances that something outside trading has locked.
    var externalLocks: [Ledger.Holding: Int64] = [:]
    /// Accounts that pay commissions in the discount asset, and that asset.
    let paysInDiscountAsset: Set<AccountIndex>
    let discountAsset: AssetIndex?
    /// Not yet sent; the dialect drains them after every operation.
    var userEvents: [UserEvent] = []
    var publicEvents = ContiguousArray<PublicEvent>()
    private let marketIndex: [String: Int]
    var lastExecutionID: Int64 = 0
    var lastGeneratedID: UInt64 = 0
    /// When an account's balances last changed.
    var balanceTimes: [AccountIndex: Timestamp] = [:]
    /// Of the newest change of any account.
    var newestTime = Timestamp.unknown
    /// What is not on record yet.
    var changes = ExchangeChanges()

    /// An API key and the account it opens.
    struct APIKey {
        let account: AccountIndex
        let credential: AccountConfiguration.Credential
    }

    /// Builds the venue as of a moment; `makeMatcher` supplies each symbol's liquidity.
    ///
    /// - Parameter historyEnd: where seeded candles end and live ones begin.
    init(
        configuration: ExchangeConfiguration, historyEnd: Timestamp,
        makeMatcher: (SymbolConfiguration) -> any Matcher
    ) {
        self.configuration = configuration
        let names = ExchangeNames(configuration)
        let indices = Dictionary(
            uniqueKeysWithValues: names.assets.enumerated().map { ($1, AssetIndex(UInt16($0))) })
        assets = names.assets
        markets = configuration.symbols.enumerated().map { index, symbol in
            let instrument = symbol.instrument(
                index: index, base: indices[symbol.baseAsset] ?? .none,
                quote: indices[symbol.quoteAsset] ?? .none)
            let history = CandleHistory(
                symbol: symbol, seed: configuration.historySeed, end: historyEnd)
            return SymbolMarket(
                index: index, configuration: symbol, instrument: instrument,
                matcher: makeMatcher(symbol),
                candles: CandleBoard(
                    hours: history.hours, minutes: history.minutes, price: symbol.startPrice,
                    now: historyEnd.milliseconds))
        }
        marketIndex = Dictionary(
            uniqueKeysWithValues: configuration.symbols.enumerated().map { ($1.symbol, $0) })
        let accounts = Dictionary(
            uniqueKeysWithValues: names.accounts.enumerated().dropFirst().map {
                ($1, AccountIndex(Int32($0)))
            })
        var keys: [String: APIKey] = [:]
        var payers: Set<AccountIndex> = []
        for entry in configuration.accounts {
            guard let account = accounts[entry.account] else { continue }
            if entry.paysFeesInDiscountAsset { payers.insert(account) }
            keys[entry.apiKey] = APIKey(account: account, credential: entry.credential)
        }
        self.keys = keys
        self.accounts = accounts
        paysInDiscountAsset = payers
        discountAsset = indices[configuration.feeDiscount.asset]
        ledger = Ledger(accounts: accounts.count + 1, assets: names.assets.count)
        for entry in configuration.accounts {
            guard let account = accounts[entry.account] else { continue }
            for (name, amount) in entry.balances {
                if let asset = indices[name] { ledger.deposit(amount, asset, to: account) }
            }
        }
    }

    /// The symbol's market; refuses unknown symbols with the venue's code.
    func market(named symbol: String) throws(Rejection) -> SymbolMarket {
        guard let index = marketIndex[symbol] else { throw .badSymbol }
        return markets[index]
    }

    /// The asset's index, `nil` when nothing here uses it.
    func asset(named name: String) -> AssetIndex? {
        assets.firstIndex(of: name).map { AssetIndex(UInt16($0)) }
    }

    func marketIndex(named symbol: String) -> Int? { marketIndex[symbol] }

    func assetName(_ asset: AssetIndex) -> String { assets[asset.slot] }

    /// The number that the next report will have.
    var nextExecutionID: Int64 { lastExecutionID + 1 }

    func makeExecutionID() -> Int64 {
        lastExecutionID += 1
        return lastExecutionID
    }

    /// A client order id for requests that bring none: 22 letters and digits, never repeated.
    func makeClientOrderID() -> String {
        lastGeneratedID += 1
        var generator = SplitMix64(state: lastGeneratedID)
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)
        var bits = (generator.next(), generator.next())
        let bytes = (0..<22).map { index in
            let letter = alphabet[Int((index < 11 ? bits.0 : bits.1) % 62)]
            if index < 11 { bits.0 /= 62 } else { bits.1 /= 62 }
            return letter
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Books the public's trades with users' resting orders and wakes who waited for their prices.
    func settleMarketFills(of market: SymbolMarket, now: Timestamp) {
        let fills = market.matcher.log.fills
        guard !fills.isEmpty else { return }
        var settlement = Settlement(now: now)
        for fill in fills { settle(maker: fill, market, &settlement) }
        if market.isMatching { noteTrades(fills, market, &settlement) }
        runFollowUps(market, &settlement)
        publishPositions(settlement)
    }
}

extension ExchangeConfiguration {
    /// Seed of the candle history: the agents' seed, or a fixed one for replays.
    var historySeed: UInt64 {
        if case .agents(let agents) = market { agents.seed } else { 1 }
    }
}
