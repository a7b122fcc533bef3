import Machine
import MarketModel
import Rings
import TickToTrade

/// Sends commands to the lane and matches its answers to who asked.
///
/// The lane never waits for it: commands go into one ring, answers come out of another, and the
/// desk looks while somebody waits (design law 10).
actor CommandDesk {
    private let producer: MPSCProducer<Command>
    private var answers: RingConsumer<CommandAnswer>
    private var listings: RingConsumer<OrderListing>
    private let clock: TSCClock
    private var nextID: UInt64 = 1
    private var arrived: [UInt64: CommandAnswer] = [:]
    private var listed: [UInt64: [Order]] = [:]
    private var complete: Set<UInt64> = []

    init(
        producer: MPSCProducer<Command>, answers: consuming RingConsumer<CommandAnswer>,
        listings: consuming RingConsumer<OrderListing>, clock: TSCClock
    ) {
        self.producer = producer
        self.answers = answers
        self.listings = listings
        self.clock = clock
    }

    /// The lane's answer, `nil` when none came within `patience`.
    func ask(
        _ kind: CommandKind, instrument: InstrumentIndex = .none,
        strategy: StrategyIndex = .none, key: Int64 = 0, value: Int64 = 0,
        patience: Nanoseconds = .seconds(10)
    ) async -> CommandAnswer? {
        guard let id = send(kind, instrument, strategy, key, value) else { return nil }
        let deadline = clock.now() + patience.count
        while clock.now() < deadline {
            collect()
            if let answer = arrived.removeValue(forKey: id) { return answer }
            try? await Task.sleep(nanoseconds: 500_000)
        }
        return nil
    }

    /// The open orders as the lane lists them, `nil` when it did not within a second.
    func openOrders() async -> [Order]? {
        guard let id = send(.listOrders, .none, .none, 0, 0) else { return nil }
        let deadline = clock.now() + Nanoseconds.seconds(1).count
        while clock.now() < deadline {
            collect()
            if complete.remove(id) != nil { return listed.removeValue(forKey: id) ?? [] }
            try? await Task.sleep(nanoseconds: 500_000)
        }
        listed.removeValue(forKey: id)
        return nil
    }

    private func send(
        _ kind: CommandKind, _ instrument: InstrumentIndex, _ strategy: StrategyIndex,
        _ key: Int64, _ value: Int64
    ) -> UInt64? {
        let id = nextID
        nextID += 1
        let command = Command(
            kind: kind, id: id, instrument: instrument, strategy: strategy, key: key,
            value: value, time: Timestamp(nanoseconds: clock.now()))
        return producer.tryPush(command) ? id : nil
    }

    private func collect() {
        while let answer = answers.tryPop() { arrived[answer.commandID] = answer }
        // Answers that nobody waits for any more must not pile up.
        if arrived.count > 1_000 { arrived.removeAll() }
        while let line = listings.tryPop() {
            if line.isEnd {
                complete.insert(line.commandID)
            } else {
                listed[line.commandID, default: []].append(line.order)
            }
        }
    }
}

/// One open order of a listing, or its end.
@frozen
public struct OrderListing: BitwiseCopyable, Sendable {
    public var order: Order
    public var commandID: UInt64
    public var isEnd: Bool

    @inlinable
    init(order: Order, commandID: UInt64, isEnd: Bool) {
        self.order = order
        self.commandID = commandID
        self.isEnd = isEnd
    }
}
