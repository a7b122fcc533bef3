import Machine
import MarketModel
import Wire

/// The exchange on a thread of the caller's, whose market says what the caller says and when: the
/// other end of latency benchmarks.
///
/// Accounts, orders and connections are the exchange's own. Its agents' market runs, so that books
/// can be read, until it is held.
package final class PacedExchange<Sockets: Transport & ~Copyable> {
    private let loop: ServerLoop<Sockets>

    /// Listens; connections are accepted by ``turn()``.
    package init(
        sockets: consuming Sockets, configuration: ExchangeConfiguration, tls: TLSServerContext,
        clock: TSCClock
    ) throws {
        let verifier = SignatureVerifier()
        let dialect = try ExchangeDialect(
            configuration: configuration, now: Timestamp(nanoseconds: clock.now()),
            signatureCheck: verifier.isValid)
        loop = try ServerLoop(
            sockets: sockets, dialect: dialect, configuration: configuration, log: nil, tls: tls,
            clock: clock, counters: ExchangeCounters())
    }

    package var port: UInt16 { loop.port }

    /// One duty cycle of the exchange; waits for work at most so many nanoseconds.
    package func turn(longestWait: Int64 = 0) {
        // Only the exchange's own record can fail, and this one keeps none.
        try? loop.cycle(longestWait: longestWait)
    }

    /// Whether the agents' market stands still.
    package var holdsMarket: Bool {
        get { loop.holdsMarket }
        set { loop.holdsMarket = newValue }
    }

    /// Orders taken so far, of the agents and of all accounts.
    package var orderCount: Int64 {
        loop.dialect.exchange.markets.reduce(0) { $0 + $1.lastOrderID }
    }

    /// The limit price of an order that an account has placed on the first symbol, by its number;
    /// `nil` once it is forgotten.
    package func price(ofOrder number: Int64) -> Price? {
        loop.dialect.exchange.markets.first?.orders[number]?.ticket.price
    }

    /// The transport's slot of the connection that orders come on, `nil` while there is none.
    package var orderSlot: Int? { connection(.api)?.slot }

    /// The transport, for who receives on a slot by other means.
    package func withSockets<Result>(_ body: (inout Sockets) -> Result) -> Result {
        body(&loop.sockets)
    }

    // MARK: - Ticks

    /// Seals a market message in a record of its own behind those that wait; false without a
    /// reader or without room.
    package func prepare(_ text: UnsafeRawPointer, _ count: Int) -> Bool {
        guard let connection = connection(.streams) else { return false }
        return connection.link.queueText(text, count) && connection.link.seal()
    }

    /// Hands what was prepared to the transport; false when not all of it was taken.
    package func sendPrepared() -> Bool {
        guard let connection = connection(.streams) else { return false }
        loop.startSend(connection, now: loop.clock.now())
        return connection.link.outgoing.count == 0
    }

    /// Takes bytes that the caller has received on a slot, and sends the answers there; prepared
    /// ticks wait for their moment.
    package func deliver(_ bytes: UnsafeRawPointer, _ count: Int, on slot: Int) {
        guard let connection = loop.connections[slot] else { return }
        let now = loop.clock.now()
        connection.link.receive(bytes, count, now: now)
        loop.process(connection, now: now)
        loop.dialect.publishEvents(now: Timestamp(nanoseconds: now))
        loop.drainOutbox(now: now)
        if connection.hasQueued {
            connection.link.seal()
            connection.hasQueued = false
        }
        loop.startSend(connection, now: now)
        loop.sockets.flush()
    }

    private func connection(_ kind: Session.Kind) -> Connection? {
        loop.connections.values.first { loop.dialect.sessions[$0.session]?.kind == kind }
    }
}
