import MarketModel
import Testing

@testable import TickToTrade

@Suite("Ledger")
struct LedgerTests {
    private static let day: Int64 = 86_400_000_000_000

    private static func instrument(
        _ index: UInt16, priceScale: UInt8 = 8, quantityScale: UInt8 = 8
    ) -> Instrument {
        Instrument(
            symbol: ShortName("COIN\(index)USDT")!, base: ShortName("COIN\(index)")!,
            quote: ShortName("USDT")!, index: InstrumentIndex(index),
            baseAsset: AssetIndex(index + 1), quoteAsset: AssetIndex(0), priceScale: priceScale,
            quantityScale: quantityScale)
    }

    private static func fill(
        _ instrument: UInt16, _ side: Side, _ quantity: Int64, at price: Int64, fee: Int64 = 0,
        of strategy: UInt16 = 0, isFeeUnvalued: Bool = false
    ) -> Fill {
        Fill(
            clientOrderID: .none, tradeID: .none, instrument: InstrumentIndex(instrument),
            strategy: StrategyIndex(strategy), side: side, price: Price(raw: price),
            quantity: Quantity(raw: quantity), fee: Notional(raw: Int128(fee)),
            isFeeUnvalued: isFeeUnvalued, isMaker: true, time: .unknown)
    }

    private static func balance(
        _ asset: UInt16, _ free: Int64, _ locked: Int64 = 0, at time: Int64 = 0
    ) -> Balance {
        Balance(
            asset: AssetIndex(asset), free: free, locked: locked,
            venueTime: Timestamp(nanoseconds: time), receiveTime: .unknown)
    }

    private static func time(_ days: Int64, _ rest: Int64 = 0) -> Timestamp {
        Timestamp(nanoseconds: days * day + rest)
    }

    // An answer that was asked for before a trade may come after the trade's own event.
    @Test func `a balance that is older than the last word changes nothing`() {
        var ledger = Ledger(instruments: 1, strategies: 1, assets: 2)
        let taken = [
            ledger.apply(Self.balance(1, 10, at: 5_000)),
            ledger.apply(Self.balance(1, 12, at: 4_999)),
            ledger.apply(Self.balance(0, 7, at: 1_000)),
            ledger.apply(Self.balance(1, 11, at: 5_000)),
        ]
        #expect(taken == [true, false, true, true], "each asset has its own order")
        let held = [ledger.balance(AssetIndex(0)), ledger.balance(AssetIndex(1))]
        #expect(held == [7, 11])
        ledger.forgetOrderOfBalances()
        let back = ledger.apply(Self.balance(1, 9, at: 10))
        #expect(back && ledger.balance(AssetIndex(1)) == 9, "a new session's clock counts anew")
    }

    // Found by the simulator: two trades of one instant, and the word between them came last.
    @Test func `of two words of one instant the trades tell the newer`() {
        var ledger = Ledger(instruments: 1, strategies: 1, assets: 2)
        var coin = Self.instrument(0)
        ledger.describe(coin)
        ledger.apply(Self.balance(1, 100, at: 5_000))
        func trade(_ side: Side, _ quantity: Int64) -> Int64? {
            ledger.apply(
                Self.fill(0, side, quantity, at: 100), &coin, at: Timestamp(nanoseconds: 6_000))
            return ledger.balance(AssetIndex(1))
        }
        func told(_ amount: Int64, at time: Int64 = 6_000) -> Int64? {
            ledger.apply(Self.balance(1, amount, at: time))
            return ledger.balance(AssetIndex(1))
        }
        // As they should come: each trade, and its word.
        #expect(trade(.buy, 10) == 110 && told(110) == 110)
        #expect(trade(.sell, 3) == 110 && told(107) == 107)
        // The word between the two comes again, last of all.
        #expect(told(110) == 107)
        // A word is told before its trade is, which does not move it again.
        #expect(told(112) == 112 && trade(.buy, 5) == 112)
        // Somebody else has moved it in the same instant: the last word counts.
        #expect(told(150) == 150 && told(140) == 140)
        #expect(ledger.toldBalance(1).total == 140)
        // Back where it was between two trades, by a third.
        #expect(trade(.sell, 30) == 140 && told(110) == 110)
        // At a later instant too; what it was between trades of long ago says nothing.
        #expect(told(90, at: 6_001) == 90 && told(107, at: 6_001) == 107)
        #expect(told(112) == 107)
    }

    // Found by the simulator: both words of one instant before the trade between them, the newer first.
    @Test func `a trade that is heard of after two words of its instant tells the newer`() {
        var ledger = Ledger(instruments: 1, strategies: 1, assets: 2)
        var coin = Self.instrument(0)
        ledger.describe(coin)
        func trade(_ side: Side, _ quantity: Int64, at time: Int64) -> Int64? {
            ledger.apply(
                Self.fill(0, side, quantity, at: 100), &coin, at: Timestamp(nanoseconds: time))
            return ledger.balance(AssetIndex(1))
        }
        func told(_ amount: Int64, at time: Int64) -> Int64? {
            ledger.apply(Self.balance(1, amount, at: time))
            return ledger.balance(AssetIndex(1))
        }
        #expect(told(110, at: 5_000) == 110 && told(100, at: 5_000) == 100, "not known yet")
        #expect(trade(.buy, 10, at: 5_000) == 110)
        #expect(ledger.toldBalance(1).total == 110)
        // In their order: the trade leads to neither.
        #expect(told(120, at: 6_000) == 120 && told(90, at: 6_000) == 90)
        #expect(trade(.sell, 30, at: 6_000) == 90)
        // Two trades between them, heard of one after the other.
        #expect(told(95, at: 7_000) == 95 && told(88, at: 7_000) == 88)
        #expect(trade(.buy, 4, at: 7_000) == 88 && trade(.buy, 3, at: 7_000) == 95)
        // A word of another instant was replaced by time, not by chance.
        #expect(told(107, at: 8_000) == 107 && told(100, at: 9_000) == 100)
        #expect(trade(.buy, 7, at: 8_500) == 100)
    }

    // Found by the simulator (stormy, seed 79): words and trades of one instant come in any order, each over
    // a connection of its own.
    @Test func `words and trades of one instant lead to the same balance in any order`() {
        for seed in UInt64(1)...2_000 {
            var random = SeededNumbers(seed: seed)
            var ledger = Ledger(instruments: 1, strategies: 1, assets: 2)
            var coin = Self.instrument(0)
            ledger.describe(coin)
            var balance: Int64 = 1_000_000
            ledger.apply(Self.balance(1, balance, at: 5_000))
            var heard: [(trade: Int64, word: Int64)] = []
            for instant in Int64(6)...8 {
                for _ in 0...random.next() % 3 {
                    let amount = Int64(random.next() % 2_000) - 1_000
                    if amount == 0 { continue }
                    balance += amount
                    heard += [(amount, -1), (0, balance)]
                }
                heard.shuffle(using: &random)
                for (amount, word) in heard {
                    if word >= 0 {
                        ledger.apply(Self.balance(1, word, at: instant * 1_000))
                    } else {
                        ledger.apply(
                            Self.fill(0, amount > 0 ? .buy : .sell, abs(amount), at: 100), &coin,
                            at: Timestamp(nanoseconds: instant * 1_000))
                    }
                }
                #expect(ledger.balance(AssetIndex(1)) == balance, "seed \(seed), instant \(instant)")
                heard = []
            }
        }
    }

    // The account is read anew after a lost connection, then the trades that nobody told are asked for.
    @Test func `a trade that a balance has already does not move it again`() {
        var ledger = Ledger(instruments: 1, strategies: 1, assets: 2)
        var coin = Self.instrument(0)
        ledger.describe(coin)
        ledger.apply(Self.balance(1, 100, at: 5_000))
        func bought(_ time: Int64) -> Int64? {
            ledger.apply(
                Self.fill(0, .buy, 10, at: 100), &coin, at: Timestamp(nanoseconds: time))
            return ledger.balance(AssetIndex(1))
        }
        #expect(bought(4_000) == 100 && bought(5_000) == 100, "it is in there")
        #expect(bought(5_001) == 110)
        #expect(ledger.position(InstrumentIndex(0)).pointee.quantity.raw == 30)
    }

    @Test func `a day's loss counts realised, unrealised and fees, and ends with the UTC day`() {
        // RSK-08
        var ledger = Ledger(instruments: 1, strategies: 1, assets: 2)
        var coin = Self.instrument(0)
        ledger.describe(coin)
        let days = [
            ledger.roll(to: Self.time(20_000)), ledger.roll(to: Self.time(20_000, Self.day - 1)),
        ]
        #expect(days == [true, false])
        ledger.apply(Self.fill(0, .buy, 10, at: 100, fee: 3), &coin)
        ledger.apply(Self.fill(0, .sell, 4, at: 90, fee: 2), &coin)
        ledger.mark(InstrumentIndex(0), at: Price(raw: 95))
        #expect(ledger.dayProfit().raw == -40 - 30 - 5)
        #expect(ledger.dayProfit(of: 0).raw == -75)
        let next = ledger.roll(to: Self.time(20_001))
        #expect(next && ledger.dayProfit().raw == 0 && ledger.profit().raw == -75)
        // A clock that steps back gives nothing back.
        ledger.mark(InstrumentIndex(0), at: Price(raw: 94))
        let back = ledger.roll(to: Self.time(20_000))
        #expect(!back && ledger.dayProfit().raw == -6)
    }

    @Test func `balances follow fills until the venue speaks`() {
        var ledger = Ledger(instruments: 1, strategies: 1, assets: 2)
        var coin = Self.instrument(0)
        ledger.describe(coin)
        #expect(ledger.balance(AssetIndex(0)) == nil && ledger.equity() == .zero)
        ledger.apply(Self.balance(0, 1_000_00000000, 5_00000000))
        ledger.apply(Self.balance(1, 2_00000000))
        ledger.apply(Self.fill(0, .buy, 1_00000000, at: 100_00000000), &coin)
        #expect(ledger.balance(AssetIndex(0)) == 905_00000000)
        #expect(ledger.balance(AssetIndex(1)) == 3_00000000)
        // Equity: 905 and three coins at 100.
        #expect(ledger.equity() == coin.notional(quoteUnits: 1_205))
        ledger.mark(InstrumentIndex(0), at: Price(raw: 110_00000000))
        #expect(ledger.equity() == coin.notional(quoteUnits: 1_235))
        ledger.apply(Self.balance(0, 7))
        #expect(ledger.balance(AssetIndex(0)) == 7)
        ledger.apply(Self.balance(0, -7, -1))
        #expect(ledger.balance(AssetIndex(0)) == 0)
        ledger.apply(Self.balance(0, .max, .max))
        #expect(ledger.balance(AssetIndex(0)) == .max)
    }

    @Test(arguments: [(UInt8(4), UInt8(6)), (6, 10), (8, 8), (2, 8)])
    func `other scales than eight move the same money`(_ price: UInt8, _ quantity: UInt8) {
        var ledger = Ledger(instruments: 1, strategies: 1, assets: 2)
        var coin = Self.instrument(0, priceScale: price, quantityScale: quantity)
        ledger.describe(coin)
        ledger.apply(Self.balance(0, 1_000_00000000))
        ledger.apply(Self.balance(1, 0))
        let two = 2 * DecimalScale.power(Int(quantity))
        ledger.apply(
            Self.fill(0, .buy, two, at: 150 * DecimalScale.power(Int(price))), &coin)
        #expect(ledger.balance(AssetIndex(0)) == 700_00000000)
        #expect(ledger.balance(AssetIndex(1)) == 2_00000000)
        #expect(ledger.equity() == coin.notional(quoteUnits: 1_000))
    }

    @Test func `nonsense from outside is refused and counted, never booked or trapped`() {
        var ledger = Ledger(instruments: 1, strategies: 1, assets: 2)
        var coin = Self.instrument(0)
        let fills = [
            Self.fill(0, .buy, -1, at: 100), Self.fill(0, .buy, 1, at: 0),
            Self.fill(9, .buy, 1, at: 100), Self.fill(0, .sell, .max, at: .max),
        ]
        for fill in fills { ledger.apply(fill, &coin) }
        #expect(ledger.refusedFills == 4)
        #expect(ledger.position(InstrumentIndex(0)).pointee == Position())
        #expect(ledger.position(of: StrategyIndex(0), in: InstrumentIndex(9)) == nil)
        ledger.apply(Self.fill(0, .buy, 1 << 61, at: 1 << 61), &coin)
        ledger.mark(InstrumentIndex(0), at: Price(raw: .max))
        ledger.mark(InstrumentIndex(0), at: Price(raw: -1))
        ledger.mark(InstrumentIndex(7), at: Price(raw: 1))
        #expect(ledger.mark(InstrumentIndex(0)).raw == 1 << 61)
        #expect(ledger.grossExposure().raw == 1 << 118)
    }

    @Test func `fees in assets without a rate are counted and flagged`() {
        var ledger = Ledger(instruments: 1, strategies: 1, assets: 2)
        var coin = Self.instrument(0)
        ledger.apply(Self.fill(0, .buy, 1, at: 5, isFeeUnvalued: true), &coin)
        ledger.apply(Self.fill(0, .buy, 1, at: 5, fee: 1), &coin)
        #expect(ledger.unvaluedFees == 1)
        #expect(ledger.position(InstrumentIndex(0)).pointee.fees.raw == 1)
    }

    @Test func `kept sums equal sums from scratch in a hundred thousand changes`() {
        var numbers = SeededNumbers(seed: 158)
        let instruments = 5
        let strategies = 3
        var ledger = Ledger(instruments: instruments, strategies: strategies, assets: 6)
        var coins = (0..<instruments).map { Self.instrument(UInt16($0)) }
        for coin in coins { ledger.describe(coin) }
        var cash = [Int128](repeating: 0, count: strategies + 1)
        var held = [[Int64]](
            repeating: [Int64](repeating: 0, count: instruments), count: strategies + 1)
        var marks = [Int64](repeating: 0, count: instruments)
        for step in 0..<100_000 {
            let slot = Int(numbers.number(0...Int64(instruments - 1)))
            let price = numbers.number(1...90_000)
            if numbers.chance(60) {
                ledger.mark(InstrumentIndex(UInt16(slot)), at: Price(raw: price))
                marks[slot] = price
            } else {
                // The last owner stands for an operator: no strategy's position moves.
                let owner = Int(numbers.number(0...Int64(strategies)))
                let side: Side = numbers.chance(50) ? .buy : .sell
                let quantity = numbers.number(1...1_000)
                let fee = numbers.number(-10...100)
                ledger.apply(
                    Self.fill(
                        UInt16(slot), side, quantity, at: price, fee: fee,
                        of: owner == strategies ? .max : UInt16(owner)),
                    &coins[slot])
                if marks[slot] == 0 { marks[slot] = price }
                let money = Int128(price * quantity * side.sign + fee)
                cash[owner] -= money
                held[owner][slot] += quantity * side.sign
                if owner != strategies {
                    cash[strategies] -= money
                    held[strategies][slot] += quantity * side.sign
                }
            }
            // The profit of all is asked for alone at every tick.
            if numbers.chance(20) {
                let worth = zip(held[strategies], marks).reduce(cash[strategies]) {
                    $0 + Int128($1.0 * $1.1)
                }
                #expect(ledger.profit().raw == worth, "seed \(numbers.seed), step \(step)")
            }
            // Several changes between two questions, as in a run.
            if !numbers.chance(30) { continue }
            for owner in 0...strategies {
                let worth = zip(held[owner], marks).reduce(cash[owner]) { $0 + Int128($1.0 * $1.1) }
                let exposure = zip(held[owner], marks).reduce(0) { $0 + Int128(abs($1.0) * $1.1) }
                let profit = owner == strategies ? ledger.profit() : ledger.profit(of: owner)
                let gross =
                    owner == strategies ? ledger.grossExposure() : ledger.grossExposure(of: owner)
                #expect(
                    profit.raw == worth && gross.raw == exposure,
                    "seed \(numbers.seed), step \(step), owner \(owner)")
            }
            let open = held[strategies].filter { $0 != 0 }.count
            #expect(ledger.openPositions == open)
        }
    }
}
