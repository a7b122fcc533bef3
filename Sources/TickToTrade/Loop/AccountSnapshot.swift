import MarketModel

/// The account as a run has booked it: positions, the day's start, open orders, last trade ids.
///
/// Journaled from time to time and at the start of the next run, so that a recovery reads a few
/// records instead of a day. On disk: ``AccountSnapshotHeader``, then the entries of each kind one
/// after the other, as Swift lays them out (little-endian; sizes are pinned by a test).
public struct AccountSnapshot: Sendable, Equatable {
    /// One position: of a strategy in an instrument, or the net one.
    public struct PositionEntry: BitwiseCopyable, Sendable, Equatable {
        public var position: Position
        /// What it was last valued at; zero: never.
        public var mark: Price
        public var instrument: InstrumentIndex
        /// `none`: the net position of the instrument.
        public var strategy: StrategyIndex

        @_noLocks
        public init(
            _ position: Position, mark: Price, instrument: InstrumentIndex, strategy: StrategyIndex
        ) {
            self.position = position
            self.mark = mark
            self.instrument = instrument
            self.strategy = strategy
        }
    }

    public var time = Timestamp.unknown
    /// UTC day that ``dayStart`` belongs to.
    public var day = Int64.min
    public var dayStart = Notional.zero
    public var strategyDayStarts: [Notional] = []
    public var positions: [PositionEntry] = []
    /// Highest trade id of our own by instrument, -1 where there was none.
    public var lastTradeIDs: [Int64] = []
    /// What the venue last said, by asset.
    public var balances: [ToldBalance] = []
    public var openOrders: [Order] = []

    public init() {}

    /// Reads what ``TradingState/writeSnapshot(into:now:)`` or ``bytes`` has written; `nil` when the
    /// bytes are of another version or too few.
    public init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count >= MemoryLayout<AccountSnapshotHeader>.size else { return nil }
        let header = bytes.loadUnaligned(as: AccountSnapshotHeader.self)
        guard header.version == AccountSnapshotHeader.current, header.byteCount <= bytes.count
        else { return nil }
        time = header.time
        day = header.day
        dayStart = header.dayStart
        var offset = MemoryLayout<AccountSnapshotHeader>.stride
        func entries<Entry: BitwiseCopyable>(_ count: UInt32, of type: Entry.Type) -> [Entry] {
            (0..<Int(count)).map { _ in
                defer { offset += MemoryLayout<Entry>.stride }
                return bytes.loadUnaligned(fromByteOffset: offset, as: type)
            }
        }
        strategyDayStarts = entries(header.strategyCount, of: Notional.self)
        positions = entries(header.positionCount, of: PositionEntry.self)
        lastTradeIDs = entries(header.instrumentCount, of: Int64.self)
        balances = entries(header.assetCount, of: ToldBalance.self)
        openOrders = entries(header.orderCount, of: Order.self)
    }

    /// The snapshot as it is journaled.
    public var bytes: [UInt8] {
        let header = AccountSnapshotHeader(
            time: time, day: day, dayStart: dayStart,
            strategyCount: UInt32(strategyDayStarts.count),
            positionCount: UInt32(positions.count), instrumentCount: UInt32(lastTradeIDs.count),
            assetCount: UInt32(balances.count), orderCount: UInt32(openOrders.count))
        var bytes = [UInt8](repeating: 0, count: header.byteCount)
        bytes.withUnsafeMutableBytes { buffer in
            buffer.storeBytes(of: header, as: AccountSnapshotHeader.self)
            var offset = MemoryLayout<AccountSnapshotHeader>.stride
            func put<Entry: BitwiseCopyable>(_ entries: [Entry]) {
                for entry in entries {
                    buffer.storeBytes(of: entry, toByteOffset: offset, as: Entry.self)
                    offset += MemoryLayout<Entry>.stride
                }
            }
            put(strategyDayStarts)
            put(positions)
            put(lastTradeIDs)
            put(balances)
            put(openOrders)
        }
        return bytes
    }
}

/// What a journaled snapshot begins with.
struct AccountSnapshotHeader: BitwiseCopyable {
    static var current: UInt32 { @_noLocks get { 2 } }

    var dayStart: Notional
    var time: Timestamp
    var day: Int64
    var version = Self.current
    var strategyCount: UInt32
    var positionCount: UInt32
    var instrumentCount: UInt32
    var assetCount: UInt32
    var orderCount: UInt32

    @_noLocks
    init(
        time: Timestamp, day: Int64, dayStart: Notional, strategyCount: UInt32,
        positionCount: UInt32, instrumentCount: UInt32, assetCount: UInt32, orderCount: UInt32
    ) {
        self.time = time
        self.day = day
        self.dayStart = dayStart
        self.strategyCount = strategyCount
        self.positionCount = positionCount
        self.instrumentCount = instrumentCount
        self.assetCount = assetCount
        self.orderCount = orderCount
    }

    /// Of the whole snapshot.
    var byteCount: Int {
        MemoryLayout<Self>.stride
            + Int(strategyCount) * MemoryLayout<Notional>.stride
            + Int(positionCount) * MemoryLayout<AccountSnapshot.PositionEntry>.stride
            + Int(instrumentCount) * MemoryLayout<Int64>.stride
            + Int(assetCount) * MemoryLayout<ToldBalance>.stride
            + Int(orderCount) * MemoryLayout<Order>.stride
    }
}
