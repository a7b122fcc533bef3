import Foundation
import MarketContext
import MarketModel
import Testing

/// Trades to test with: recorded ones beside the checkout, and random ones from a seed.
struct Tape {
    static let spot = "binance_spot_btcusdt_202408"
    static let all = [spot, "binance_usdm_btcusdt_202407", "binance_usdm_btcusdt_202408"]
    static let instrument = InstrumentIndex(4)
    static let scale = 8

    /// A recorded tape with prices and quantities in 1e-8, without trades that are not of the
    /// book; `nil`, with a message, if it is absent.
    static func recorded(_ series: String) throws -> [Trade]? {
        guard let rows = try SharedData.rows("data/trades/\(series).csv.gz") else { return nil }
        return try rows.filter { $0[7].isEmpty || $0[7] == "MARKET" }.map { row in
            Trade(
                instrument: instrument, id: TradeID(try #require(Int64(row[0]))),
                price: Price(raw: try parseDecimal(row[4], scale: scale)),
                quantity: Quantity(raw: try parseDecimal(row[5], scale: scale)),
                // BUG-001: the buyer was the maker, so the taker sold.
                aggressor: row[6] == "1" ? .sell : .buy,
                venueTime: Timestamp(milliseconds: try #require(Int64(row[1]))),
                receiveTime: .unknown)
        }
    }

    /// Trades in the order of their times, which `jitter` disturbs, in milliseconds; now and then
    /// a pause of hours.
    static func random(
        _ count: Int, seed: UInt64, from start: Int64 = 1_723_161_255_342, jitter: Int64 = 0
    ) -> [Trade] {
        var numbers = SplitMix(seed: seed)
        var time = start
        var price: Int64 = 50_000
        return (0..<Int64(count)).map { number in
            time += numbers.next() % 50 == 0
                ? Int64.random(in: 0...20_000_000, using: &numbers)
                : Int64.random(in: 0...3_000, using: &numbers)
            let reach: Int64 = numbers.next() % 40 == 0 ? 300 : 12
            price = max(1_000, price + Int64.random(in: -reach...reach, using: &numbers))
            let early = jitter > 0 ? Int64.random(in: 0...jitter, using: &numbers) : 0
            return Trade(
                instrument: instrument, id: TradeID(1_000 + number), price: Price(raw: price),
                quantity: Quantity(raw: Int64.random(in: 1...500, using: &numbers)),
                aggressor: Bool.random(using: &numbers) ? .buy : .sell,
                venueTime: Timestamp(milliseconds: time - early),
                receiveTime: Timestamp(milliseconds: time + 5),
                count: UInt32.random(in: 1...3, using: &numbers))
        }
    }

    /// A decimal text as a number of `scale` digits after the point, however large.
    static func wide(_ text: String, scale: Int) throws -> Int128 {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        let fraction = parts.count > 1 ? parts[1] : ""
        let digits = parts[0] + fraction.padding(toLength: scale, withPad: "0", startingAt: 0)
        return try #require(Int128(digits))
    }
}

/// SplitMix64: the same numbers for the same seed, everywhere.
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
