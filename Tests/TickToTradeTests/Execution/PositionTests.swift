import MarketModel
import Testing

@testable import TickToTrade

@Suite("Position")
struct PositionTests {
    /// Prices and quantities in whole units here; the scale does not matter to the arithmetic.
    private func fill(
        _ position: inout Position, _ side: Side, _ quantity: Int64, at price: Int64, fee: Int64 = 0
    ) -> PositionChange {
        position.apply(
            side, Price(raw: price), Quantity(raw: quantity), fee: Notional(raw: Int128(fee)))
    }

    @Test func `opening averages in, closing realises against the average`() {
        // POS-01, POS-02, BUG-065
        var position = Position()
        _ = fill(&position, .buy, 10, at: 100)
        _ = fill(&position, .buy, 30, at: 120)
        #expect(position.quantity.raw == 40)
        #expect(position.averageEntry.raw == 115)
        let change = fill(&position, .sell, 10, at: 125)
        #expect(change.realised.raw == 100)
        #expect(position.quantity.raw == 30 && position.averageEntry.raw == 115)
        #expect(position.unrealised(at: Price(raw: 110)).raw == -150)  // POS-03
        #expect(position.unrealisedBasisPoints(at: Price(raw: 126)) == 956)
    }

    @Test func `a short earns when the price falls`() {
        var position = Position()
        _ = fill(&position, .sell, 10, at: 100)
        #expect(position.quantity.raw == -10 && position.averageEntry.raw == 100)
        #expect(position.unrealised(at: Price(raw: 90)).raw == 100)
        #expect(fill(&position, .buy, 10, at: 80).realised.raw == 200)
        #expect(position.quantity.raw == 0 && position.cost.raw == 0)
    }

    @Test func `realised profit accumulates over partial closes`() {
        // BUG-106
        var position = Position()
        _ = fill(&position, .buy, 3, at: 100)
        for price in [110, 120, 90] as [Int64] { _ = fill(&position, .sell, 1, at: price) }
        #expect(position.realised.raw == 20)
        #expect(position.quantity.raw == 0)
    }

    @Test func `a flip closes, opens the reverse and divides its fee`() {
        // BUG-105
        var position = Position()
        _ = fill(&position, .buy, 10, at: 100, fee: 10)
        let change = fill(&position, .sell, 40, at: 110, fee: 44)
        #expect(change.closed.raw == 10 && change.opened.raw == 30)
        #expect(change.closingFee.raw == 11 && change.openingFee.raw == 33)
        #expect(change.realised.raw == 100)
        #expect(change.realisedNet.raw == 100 - 10 - 11)
        #expect(position.quantity.raw == -30 && position.averageEntry.raw == 110)
        #expect(position.fees.raw == 54 && position.entryFees.raw == 33)
        #expect(position.realisedNet.raw == 79)
    }

    @Test func `gross and net are told apart, rebates count`() {
        // BUG-107
        var position = Position()
        _ = fill(&position, .buy, 10, at: 100, fee: 5)
        _ = fill(&position, .sell, 10, at: 101, fee: -2)
        #expect(position.realised.raw == 10)
        #expect(position.fees.raw == 3)
        #expect(position.realisedNet.raw == 7)
        #expect(position.turnover.raw == 2010)
        #expect(position.fillCount == 2)
    }

    @Test(arguments: [
        (Int64(0), Int64(1)), (-5, 1), (1, 0), (1, -1), (.max, 1), (1, .max), (.max, .max),
    ])
    func `numbers that make no sense change nothing`(_ price: Int64, _ quantity: Int64) {
        var position = Position()
        _ = fill(&position, .buy, 10, at: 100)
        let before = position
        let change = fill(&position, .sell, quantity, at: price)
        #expect(!change.isBooked && position == before)
    }

    @Test func `sums that would leave the range are refused, never trapped`() {
        var position = Position()
        let large = Int64(1) << 61
        #expect(fill(&position, .buy, large, at: large).isBooked)
        for side in [Side.buy, .sell] {
            for _ in 0..<100 { _ = fill(&position, side, large, at: large) }
        }
        #expect(position.turnover <= Position.largestMoney)
    }

    /// Average cost as a fraction without rounding.
    private struct NaivePosition {
        var quantity: Int128 = 0
        var costNumerator: Int128 = 0
        var costDenominator: Int128 = 1
        var realisedNumerator: Int128 = 0
        var realisedDenominator: Int128 = 1

        mutating func apply(_ side: Side, _ price: Int128, _ filled: Int128) {
            let signed = side == .buy ? filled : -filled
            if quantity == 0 || (quantity > 0) == (signed > 0) {
                quantity += signed
                costNumerator += price * signed * costDenominator
                return
            }
            let closing = min(filled, abs(quantity))
            let part = quantity > 0 ? closing : -closing
            // realised += price × part − cost × part / quantity
            add(price * part, 1)
            add(-costNumerator * part, costDenominator * quantity)
            costNumerator *= quantity - part
            costDenominator *= quantity
            quantity -= part
            reduce(&costNumerator, &costDenominator)
            if filled > closing { apply(side, price, filled - closing) }
        }

        private mutating func add(_ numerator: Int128, _ denominator: Int128) {
            realisedNumerator = realisedNumerator * denominator + numerator * realisedDenominator
            realisedDenominator *= denominator
            reduce(&realisedNumerator, &realisedDenominator)
        }

        private func reduce(_ numerator: inout Int128, _ denominator: inout Int128) {
            if denominator < 0 {
                numerator = -numerator
                denominator = -denominator
            }
            var (larger, smaller) = (abs(numerator), denominator)
            while smaller != 0 { (larger, smaller) = (smaller, larger % smaller) }
            if larger > 1 {
                numerator /= larger
                denominator /= larger
            }
        }
    }

    @Test func `realised profit is the exact average cost's, to a unit per fill`() {
        // POS-02: ±$0.01 asked, 1e-16 of the quote asset a fill delivered.
        var numbers = SeededNumbers(seed: 105)
        for life in 0..<20_000 {
            var position = Position()
            var naive = NaivePosition()
            for step in 0..<5 {
                let side: Side = numbers.chance(50) ? .buy : .sell
                let price = numbers.number(1...9_000)
                let quantity = numbers.number(1...300)
                _ = fill(&position, side, quantity, at: price)
                naive.apply(side, Int128(price), Int128(quantity))
                #expect(Int128(position.quantity.raw) == naive.quantity)
                let error =
                    position.realised.raw * naive.realisedDenominator - naive.realisedNumerator
                #expect(
                    abs(error) <= 6 * naive.realisedDenominator,
                    "seed \(numbers.seed), life \(life), step \(step)")
            }
        }
    }

    @Test func `no money appears or vanishes in a hundred thousand fills`() {
        var numbers = SeededNumbers(seed: 106)
        var position = Position()
        var cash: Int128 = 0
        var held: Int64 = 0
        var fees: Int128 = 0
        var realisedNet: Int128 = 0
        for step in 0..<100_000 {
            let side: Side = numbers.chance(50) ? .buy : .sell
            let price = numbers.number(1...10_000_000_000_000)
            let quantity = numbers.number(1...500_000_000)
            let fee = numbers.number(-1_000_000...9_000_000_000)
            let change = fill(&position, side, quantity, at: price, fee: fee)
            cash -= Int128(price) * Int128(quantity) * Int128(side.sign)
            held += quantity * side.sign
            fees += Int128(fee)
            realisedNet += change.realisedNet.raw
            #expect(change.isBooked && change.closed.raw + change.opened.raw == quantity)
            // Worth now = cash spent and earned + what is held, whatever the mark.
            let mark = numbers.number(1...10_000_000_000_000)
            let worth = position.realised + position.unrealised(at: Price(raw: mark))
            #expect(
                worth.raw == cash + Int128(held) * Int128(mark)
                    && position.fees.raw == fees && position.realisedNet.raw == realisedNet,
                "seed \(numbers.seed), step \(step)")
        }
        #expect(position.quantity.raw == held)
    }
}
