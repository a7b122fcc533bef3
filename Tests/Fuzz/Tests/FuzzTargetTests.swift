import Foundation
import Testing
import Wire

/// Every target of `scripts/fuzz` on mutations of its seeds, without libFuzzer's guidance: five
/// seconds each, or as many as `FUZZ_SECONDS` says, two at a time, since each keeps one core busy. What
/// breaks a parser ends the process; the same inputs come again in the same order.
@Suite("Fuzzing", .serialized)
struct FuzzTargetTests {
    private static let seconds =
        ProcessInfo.processInfo.environment["FUZZ_SECONDS"].flatMap(Double.init) ?? 5

    private static let pairs = stride(from: 0, to: FuzzTarget.all.count, by: 2).map {
        Pair(targets: Array(FuzzTarget.all[$0..<min($0 + 2, FuzzTarget.all.count)]))
    }

    /// Two targets that share nothing, and the time.
    struct Pair: CustomTestStringConvertible, Sendable {
        let targets: [FuzzTarget]

        var testDescription: String { targets.map(\.name).joined(separator: ", ") }
    }

    @Test(arguments: pairs)
    func `two parsers of bytes from outside take whatever comes`(pair: Pair) async {
        await withTaskGroup { group in
            for target in pair.targets { group.addTask { Self.mutate(target) } }
            for await (name, executions) in group {
                print("\(name): \(executions) executions")
                #expect(executions >= 64)
            }
        }
    }

    @Test func `each has a name of its own and something to begin with`() {
        #expect(Set(FuzzTarget.all.map(\.name)).count == FuzzTarget.all.count)
        #expect(Self.pairs.flatMap(\.targets).map(\.name) == FuzzTarget.all.map(\.name))
        #expect(FuzzTarget.all.allSatisfy { !$0.seeds.isEmpty })
    }

    /// Gives a target its seeds, then mutations of them until its time is over.
    private static func mutate(_ target: FuzzTarget) -> (name: String, executions: Int) {
        var random = SeededRandom(seed: 0xF022)
        let run = target.prepare()
        for seed in target.seeds { seed.withUnsafeBufferPointer(run) }
        let end = ContinuousClock.now + .seconds(seconds)
        var executions = target.seeds.count
        while executions % 64 != 0 || ContinuousClock.now < end {
            let input = Mutation.mutate(target.seeds, &random)
            input.withUnsafeBufferPointer(run)
            executions += 1
        }
        return (target.name, executions)
    }
}

/// Damage as it happens to messages: cut, flipped, inserted, repeated, spliced.
enum Mutation {
    private static let interesting =
        Array("{}[]\",:\\0123456789.-eEtfnu \r\n\u{0}\u{1F}".utf8) + [0x7F, 0x80, 0xC3, 0xFE, 0xFF]
    private static let largest = 8_192

    /// One of the seeds after one to four changes, some of them with bytes of another.
    static func mutate(_ seeds: [[UInt8]], _ random: inout SeededRandom) -> [UInt8] {
        guard var bytes = seeds.randomElement(using: &random) else { return [] }
        for _ in 0..<Int.random(in: 1...4, using: &random) { change(&bytes, seeds, &random) }
        if bytes.count > largest { bytes.removeLast(bytes.count - largest) }
        return bytes
    }

    private static func change(
        _ bytes: inout [UInt8], _ seeds: [[UInt8]], _ random: inout SeededRandom
    ) {
        let place = Int.random(in: 0...bytes.count, using: &random)
        let byte = interesting.randomElement(using: &random) ?? 0
        switch Int.random(in: 0..<7, using: &random) {
        case 0: bytes.removeLast(bytes.count - place)
        case 1 where place < bytes.count:
            bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 2 where place < bytes.count: bytes[place] = byte
        case 3: bytes.insert(byte, at: place)
        case 4 where place < bytes.count: bytes.remove(at: place)
        case 5:
            let end = Int.random(in: place...bytes.count, using: &random)
            bytes.insert(contentsOf: bytes[place..<end], at: place)
        default:
            let other = seeds.randomElement(using: &random) ?? []
            bytes = Array(bytes[..<place] + other[Int.random(in: 0...other.count, using: &random)...])
        }
    }
}
