import Telemetry

/// What `GET /api/v3/account` says about the account and its key (binance-spot.md, section 8.4).
struct AccountDetails: Decodable {
    struct Rates: Decodable {
        var maker: String
        var taker: String
    }

    struct Holding: Decodable {
        var asset: String
        var free: String
        var locked: String
    }

    var canTrade: Bool
    var canWithdraw: Bool?
    var accountType: String?
    var permissions: [String]?
    var commissionRates: Rates
    var balances: [Holding]

    func holding(of asset: String) -> Holding? { balances.first { $0.asset == asset } }
}

/// What the venue's wallet interface says about a key; only the live venue has it.
struct KeyRestrictions: Decodable {
    var ipRestrict: Bool
    var enableWithdrawals: Bool
    var enableSpotAndMarginTrading: Bool
}

/// What of exchangeInfo only a check reads.
struct TradingPermissions: Decodable {
    struct Symbol: Decodable {
        var symbol: String
        var status: String
        var orderTypes: [String]
        /// One of each inner list is needed.
        var permissionSets: [[String]]?
    }

    var symbols: [Symbol]
}

/// Best prices of a symbol.
struct BestPrices: Decodable {
    var symbol: String
    var bidPrice: String
    var askPrice: String
}

/// What the trades of a tested order would pay, its side's part included.
struct OrderCommission: Decodable {
    var standardCommissionForOrder: AccountDetails.Rates
    var specialCommissionForOrder: AccountDetails.Rates
    var taxCommissionForOrder: AccountDetails.Rates

    /// All commissions together; `nil` for what is no number.
    func total(_ rate: KeyPath<AccountDetails.Rates, String>) -> ExactDecimal? {
        var sum: Int64 = 0
        for rates in [
            standardCommissionForOrder, specialCommissionForOrder, taxCommissionForOrder,
        ] {
            guard let raw = ExactDecimal(rates[keyPath: rate])?.raw64(atScale: 8),
                raw >= 0, raw <= 100_000_000
            else { return nil }
            sum += raw
        }
        return ExactDecimal(raw: Int128(sum), scale: 8)
    }
}
