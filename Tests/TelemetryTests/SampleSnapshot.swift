import MarketModel
import Telemetry

/// A fixed snapshot that shows everything.
enum SampleSnapshot {
    static let time = Timestamp(nanoseconds: 1_790_000_000_123_456_789)

    static func decimal(_ text: String) -> ExactDecimal {
        guard let value = ExactDecimal(text) else { preconditionFailure("\(text) is a decimal") }
        return value
    }

    static var trading: EngineSnapshot {
        var snapshot = EngineSnapshot(
            time: time, uptime: .seconds(3723), run: "demo-1", mode: .emulated, state: .trading)
        snapshot.machine = "Xeon 2.5 GHz, 2 cores, Linux 6.18"
        snapshot.connections = connections
        snapshot.instruments = [bitcoin, ether]
        snapshot.strategies = [
            StrategyFigures(name: "maker-btc", kind: "market_maker", isRunning: true)
        ]
        snapshot.totals = totals
        snapshot.rates.orders = 12.3
        snapshot.rates.marketMessages = 2143
        snapshot.rates.fills = 0.5
        var ring = RingFigures(name: "telemetry", capacity: 4096)
        ring.depth = 3
        ring.highWater = 120
        ring.dropped = 2
        var journal = RingFigures(name: "journal", capacity: 65_536)
        journal.highWater = 88
        snapshot.rings = [journal, ring]
        snapshot.journal.directory = "journal"
        snapshot.journal.bytes = 12_345_678
        snapshot.journal.records = 98_765
        snapshot.journal.segment = 1
        snapshot.journal.syncs = 37_230
        snapshot.journal.lagBytes = 4_096
        snapshot.latencies = [
            StageFigures(stage: "parse", buckets: buckets(around: 120)),
            StageFigures(stage: "tickToOrder", buckets: buckets(around: 9_800)),
            StageFigures(stage: "orderToAck", buckets: []),
        ]
        return snapshot
    }

    static func buckets(around centre: Int64) -> [StageFigures.Bucket] {
        [(80, 100), (100, 8_000), (140, 1_800), (300, 95), (900, 4), (5_000, 1)].map {
            StageFigures.Bucket(value: centre * $0.0 / 100, count: $0.1)
        }
    }

    private static var connections: [ConnectionFigures] {
        var market = ConnectionFigures(name: "market", state: .open)
        market.lastMessageAgeNanoseconds = 1_200_000
        market.roundTripNanoseconds = 182_000
        market.messages = 7_654_321
        var orders = ConnectionFigures(name: "orders", state: .connecting)
        orders.reconnects = 2
        return [market, orders]
    }

    private static var bitcoin: InstrumentFigures {
        var figures = InstrumentFigures(symbol: "BTCUSDT")
        figures.bid = decimal("61837.62")
        figures.bidQuantity = decimal("0.12000")
        figures.ask = decimal("61837.63")
        figures.askQuantity = decimal("1.50000")
        figures.last = decimal("61837.62")
        figures.isBookValid = true
        figures.position = decimal("0.01000")
        figures.averageEntry = decimal("61800.00")
        figures.unrealised = decimal("0.3762")
        figures.realised = decimal("-1.2345")
        figures.fees = decimal("0.618")
        figures.openOrders = 2
        return figures
    }

    private static var ether: InstrumentFigures {
        var figures = InstrumentFigures(symbol: "ETHUSDT")
        figures.resyncs = 1
        return figures
    }

    private static var totals: TotalFigures {
        var totals = TotalFigures()
        totals.asset = "USDT"
        totals.equity = decimal("999998.5237")
        totals.pnlGross = decimal("-0.8583")
        totals.pnlNet = decimal("-1.4763")
        totals.fees = decimal("0.618")
        totals.ordersSent = 45_678
        totals.cancelsSent = 45_000
        totals.fills = 123
        totals.rejected = [ReasonCount(reason: "-2010 would match", count: 7)]
        totals.denied = [
            ReasonCount(reason: "price_band", count: 1), ReasonCount(reason: "rate", count: 30),
        ]
        totals.unknown = 1
        totals.halts = 1
        totals.feesByAsset = [
            AssetFees(
                asset: "BNB", paid: ExactDecimal(raw: 25_000, scale: 8),
                unvalued: ExactDecimal(raw: 5_000, scale: 8))
        ]
        return totals
    }
}
