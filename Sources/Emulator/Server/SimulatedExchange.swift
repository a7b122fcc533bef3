import Machine
import MarketModel
import Wire

/// The exchange in a process that makes the time: the other half of the deterministic simulation.
///
/// The real server, dialect, matching and accounts on sockets and a clock of the caller's. It can
/// be taken down and up again, and what it holds to be true can be read.
package final class SimulatedExchange<Sockets: Transport & ~Copyable> {
    private var loop: ServerLoop<Sockets>
    private let configuration: ExchangeConfiguration
    private let makeSockets: () throws(WireFailure) -> Sockets
    private let verifier = SignatureVerifier()
    private let interference: (any Interference)?

    /// Opens the exchange at `now`, listening on the sockets that `makeSockets` gives: new ones
    /// after every restart.
    package init(
        configuration: ExchangeConfiguration, at now: Int64, interference: (any Interference)?,
        makeSockets: @escaping () throws(WireFailure) -> Sockets
    ) throws {
        self.configuration = configuration
        self.makeSockets = makeSockets
        self.interference = interference
        loop = try Self.open(
            configuration, [], verifier, interference, try makeSockets(), at: now)
        loop.dialect.exchange.startNotingChanges()
    }

    private static func open(
        _ configuration: ExchangeConfiguration, _ records: [StateRecord],
        _ verifier: SignatureVerifier, _ interference: (any Interference)?,
        _ sockets: consuming Sockets, at now: Int64
    ) throws -> ServerLoop<Sockets> {
        let dialect = try ExchangeDialect(
            configuration: configuration, now: Timestamp(nanoseconds: now), records: records,
            signatureCheck: verifier.isValid)
        let loop = try ServerLoop(
            sockets: sockets, dialect: dialect, configuration: configuration, log: nil, tls: nil,
            clock: .standing(at: now), counters: ExchangeCounters())
        loop.interference = interference
        return loop
    }

    // MARK: - Time

    /// One duty cycle at a moment.
    package func turn(at now: Int64) {
        loop.clock.stand(at: now)
        // Only the exchange's own record can fail, and this one keeps none.
        try? loop.cycle(longestWait: 0)
    }

    /// Whether a turn at a moment would do nothing unless bytes or connections have arrived.
    package func isAtRest(at now: Int64) -> Bool { loop.isAtRest(at: now) }

    /// When its market or its streams have something to do at the latest.
    package var nextDeadline: Int64 { loop.dialect.nextDeadline.nanoseconds }

    package func perform(_ action: ExchangeAction, at now: Int64) {
        loop.clock.stand(at: now)
        loop.perform(action)
    }

    /// Takes the exchange down without a word and up again with what it had on record; with
    /// `losesOrders` every open order has expired meanwhile, and nobody was told.
    package func restart(at now: Int64, losesOrders: Bool) throws {
        let records = loop.dialect.exchange.takeState()
        loop.closeAll()
        loop = try Self.open(
            configuration, records, verifier, interference, try makeSockets(), at: now)
        let exchange = loop.dialect.exchange
        exchange.startNotingChanges()
        if losesOrders {
            for market in exchange.markets {
                exchange.expireAll(in: market, now: Timestamp(nanoseconds: now))
            }
            exchange.userEvents.removeAll()
        }
    }

    /// Ends every user data stream; its client is told.
    package func expireUserStreams(at now: Int64) {
        for session in loop.dialect.sessions.values {
            loop.dialect.end(session.userStreams, session, now: Timestamp(nanoseconds: now))
        }
    }

    /// Answers a request as a connection of its own would hear it.
    package func ask(
        _ method: String, _ target: String, key: String, at now: Int64,
        isInMicroseconds: Bool = false
    ) -> LeavingAnswer {
        let time = Timestamp(nanoseconds: now)
        let session = loop.dialect.open(client: 0, now: time)
        defer { loop.dialect.close(session) }
        var request = RESTRequest(method: method, target: target)
        request.key = key
        request.isInMicroseconds = isInMicroseconds
        let response = loop.dialect.respond(to: request, on: session, now: time)
        return LeavingAnswer(
            status: response.status, fields: response.fields, body: response.body)
    }

    // MARK: - What it holds to be true

    /// Every order of an account that it remembers, in all symbols, oldest first.
    package func orders(of account: String) -> [ObservedOrder] {
        let exchange = loop.dialect.exchange
        guard let index = exchange.accounts[account] else { return [] }
        return exchange.markets.flatMap { market in
            market.orders.all(of: index).map { order in
                ObservedOrder(
                    market: market.index, number: order.id, clientOrderID: order.clientOrderID,
                    isOpen: order.isOpen, executed: order.executed.raw)
            }
        }
    }

    /// Every fill of an account in a symbol, oldest first.
    package func fills(of account: String, in market: Int) -> [ObservedFill] {
        let exchange = loop.dialect.exchange
        guard let index = exchange.accounts[account],
            let fills = exchange.markets[market].fills[index]
        else { return [] }
        return fills.suffix(fills.count).map { fill in
            ObservedFill(
                tradeID: fill.tradeID, order: fill.orderID, quantity: fill.quantity.raw,
                price: fill.price.raw, commission: fill.commission,
                commissionAsset: exchange.assetName(fill.commissionAsset), isBuyer: fill.isBuyer)
        }
    }

    /// Number of the oldest public trade of a symbol that it still tells of; 0 when there is none.
    package func oldestTrade(in market: Int) -> Int64 {
        let tape = loop.dialect.exchange.markets[market].tape.trades
        return tape.count == 0 ? 0 : tape[0].id
    }

    /// Hands over the public trades of a symbol behind number `id` that it still knows, as its stream
    /// told them, in microseconds; oldest first.
    package func readTrades(in market: Int, after id: Int64, _ take: (Trade) -> Void) {
        let tape = loop.dialect.exchange.markets[market].tape.trades
        if tape.count == 0 { return }
        let newest = tape[tape.count - 1].id
        for place in (tape.count - Int(max(min(newest - id, Int64(tape.count)), 0)))..<tape.count {
            let trade = tape[place]
            take(
                Trade(
                    instrument: InstrumentIndex(UInt16(market)), id: TradeID(trade.id),
                    price: trade.price, quantity: trade.quantity, aggressor: trade.takerSide,
                    venueTime: Timestamp(nanoseconds: trade.time.nanoseconds / 1_000 * 1_000),
                    receiveTime: .unknown))
        }
    }

    /// Free and locked together, in units of 1e-8.
    package func balance(of account: String, _ asset: String) -> Int64 {
        let exchange = loop.dialect.exchange
        guard let account = exchange.accounts[account], let asset = exchange.asset(named: asset)
        else { return 0 }
        let amounts = exchange.ledger[account, asset]
        return amounts.free + amounts.locked
    }

    /// What of an asset an account may use, in units of 1e-8.
    package func freeBalance(of account: String, _ asset: String) -> Int64 {
        let exchange = loop.dialect.exchange
        guard let account = exchange.accounts[account], let asset = exchange.asset(named: asset)
        else { return 0 }
        return exchange.ledger[account, asset].free
    }

    /// Everything there is of an asset, all accounts and fees: it never changes.
    package func total(of asset: String) -> Int128 {
        let exchange = loop.dialect.exchange
        guard let asset = exchange.asset(named: asset) else { return 0 }
        return exchange.ledger.total(of: asset)
    }

    /// The book's number and the best levels of a side, as (price, quantity).
    package func levels(of market: Int, _ side: Side, limit: Int) -> [BookLevel] {
        var levels: [BookLevel] = []
        loop.dialect.exchange.markets[market].matcher.forEachLevel(of: side, limit: limit) {
            levels.append(BookLevel(price: $0, quantity: $1))
        }
        return levels
    }

    package func updateID(of market: Int) -> Int64 {
        loop.dialect.exchange.markets[market].matcher.updateID
    }

    package var connectionCount: Int { loop.connections.count }
}

/// An order as the exchange has it.
package struct ObservedOrder: Sendable, Equatable {
    package let market: Int
    package let number: Int64
    package let clientOrderID: String
    package let isOpen: Bool
    package let executed: Int64
}

/// A fill as the exchange has it; the commission in units of 1e-8 of its asset.
package struct ObservedFill: Sendable, Equatable {
    package let tradeID: Int64
    package let order: Int64
    package let quantity: Int64
    package let price: Int64
    package let commission: Int64
    package let commissionAsset: String
    package let isBuyer: Bool
}
