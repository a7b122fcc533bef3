import MarketModel

/// The names behind an exchange's indices.
struct ExchangeNames: Equatable {
    var symbols: [String] = []
    /// Sorted.
    var assets: [String] = []
    /// By index, in the order in which they first appear; 0 is the public market, without a name.
    var accounts: [String] = []

    /// Where the indices of other names point here.
    struct Translation {
        var markets: [Int] = []
        var assets: [AssetIndex] = []
        var accounts: [AccountIndex] = []
    }

    init() {}

    init(_ configuration: ExchangeConfiguration) {
        symbols = configuration.symbols.map(\.symbol)
        var used: Set<String> = []
        for symbol in configuration.symbols { used.formUnion([symbol.baseAsset, symbol.quoteAsset]) }
        for account in configuration.accounts { used.formUnion(account.balances.keys) }
        assets = used.sorted()
        accounts = [""]
        for account in configuration.accounts where !accounts.contains(account.account) {
            accounts.append(account.account)
        }
    }

    /// Translates indices of `recorded` names; refused when one of them is not among these.
    func translation(of recorded: ExchangeNames) throws(StateLogFailure) -> Translation {
        Translation(
            markets: try Self.places(of: recorded.symbols, in: symbols),
            assets: try Self.places(of: recorded.assets, in: assets)
                .map { AssetIndex(UInt16($0)) },
            accounts: try Self.places(of: recorded.accounts, in: accounts)
                .map { AccountIndex(Int32($0)) })
    }

    private static func places(
        of recorded: [String], in names: [String]
    ) throws(StateLogFailure) -> [Int] {
        let places = Dictionary(names.enumerated().map { ($1, $0) }) { first, _ in first }
        var found: [Int] = []
        for name in recorded {
            guard let place = places[name] else { throw .unknown(name) }
            found.append(place)
        }
        return found
    }
}
