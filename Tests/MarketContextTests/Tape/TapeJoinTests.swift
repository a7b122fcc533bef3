import MarketContext
import MarketModel
import Testing

/// History and stream become one tape, whatever the seam. BUG-165.
@Suite struct TapeJoinTests {
    /// Joins a history that ends before `end` with a stream that begins at `start`; the order in
    /// which the two arrive is the seed's.
    private func joined(
        _ tape: [Trade], history end: Int, live start: Int, seed: UInt64,
        idsAreConsecutive: Bool = true
    ) throws -> [Trade] {
        var numbers = SplitMix(seed: seed)
        var join = try TapeJoin(capacity: tape.count, idsAreConsecutive: idsAreConsecutive)
        var result: [Trade] = []
        var (old, new) = (0, start)
        while old < end || new < tape.count {
            let isHistory = new == tape.count || (old < end && Bool.random(using: &numbers))
            if isHistory {
                _ = join.addHistory(tape[old])
                old += 1
            } else {
                join.addLive(tape[new])
                new += 1
            }
            while let next = join.take() {
                #expect(!next.isAfterHole)
                result.append(next.trade)
            }
        }
        let isJoined = join.isJoined
        #expect(isJoined)
        let missing = join.missing
        #expect(missing == nil)
        return result
    }

    @Test func `every seam of a short tape gives each trade once and in order`() throws {
        let tape = Tape.random(40, seed: 3)
        for start in 1..<tape.count {
            for overlap in [0, 1, 2, 7, 40] where start + overlap <= tape.count {
                for seed in 1...3 as ClosedRange<UInt64> {
                    let result = try joined(
                        tape, history: start + overlap, live: start, seed: seed)
                    #expect(result == tape, "seam \(start), overlap \(overlap), seed \(seed)")
                    if overlap == 0 { continue }
                    let loose = try joined(
                        tape, history: start + overlap, live: start, seed: seed,
                        idsAreConsecutive: false)
                    #expect(loose == tape, "seam \(start), overlap \(overlap), seed \(seed)")
                }
            }
        }
    }

    private func words(_ trades: [Trade]) throws -> [String] {
        var context = try ContextRig.context()
        var words: [String] = []
        for trade in trades {
            _ = context.update(trade)
            while let event = context.takeEvent() { words.append("\(event)") }
        }
        return words + ContextRig.words(context)
    }

    @Test func `context over every seam equals context of the whole tape`() throws {
        let tape = Tape.random(60, seed: 8)
        let whole = try words(tape)
        for start in 1..<tape.count {
            let overlap = min(start % 4, tape.count - start)
            let result = try joined(
                tape, history: start + overlap, live: start, seed: UInt64(start))
            #expect(try words(result) == whole, "seam \(start)")
        }
    }

    @Test func `context over seams of a recorded tape equals context of the whole`() throws {
        guard let tape = try Tape.recorded(Tape.spot) else { return }
        var settings = ContextRig.settings(binTicks: 1_000_000_000)
        settings.footprintBins = 64
        func words(_ trades: [Trade]) throws -> [String] {
            var context = try ContextRig.context(settings)
            for trade in trades { _ = context.update(trade) }
            return ContextRig.words(context)
        }
        let whole = try words(tape)
        var numbers = SplitMix(seed: 2)
        for seed in 1...6 as ClosedRange<UInt64> {
            let start = Int.random(in: 1..<tape.count, using: &numbers)
            let end = Int.random(in: start...min(start + 500, tape.count), using: &numbers)
            let result = try joined(tape, history: end, live: start, seed: seed)
            #expect(try words(result) == whole, "seam \(start)...\(end)")
        }
    }

    @Test func `what is missing between the two is asked for`() throws {
        let tape = Tape.random(30, seed: 4)
        var join = try TapeJoin(capacity: 8)
        let nothing = join.missing
        #expect(nothing == nil)
        join.addLive(tape[20])
        let all = join.missing
        #expect(all?.after == TradeID.none && all?.through == tape[19].id)
        for trade in tape[..<10] {
            _ = join.addHistory(trade)
            let next = join.take()
            #expect(next?.trade == trade)
        }
        let rest = join.missing
        #expect(rest?.after == tape[9].id && rest?.through == tape[19].id)
        let early = join.take()
        #expect(early == nil)
        let again = join.addHistory(tape[4])
        #expect(!again)
    }

    @Test func `live trades that cannot wait are left to history`() throws {
        let tape = Tape.random(40, seed: 5)
        var join = try TapeJoin(capacity: 4)
        for trade in tape[10..<30] { join.addLive(trade) }
        #expect(join.displacedCount == 16)
        let missing = join.missing
        #expect(missing?.through == tape[25].id)
        var result: [Trade] = []
        for trade in tape[..<28] where join.addHistory(trade) {
            while let next = join.take() { result.append(next.trade) }
        }
        #expect(result == Array(tape[..<30]))
    }

    @Test func `a gap in the stream is refilled where that is asked for`() throws {
        let tape = Tape.random(40, seed: 9)
        var join = try TapeJoin(capacity: 16, refillsHoles: true)
        var result: [Trade] = []
        func take(_ join: inout TapeJoin) {
            while let next = join.take() {
                #expect(!next.isAfterHole)
                result.append(next.trade)
            }
        }
        _ = join.addHistory(tape[0])
        take(&join)
        for trade in tape[1..<10] + tape[20..<25] {
            join.addLive(trade)
            take(&join)
        }
        let missing = join.missing
        #expect(missing?.after == tape[9].id && missing?.through == tape[19].id)
        for trade in tape[5..<22] where join.addHistory(trade) { take(&join) }
        for trade in tape[25...] {
            join.addLive(trade)
            take(&join)
        }
        #expect(result == tape)
    }

    // BUG-044: what has no number cannot be told from another, and is in no joined tape.
    @Test func `a trade without a number is left out`() throws {
        var trade = Tape.random(1, seed: 10)[0]
        trade.id = .none
        var join = try TapeJoin(capacity: 4)
        let isHistory = join.addHistory(trade)
        #expect(!isHistory)
        join.addLive(trade)
        #expect(join.knownCount == 2)
        let next = join.take()
        #expect(next == nil)
    }

    @Test func `without history the hole is marked where it is`() throws {
        let tape = Tape.random(30, seed: 6)
        var join = try TapeJoin()
        for trade in tape[..<10] {
            _ = join.addHistory(trade)
            _ = join.take()
        }
        for trade in tape[20...] { join.addLive(trade) }
        let waits = join.take()
        #expect(waits == nil)
        join.giveUp()
        var holes: [Trade] = []
        var rest: [Trade] = []
        while let next = join.take() {
            rest.append(next.trade)
            if next.isAfterHole { holes.append(next.trade) }
        }
        #expect(rest == Array(tape[20...]))
        #expect(holes == [tape[20]])
    }
}
