import Foundation
import MarketContext
import MarketModel
import Testing

/// Contexts survive a restart: saved and read back at any trade, they go on as if nothing had been.
@Suite("Saved contexts")
struct ContextCodingTests {
    private static let seed: UInt64 = 71
    private static let tape = Tape.random(160, seed: seed, jitter: 2_000)

    private static func settings(calendar: SessionCalendar = .standard) -> ContextSettings {
        var settings = ContextRig.settings()
        settings.calendar = calendar
        settings.profileBins = 64
        settings.footprintBins = 32
        settings.footprintBars = 3
        return settings
    }

    private func fresh(_ settings: ContextSettings = settings()) throws -> InstrumentContext {
        let table = settings.calendar == .none ? SessionTable() : try ContextRig.table()
        return try InstrumentContext(
            settings, sessions: table, instrument: ContextRig.instrument)
    }

    private func reread<State: Codable>(_ state: State) throws -> State {
        try JSONDecoder().decode(State.self, from: JSONEncoder().encode(state))
    }

    /// Everything said over the tape, with the events taken now and then; read back before trade
    /// number `seam`, `nil`: never.
    private func words(seam: Int?) throws -> [String] {
        var context = try fresh()
        context.assumeComplete(since: Timestamp(milliseconds: 1_723_161_600_000))
        var words: [String] = []
        for (number, trade) in Self.tape.enumerated() {
            if number == seam {
                let state = try reread(context.state)
                context = try fresh()
                try context.restore(state)
                #expect(
                    try JSONEncoder().encode(context.state).count
                        == JSONEncoder().encode(state).count)
            }
            if number == 50 { context.beginCatchingUp() }
            if number == 60 { context.finishCatchingUp() }
            if number == 90 { context.advance(to: trade.venueTime + .seconds(1)) }
            words.append("\(context.update(trade))")
            if number % 7 == 0 {
                while let event = context.takeEvent() { words.append("\(event)") }
            }
            if number % 20 == 19 { words += ContextRig.words(context) }
        }
        words.append("\(context.knownCount) \(context.holeCount) \(context.lostEventCount)")
        return words
    }

    @Test func `a context goes on, wherever it was saved`() throws {
        let whole = try words(seam: nil)
        for seam in Self.tape.indices {
            let result = try words(seam: seam)
            #expect(result == whole, "seed \(Self.seed), seam \(seam)")
        }
    }

    @Test func `a joined tape goes on, wherever it was saved`() throws {
        func joined(seam: Int?) throws -> [String] {
            var join = try TapeJoin(capacity: 16, refillsHoles: true)
            var numbers = SplitMix(seed: Self.seed)
            var words: [String] = []
            var (old, new) = (0, 20)
            for step in 0..<200 {
                if step == seam {
                    let state = try reread(join.state)
                    join = try TapeJoin(capacity: 16, refillsHoles: true)
                    try join.restore(state)
                }
                if old < new, Bool.random(using: &numbers) {
                    // History is taken a step later, so that one waits at some seams.
                    while let next = join.take() { words.append("\(next)") }
                    _ = join.addHistory(Self.tape[old])
                    old += 1
                } else if new < Self.tape.count {
                    join.addLive(Self.tape[new])
                    new += numbers.next() % 16 == 0 ? 3 : 1
                }
                if step == 150 { join.giveUp() }
                words.append("\(join.isJoined) \(join.knownCount) \(join.displacedCount)")
                words.append("\(String(describing: join.missing))")
            }
            while let next = join.take() { words.append("\(next)") }
            return words
        }
        let whole = try joined(seam: nil)
        #expect(whole.count > 450)
        for seam in 0..<200 { #expect(try joined(seam: seam) == whole, "seam \(seam)") }
    }

    private func zones() throws -> LiquidationZones {
        try LiquidationZones(
            binSize: Price(raw: 10), window: .seconds(60), enter: Notional(raw: 40_000_000),
            leave: Notional(raw: 20_000_000), capacity: 24, bins: 16)
    }

    @Test func `liquidation zones go on, wherever they were saved`() throws {
        func said(seam: Int?) throws -> [String] {
            var zones = try zones()
            var words: [String] = []
            for (number, trade) in Self.tape.enumerated() {
                if number == seam {
                    let state = try reread(zones.state)
                    zones = try self.zones()
                    try zones.restore(state)
                }
                let step = zones.add(
                    Liquidation(
                        price: trade.price, quantity: trade.quantity, side: trade.aggressor,
                        time: trade.venueTime))
                words.append("\(step) \(zones.activeCount) \(zones.largest(5))")
                words.append("\(zones.earlyCount) \(zones.leftOutCount)")
            }
            return words
        }
        let whole = try said(seam: nil)
        #expect(whole.contains { $0.contains("became") })
        for seam in Self.tape.indices { #expect(try said(seam: seam) == whole, "seam \(seam)") }
    }

    // MARK: - Damage

    /// The places of all numbers of a JSON text.
    private static func numbers(in text: [UInt8]) -> [Range<Int>] {
        var places: [Range<Int>] = []
        var isText = false
        var start: Int?
        for (index, byte) in text.enumerated() {
            if byte == UInt8(ascii: "\"") { isText.toggle() }
            let isDigit = !isText && (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            let isPart = isDigit || (!isText && "-.eE+".utf8.contains(byte) && start != nil)
            if start == nil, isDigit || (!isText && byte == UInt8(ascii: "-")) { start = index }
            if let first = start, !isPart, index > first {
                places.append(first..<index)
                start = nil
            }
        }
        return places
    }

    private static let damages = [
        "0", "-1", "1", "7", "9223372036854775807", "-9223372036854775808", "4294967295",
        "4611686018427387904", "1e308", "170141183460469231731687303715884105727",
    ]

    /// Reads damaged states back and goes on with those that are taken: nothing may trap. Returns
    /// how many were refused by the type, by the context, and not at all.
    private func damage<State: Codable>(
        _ state: State, rounds: Int, _ goOn: (State) throws -> Void
    ) throws -> (undecodable: Int, refused: Int, taken: Int) {
        let encoder = JSONEncoder()
        // Otherwise the same seed damages other numbers in every process.
        encoder.outputFormatting = .sortedKeys
        let text = [UInt8](try encoder.encode(state))
        let places = Self.numbers(in: text)
        var random = SplitMix(seed: Self.seed)
        var counts = (undecodable: 0, refused: 0, taken: 0)
        for _ in 0..<rounds {
            let place = try #require(places.randomElement(using: &random))
            let number = try #require(Self.damages.randomElement(using: &random))
            let damaged = text[..<place.lowerBound] + number.utf8 + text[place.upperBound...]
            do {
                try goOn(try JSONDecoder().decode(State.self, from: Data(damaged)))
                counts.taken += 1
            } catch is ContextFailure {
                counts.refused += 1
            } catch is DecodingError {
                counts.undecodable += 1
            }
        }
        return counts
    }

    @Test func `a damaged context is refused or harmless`() throws {
        let settings = Self.settings()
        var context = try fresh(settings)
        for trade in Self.tape[..<120] { _ = context.update(trade) }
        let counts = try damage(context.state, rounds: 600) { state in
            var other = try fresh(settings)
            try other.restore(state)
            for trade in Self.tape[120...] { _ = other.update(trade) }
            _ = ContextRig.words(other)
        }
        #expect(counts.refused > 100, "\(counts)")
        #expect(counts.undecodable > 10)
        #expect(counts.taken > 50)
    }

    @Test func `a damaged tape or damaged zones are refused or harmless`() throws {
        var join = try TapeJoin(capacity: 16, refillsHoles: true)
        for trade in Self.tape[20..<30] { join.addLive(trade) }
        for trade in Self.tape[..<5] where join.addHistory(trade) { _ = join.take() }
        let tapes = try damage(join.state, rounds: 400) { state in
            var other = try TapeJoin(capacity: 16, refillsHoles: true)
            try other.restore(state)
            while other.take() != nil {}
            for trade in Self.tape[5..<40] where other.addHistory(trade) {
                while other.take() != nil {}
            }
            for trade in Self.tape[30...] {
                other.addLive(trade)
                while other.take() != nil {}
            }
        }
        #expect(tapes.refused > 20 && tapes.taken > 20)
        var zones = try zones()
        for trade in Self.tape[..<60] {
            _ = zones.add(
                Liquidation(
                    price: trade.price, quantity: trade.quantity, side: .sell,
                    time: trade.venueTime))
        }
        let found = try damage(zones.state, rounds: 400) { state in
            var other = try self.zones()
            try other.restore(state)
            for trade in Self.tape[60...] {
                _ = other.add(
                    Liquidation(
                        price: trade.price, quantity: trade.quantity, side: .buy,
                        time: trade.venueTime))
                let active = other.largest(16).count { $0.isActive }
                let count = other.activeCount
                #expect(active == count)
            }
        }
        #expect(found.refused > 20 && found.taken > 5)
    }

    @Test func `a state of other settings is refused`() throws {
        var context = try fresh()
        for trade in Self.tape { _ = context.update(trade) }
        var others: [ContextSettings] = []
        for number in 0..<6 {
            var settings = Self.settings()
            switch number {
            case 0: settings.binTicks = 6
            case 1: settings.footprint = .minutes(15)
            case 2: settings.regimeBars = .minutes(15)
            case 3: settings.calendar = .none
            case 4: settings.openingRange = .seconds(60)
            default: settings.regimePeriod = 4
            }
            others.append(settings)
        }
        for settings in others {
            var other = try fresh(settings)
            let state = context.state
            #expect(throws: ContextFailure.self, "\(settings)") { try other.restore(state) }
        }
    }
}
