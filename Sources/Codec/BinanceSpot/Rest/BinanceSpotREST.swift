import MarketModel

/// The other REST bodies that the engine reads. All cold; 64 bytes after a body must be readable.
public enum BinanceSpotREST {
    /// What `GET /api/v3/account` tells.
    public struct Account: Sendable, Equatable {
        /// Of the assets in the directory.
        public var balances: [Balance]
        public var canTrade: Bool
        /// Fee rates in units of 1e-8 of the received amount.
        public var makerFee: Int64
        public var takerFee: Int64
        /// The account's number at the venue, whatever key asks; `nil` when it is not told.
        public var number: Int64?
    }

    /// An error body: `{"code":-1121,"msg":"Invalid symbol."}`.
    public struct Failure: Sendable, Equatable {
        public var code: Int32
        public var message: String

        public init(code: Int32, message: String) {
            self.code = code
            self.message = message
        }
    }

    /// The venue's clock: `{"serverTime":1499827319559}`. Throws `overflow` from the year 2200 on: what
    /// is reckoned with it has room until 2262.
    public static func serverTime(
        _ bytes: UnsafePointer<UInt8>, _ count: Int
    ) throws(DecodeFailure) -> Timestamp {
        let time = try VenueTime.required(try document(bytes, count).member("serverTime"))
        guard time < latestServerTime else { throw .overflow }
        return time
    }

    private static let latestServerTime = Timestamp(milliseconds: 7_258_118_400_000)

    /// The newest price, in 1e-8: `{"symbol":"BNBUSDT","price":"600.10000000"}`.
    public static func price(
        _ bytes: UnsafePointer<UInt8>, _ count: Int
    ) throws(DecodeFailure) -> Int64 {
        try document(bytes, count).member("price").magnitude(scale: 8)
    }

    /// The error in a body; `nil` when the body is something else (a proxy's page, nothing).
    public static func failure(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> Failure? {
        do throws(DecodeFailure) {
            let body = try document(bytes, count)
            let code = try body.member("code").code()
            return Failure(code: code, message: try body.member("msg").string ?? "")
        } catch {
            return nil
        }
    }

    /// Whether a body is one JSON value from its first byte to its last.
    public static func isWhole(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> Bool {
        do throws(DecodeFailure) {
            var scanner = JSONScanner(bytes, count)
            let value = try scanner.value()
            try scanner.finish()
            return value.isPresent
        } catch {
            return false
        }
    }

    /// The account with its balances.
    public static func account(
        _ bytes: UnsafePointer<UInt8>, _ count: Int, directory: InstrumentDirectory,
        receiveTime: Timestamp
    ) throws(DecodeFailure) -> Account {
        let body = try document(bytes, count)
        let rates = try body.member("commissionRates")
        var account = Account(
            balances: [], canTrade: try body.member("canTrade").boolean(),
            makerFee: try fee(rates, "maker"), takerFee: try fee(rates, "taker"))
        let number = try body.member("uid")
        if number.isPresent { account.number = try number.integer() }
        var rows = try BalanceCursor(
            try body.member("balances"), directory.assets,
            venueTime: try VenueTime.optional(try body.member("updateTime")),
            receiveTime: receiveTime)
        while let balance = try rows.next() { account.balances.append(balance) }
        return account
    }

    /// `GET /api/v3/openOrders`: `status` reports. `clientOrderID` is `none` for orders that are not
    /// this engine's.
    public static func openOrders(
        _ bytes: UnsafePointer<UInt8>, _ count: Int, directory: InstrumentDirectory,
        receiveTime: Timestamp
    ) throws(DecodeFailure) -> [ExecutionReport] {
        var cursor = try OrderCursor(
            try document(bytes, count), BinanceSpotAccountDecoder(directory: directory),
            receiveTime: receiveTime)
        var orders: [ExecutionReport] = []
        while let order = try cursor.next() { orders.append(order) }
        return orders
    }

    /// `GET /api/v3/order`: one `status` report.
    public static func order(
        _ bytes: UnsafePointer<UInt8>, _ count: Int, directory: InstrumentDirectory,
        receiveTime: Timestamp
    ) throws(DecodeFailure) -> ExecutionReport {
        try BinanceSpotAccountDecoder(directory: directory)
            .orderState(try ResultFields(try document(bytes, count)), receiveTime)
    }

    /// `GET /api/v3/myTrades`: the account's own trades, oldest first.
    public static func fills(
        _ bytes: UnsafePointer<UInt8>, _ count: Int, directory: InstrumentDirectory
    ) throws(DecodeFailure) -> [AccountFill] {
        var cursor = try FillCursor(
            try document(bytes, count), BinanceSpotAccountDecoder(directory: directory))
        var fills: [AccountFill] = []
        while let fill = try cursor.next() { fills.append(fill) }
        return fills
    }

    private static func fee(
        _ rates: JSONValue, _ name: StaticString
    ) throws(DecodeFailure) -> Int64 {
        let rate = try rates.member(name)
        return rate.isPresent ? try rate.decimal(scale: 8) : 0
    }

    static func document(
        _ bytes: UnsafePointer<UInt8>, _ count: Int
    ) throws(DecodeFailure) -> JSONValue {
        var scanner = JSONScanner(bytes, count)
        let value = try scanner.value()
        try scanner.finish()
        return value
    }
}
