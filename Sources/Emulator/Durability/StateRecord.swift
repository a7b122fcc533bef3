import MarketModel

/// What has changed since the record before: applied in turn to an empty exchange, records give
/// back its accounts, orders, lists and trades.
struct StateRecord {
    /// Where a symbol's numbers go on after a restart, and its last price.
    ///
    /// The public's orders and trades use numbers up all the time; so they are given out from a
    /// reserve, and a restart begins behind it. No number is ever used twice.
    struct Market {
        var index = 0
        var numbers = MarketNumbers()
        var lastPrice = Price.zero
    }

    struct Balance {
        var account = AccountIndex.market
        var asset = AssetIndex(0)
        var free: Int64 = 0
        var locked: Int64 = 0
        /// The part of `locked` that something outside trading holds.
        var external: Int64 = 0
    }

    /// Commissions collected.
    struct Fee {
        var asset = AssetIndex(0)
        var amount: Int64 = 0
    }

    /// When an account's balances last changed.
    struct BalanceTime {
        var account = AccountIndex.market
        var time = Timestamp.unknown
    }

    struct Trade {
        var account = AccountIndex.market
        var fill = UserFill.blank
    }

    struct Prevented {
        var market = 0
        var trade = PreventedTrade.blank
    }

    /// How far a trailing order has followed the price.
    struct Trailing {
        var market = 0
        var order: Int64 = 0
        var best = Price.zero
    }

    var lastExecutionID: Int64 = 0
    var lastGeneratedID: Int64 = 0
    var lastListID: Int64 = -1
    var markets: [Market] = []
    var balances: [Balance] = []
    var fees: [Fee] = []
    var balanceTimes: [BalanceTime] = []
    var orders: [UserOrder] = []
    var lists: [OrderList] = []
    var trades: [Trade] = []
    var prevented: [Prevented] = []
    var trailing: [Trailing] = []

    var bytes: [UInt8] {
        var copy = self
        var writer = FieldWriter()
        // Writing never fails; reading is what does.
        try? copy.code(with: &writer)
        return writer.bytes
    }

    /// `nil` when the bytes are not one whole record.
    init?(_ bytes: ArraySlice<UInt8>, _ translation: ExchangeNames.Translation) {
        self.init()
        var reader = FieldReader(bytes, translation)
        do throws(BadField) {
            try code(with: &reader)
        } catch {
            return nil
        }
        if !reader.isAtEnd { return nil }
    }

    init() {}

    mutating func code(with coder: inout some FieldCoder) throws(BadField) {
        try coder.code(&lastExecutionID)
        try coder.code(&lastGeneratedID)
        try coder.code(&lastListID)
        try codeAccounts(with: &coder)
        try coder.code(&markets, blank: Market()) { market, coder throws(BadField) in
            try coder.code(market: &market.index)
            try market.numbers.code(with: &coder)
            try coder.code(&market.lastPrice)
        }
        try coder.code(&orders, blank: .blank) { order, coder throws(BadField) in
            try order.code(with: &coder)
        }
        try coder.code(&lists, blank: .blank) { list, coder throws(BadField) in
            try list.code(with: &coder)
        }
        try coder.code(&trades, blank: Trade()) { trade, coder throws(BadField) in
            try coder.code(&trade.account)
            try trade.fill.code(with: &coder)
        }
        try coder.code(&prevented, blank: Prevented()) { prevented, coder throws(BadField) in
            try coder.code(market: &prevented.market)
            try prevented.trade.code(with: &coder)
        }
        try coder.code(&trailing, blank: Trailing()) { trailing, coder throws(BadField) in
            try coder.code(market: &trailing.market)
            try coder.code(&trailing.order)
            try coder.code(&trailing.best)
        }
    }

    private mutating func codeAccounts(with coder: inout some FieldCoder) throws(BadField) {
        try coder.code(&balances, blank: Balance()) { balance, coder throws(BadField) in
            try coder.code(&balance.account)
            try coder.code(&balance.asset)
            try coder.code(&balance.free)
            try coder.code(&balance.locked)
            try coder.code(&balance.external)
        }
        try coder.code(&fees, blank: Fee()) { fee, coder throws(BadField) in
            try coder.code(&fee.asset)
            try coder.code(&fee.amount)
        }
        try coder.code(&balanceTimes, blank: BalanceTime()) { change, coder throws(BadField) in
            try coder.code(&change.account)
            try coder.code(&change.time)
        }
    }
}

/// The first record of a file: whose indices the others use, and how many of them are the state
/// that the file began with.
struct StateHeader {
    static let currentVersion: Int64 = 1

    var version = Self.currentVersion
    var names = ExchangeNames()
    var snapshotCount: Int64 = 0

    init(names: ExchangeNames, snapshotCount: Int) {
        self.names = names
        self.snapshotCount = Int64(snapshotCount)
    }

    /// `nil` when the bytes are no header; with another version nothing but that is read.
    init?(_ bytes: ArraySlice<UInt8>) {
        var reader = FieldReader(bytes)
        do throws(BadField) {
            try code(with: &reader)
        } catch {
            return nil
        }
    }

    var bytes: [UInt8] {
        var copy = self
        var writer = FieldWriter()
        // Writing never fails; reading is what does.
        try? copy.code(with: &writer)
        return writer.bytes
    }

    private mutating func code(with coder: inout some FieldCoder) throws(BadField) {
        try coder.code(&version)
        guard version == Self.currentVersion else { return }
        try Self.code(&names.symbols, with: &coder)
        try Self.code(&names.assets, with: &coder)
        try Self.code(&names.accounts, with: &coder)
        try coder.code(&snapshotCount)
    }

    private static func code(
        _ texts: inout [String], with coder: inout some FieldCoder
    ) throws(BadField) {
        try coder.code(&texts, blank: "") { text, coder throws(BadField) in
            try coder.code(&text)
        }
    }
}

/// The numbers that a symbol has given out.
struct MarketNumbers: Equatable {
    var order: Int64 = 0
    var trade: Int64 = 0
    var aggregate: Int64 = 0
    var update: Int64 = 0

    mutating func code(with coder: inout some FieldCoder) throws(BadField) {
        try coder.code(&order)
        try coder.code(&trade)
        try coder.code(&aggregate)
        try coder.code(&update)
    }

    /// Whether none lies beyond the other's.
    func isWithin(_ reserve: MarketNumbers) -> Bool {
        order <= reserve.order && trade <= reserve.trade && aggregate <= reserve.aggregate
            && update <= reserve.update
    }

    /// So far ahead numbers may be given out before the next reserve is on record.
    func adding(_ count: Int64) -> MarketNumbers {
        MarketNumbers(
            order: order + count, trade: trade + count, aggregate: aggregate + count,
            update: update + count)
    }
}
