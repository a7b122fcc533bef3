import Foundation
import MarketModel
import Testing

@testable import Emulator

/// The exchange's record: what it gives back, and what it does with files that are not whole.
@Suite("State log")
struct StateLogTests {
    private static let configuration = RandomOrderFlow.configuration
    private static let names = ExchangeNames(configuration)

    /// One step of everything an account and its operator can do.
    private func play(_ flow: inout RandomOrderFlow) {
        flow.now = flow.now + .milliseconds(1)
        switch flow.random.below(40) {
        case 0:
            _ = flow.venue.exchange.deposit(
                Int64(flow.random.below(2_000)) * 1_000_000, flow.venue.asset("USDT"),
                account: flow.venue.bob, now: flow.now)
        case 1:
            _ = flow.venue.exchange.lockExternally(
                Int64(flow.random.below(2_000) - 800) * 1_000, flow.venue.asset("BTC"),
                account: flow.venue.alice, now: flow.now)
        case 2..<16: flow.playUser()
        default: flow.playPublic()
        }
        flow.takeEvents()
    }

    @Test(arguments: [UInt64(41), 42, 43])
    func `an exchange restarted again and again under random flow stays the same`(
        _ seed: UInt64
    ) throws {
        var flow = RandomOrderFlow(seed: seed)
        let folder = StateFolder()
        let totals = flow.venue.exchange.assets.indices.map {
            flow.venue.exchange.ledger.total(of: AssetIndex(UInt16($0)))
        }
        var log: StateLog? = try folder.open()
        flow.venue.exchange.startNotingChanges()
        try log?.begin(flow.venue.exchange.takeState(), Self.names)
        var deposits: Int64 = 0
        for step in 1...3_000 {
            let usdt = flow.venue.asset("USDT")
            let before = flow.venue.exchange.ledger.total(of: usdt)
            play(&flow)
            deposits += Int64(flow.venue.exchange.ledger.total(of: usdt) - before)
            // The last price is on record once a second.
            if step % 500 == 0 { flow.now = flow.now + .seconds(1) }
            // Several operations now and then share a record, as in one cycle of the server.
            if flow.random.below(3) > 0, step % 500 != 0 { continue }
            if let changes = flow.venue.exchange.takeChanges(now: flow.now) {
                try log?.append(changes)
            }
            if flow.random.below(400) == 0 {
                try log?.begin(flow.venue.exchange.takeState(), Self.names)
            }
            guard step % 500 == 0 else { continue }
            let ended = flow.venue
            // Only one log holds the directory: the old one goes first.
            log = nil
            log = try folder.open()
            let history = try #require(try log?.read(for: Self.names))
            #expect(history.discarded == 0)
            flow.venue = Venue(Self.configuration, records: history.records)
            let difference = flow.venue.exchange.difference(from: ended.exchange)
            #expect(difference == nil, "seed \(seed) step \(step)")
            if difference != nil { return }
            expectSameBook(flow.venue, ended, "seed \(seed) step \(step)")
            #expect(flow.imbalance() == nil, "seed \(seed) step \(step)")
            flow.venue.exchange.startNotingChanges()
            try log?.begin(flow.venue.exchange.takeState(), Self.names)
        }
        #expect(flow.placed > 200 && flow.listsPlaced > 30 && flow.amended > 20, "seed \(seed)")
        for (index, total) in totals.enumerated() {
            let asset = AssetIndex(UInt16(index))
            let expected = total + (asset == flow.venue.asset("USDT") ? Int128(deposits) : 0)
            #expect(flow.venue.exchange.ledger.total(of: asset) == expected, "seed \(seed)")
        }
    }

    /// What was open rests again with what is left of it, and no number comes twice.
    private func expectSameBook(_ venue: Venue, _ ended: Venue, _ place: Comment) {
        for (market, old) in zip(venue.exchange.markets, ended.exchange.markets) {
            for order in old.orders.allOpen where order.isWorking {
                guard let resting = market.orders[order.id] else { continue }
                #expect(market.matcher.reduce(resting.handle, by: resting.remaining) == false)
                #expect(old.matcher.cancel(order.handle) == resting.remaining, place)
            }
            #expect(old.numbers.isWithin(market.numbers), place)
            #expect(market.lastPrice == old.lastPrice, place)
        }
    }

    /// A small log, and where its records end: the last one of the state, then each change.
    private func smallLog() throws -> (bytes: [UInt8], ends: [Int], state: Int) {
        let folder = StateFolder()
        var flow = RandomOrderFlow(seed: 7)
        let log = try folder.open()
        flow.venue.exchange.startNotingChanges()
        let state = flow.venue.exchange.takeState()
        try log.begin(state, Self.names)
        var ends = [try folder.bytes.count]
        while ends.count < 8 {
            flow.playUser()
            flow.takeEvents()
            guard let changes = flow.venue.exchange.takeChanges(now: flow.now) else { continue }
            try log.append(changes)
            ends.append(try folder.bytes.count)
        }
        return (try folder.bytes, ends, state.count)
    }

    @Test func `a torn end is cut off at every byte, a torn beginning refused`() throws {
        let (bytes, ends, state) = try smallLog()
        let folder = StateFolder()
        for length in 0...bytes.count {
            try folder.write(bytes.prefix(length))
            guard length >= ends[0] else {
                #expect(throws: StateLogFailure.self, "\(length) bytes") {
                    try folder.read(Self.configuration)
                }
                continue
            }
            let whole = ends.lastIndex { $0 <= length } ?? 0
            let history = try #require(try folder.read(Self.configuration))
            #expect(history.records.count == state + whole, "\(length) bytes")
            #expect(history.discarded == length - ends[whole], "\(length) bytes")
            // Cut off for good: the next start finds a whole file.
            #expect(try folder.bytes.count == ends[whole])
        }
    }

    @Test func `a record whose bytes never reached the disk is cut off at the end only`() throws {
        let (bytes, ends, state) = try smallLog()
        let folder = StateFolder()
        var damaged = bytes
        for index in (ends[ends.count - 2] + StateFile.headSize)..<bytes.count {
            damaged[index] = 0
        }
        try folder.write(damaged)
        #expect(try folder.read(Self.configuration)?.records.count == state + ends.count - 2)
    }

    @Test func `damage is refused with file and offset`() throws {
        let (bytes, ends, _) = try smallLog()
        let folder = StateFolder()
        var random = RandomSource(seed: 3)
        let starts = [ends[0]] + ends
        for index in 0..<(ends[ends.count - 2] + StateFile.headSize) {
            var damaged = bytes
            damaged[index] ^= 1 << UInt8(random.below(8))
            try folder.write(damaged)
            let start = index < ends[0] ? nil : starts.last { $0 <= index }
            do throws(StateLogFailure) {
                _ = try StateLog(directory: folder.path, isSynchronous: false).read(for: Self.names)
                Issue.record("damage at byte \(index) was not noticed")
            } catch {
                guard case .corrupt(folder.ledger, let offset) = error else {
                    Issue.record("byte \(index): \(error)")
                    return
                }
                #expect(start == nil || offset == start, "byte \(index)")
                #expect(offset <= index, "byte \(index)")
                #expect(error.description == "\(folder.ledger) is corrupt at byte \(offset)")
            }
            #expect(try folder.bytes == damaged, "nothing is cut off what is damaged")
        }
    }

    @Test func `records of nonsense with good checksums are refused, not trapped on`() throws {
        let folder = StateFolder()
        var random = RandomSource(seed: 11)
        let state = Venue(Self.configuration).exchange
        state.startNotingChanges()
        let whole = try #require(state.takeState().first).bytes
        for round in 0..<400 {
            try FileManager.default.createDirectory(
                atPath: folder.path, withIntermediateDirectories: true)
            let file = try StateFile(path: folder.ledger, isNew: true)
            try file.append(StateHeader(names: Self.names, snapshotCount: 0).bytes)
            var bytes = Array(whole.prefix(random.below(whole.count)))
            for _ in 0..<random.below(20) { bytes.append(UInt8(random.below(256))) }
            if round % 4 == 0, !bytes.isEmpty {
                bytes = whole
                bytes[random.below(bytes.count)] = 0xFF
            }
            try file.append(bytes)
            // Damage that still reads as a record is as good as one.
            _ = try? folder.read(Self.configuration)
        }
    }

    @Test func `an order that would meet another on the way back ends and gives its lock back`() throws {
        let venue = Venue()
        venue.exchange.startNotingChanges()
        let (exchange, market) = (venue.exchange, venue.market)
        for (side, price) in [(Side.buy, "60000"), (.sell, "61000")] {
            _ = try exchange.place(
                try Venue.limit(side, price, "0.1"), in: market, account: venue.alice,
                now: venue.now)
        }
        var records = exchange.takeState()
        let part = try #require(records.firstIndex { !$0.orders.isEmpty })
        records[part].orders[1].ticket.price = records[part].orders[0].ticket.price
        let restored = Venue(records: records)
        let orders = restored.market.orders.all(of: venue.alice)
        #expect(orders.map(\.status) == [.new, .expired])
        #expect(orders[1].expiryReason == .exchangeCanceled)
        let bitcoin = restored.exchange.ledger[venue.alice, restored.asset("BTC")]
        #expect(bitcoin.locked == 0 && bitcoin.free == 10 * Money.unit)
        #expect(restored.market.matcher.top.askQuantity == .zero)
    }

    @Test func `a directory serves one exchange at a time`() throws {
        let folder = StateFolder()
        var first: StateLog? = try folder.open()
        try first?.begin([], Self.names)
        #expect(throws: StateLogFailure.inUse(directory: folder.path)) { try folder.open() }
        first = nil
        #expect(try folder.open().read(for: Self.names) != nil)
    }

    @Test func `a disk that takes no more is an error`() throws {
        let file = try StateFile(path: "/dev/full", isNew: false)
        #expect(throws: StateLogFailure.cannotWrite(path: "/dev/full", errno: ENOSPC)) {
            try file.append([1, 2, 3])
        }
        #expect(throws: StateLogFailure.self) {
            try StateLog(directory: "/dev/null/state", isSynchronous: false)
        }
    }

    @Test func `another version is named, not guessed at`() throws {
        let folder = StateFolder()
        try folder.write([])
        var header = StateHeader(names: Self.names, snapshotCount: 0)
        header.version = 2
        try StateFile(path: folder.ledger, isNew: true).append(header.bytes)
        #expect(throws: StateLogFailure.version(path: folder.ledger, 2)) {
            try folder.read(Self.configuration)
        }
    }

    @Test func `a configuration may grow and change its order, but not forget`() throws {
        var flow = RandomOrderFlow(seed: 9)
        let folder = StateFolder()
        flow.venue.exchange.startNotingChanges()
        for _ in 0..<300 { play(&flow) }
        try folder.open().begin(flow.venue.exchange.takeState(), Self.names)

        var larger = Self.configuration
        larger.symbols.swapAt(0, 1)
        larger.symbols.append(SymbolConfiguration.defaults[4])
        larger.accounts.swapAt(0, 1)
        var carol = larger.accounts[0]
        carol.apiKey = "carol"
        carol.account = "carol"
        carol.balances = ["AAVE": 5 * Money.unit]
        larger.accounts.append(carol)
        let records = try #require(try folder.read(larger)).records
        let grown = Venue(larger, records: records).exchange
        let old = flow.venue.exchange
        for name in ["alice", "bob"] {
            let (before, now) = (try #require(old.accounts[name]), try #require(grown.accounts[name]))
            for asset in old.assets {
                let before = old.ledger[before, try #require(old.asset(named: asset))]
                #expect(grown.ledger[now, try #require(grown.asset(named: asset))] == before)
            }
            let open = try grown.market(named: "BTCUSDT").orders.open(of: now)
            #expect(!open.isEmpty)
            #expect(open.map(\.id) == old.markets[0].orders.open(of: before).map(\.id))
            #expect(open.allSatisfy { $0.market == 1 && $0.account == now })
        }
        let carols = try #require(grown.accounts["carol"])
        #expect(grown.ledger[carols, try #require(grown.asset(named: "AAVE"))].free == 5 * Money.unit)

        var smaller = Self.configuration
        smaller.accounts.removeLast()
        #expect(throws: StateLogFailure.unknown("bob")) { try folder.read(smaller) }
        smaller = Self.configuration
        smaller.symbols.removeLast()
        let gone = Self.configuration.symbols[1].symbol
        #expect(throws: StateLogFailure.unknown(gone)) { try folder.read(smaller) }
    }
}
