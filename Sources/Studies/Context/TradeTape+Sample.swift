import MarketModel

extension TradeTape {
    /// Trades of a market that does not exist, over so many days from 2026-01-05 (a Monday) on: the
    /// same for the same seed, everywhere.
    ///
    /// Busy when London and New York are awake, drawn back to a price that wanders, now and then in a
    /// hurry. `days` 1...30; about six thousand trades each.
    public static func generated(seed: UInt64, days: Int) -> TradeTape {
        var tape = TradeTape(origin: "sample \(seed)")
        let start = Timestamp(milliseconds: 1_767_571_200_000)
        tape.completeSince = start
        var market = GeneratedTrades(seed: seed)
        let end = start + Nanoseconds(Nanoseconds.day.count * Int64(days))
        var time = start
        var id: Int64 = 1
        while true {
            time = time + .milliseconds(market.pause(at: time))
            if time >= end { return tape }
            tape.trades.append(market.trade(id, at: time))
            id += 1
        }
    }

    /// As a file with a heading, line by line.
    public var lines: [String] {
        let unit = DecimalScale.power(Self.scale)
        func decimal(_ raw: Int64) -> String {
            let fraction = "\(raw % unit)"
            return "\(raw / unit)." + String(repeating: "0", count: Self.scale - fraction.count)
                + fraction
        }
        return ["id,time,price,quantity,is_buyer_maker"]
            + trades.map { trade in
                "\(trade.id.raw),\(trade.venueTime.milliseconds),\(decimal(trade.price.raw)),"
                    + "\(decimal(trade.quantity.raw)),\(trade.aggressor == .sell ? 1 : 0)"
            }
    }
}

/// The walk behind ``TradeTape/generated(seed:days:)``, in half units of the quote asset.
private struct GeneratedTrades {
    private var random: UInt64
    private var price = 124_000
    private var anchor = 124_000
    private var lean = 0
    private var hurry = 0

    init(seed: UInt64) { random = seed }

    /// Milliseconds to the next trade.
    mutating func pause(at time: Timestamp) -> Int64 {
        let hour = (time.nanoseconds / 3_600_000_000_000) % 24
        let mean = hour < 7 ? 24_000 : hour < 13 ? 13_000 : hour < 17 ? 7_000 : hour < 21 ? 14_000 : 26_000
        return Int64(1 + below(2 * (hurry > 0 ? mean / 4 : mean)))
    }

    mutating func trade(_ id: Int64, at time: Timestamp) -> Trade {
        if hurry > 0 { hurry -= 1 } else { lean = 0 }
        if hurry == 0, below(500) == 0 {
            hurry = 40 + below(110)
            lean = below(2) == 0 ? 1 : -1
        }
        if below(10) == 0 { anchor += (below(95) - 47) + lean * 9 }
        let pull = (anchor - price) / 50
        let step = pull + lean * below(3) + below(37) - 18
        price = max(20_000, price + step)
        let isBought = step == 0 ? below(2) == 0 : (step > 0) == (below(5) > 0)
        let size = 1 + below(20) * (below(30) == 0 ? 12 : 1) + (hurry > 0 ? below(30) : 0)
        return Trade(
            instrument: InstrumentIndex(0), id: TradeID(id),
            price: Price(raw: Int64(price) * 50_000_000),
            quantity: Quantity(raw: Int64(size) * 500_000), aggressor: isBought ? .buy : .sell,
            venueTime: time, receiveTime: .unknown)
    }

    /// SplitMix64.
    private mutating func below(_ bound: Int) -> Int {
        random &+= 0x9E37_79B9_7F4A_7C15
        var z = random
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((z ^ (z >> 31)) % UInt64(bound))
    }
}
