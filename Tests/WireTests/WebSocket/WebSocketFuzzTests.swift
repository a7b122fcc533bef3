import Testing
import Wire

@Suite("WebSocket fuzzing")
struct WebSocketFuzzTests {
    typealias Seen = WebSocketSession.Seen

    /// A valid conversation and what must be seen of it.
    private func conversation(_ random: inout SeededRandom, isMasked: Bool) -> ([UInt8], [Seen]) {
        var bytes: [UInt8] = []
        var seen: [Seen] = []
        func write(_ bits: UInt8, _ payload: [UInt8]) {
            let mask =
                isMasked ? (0..<4).map { _ in UInt8.random(in: 0...255, using: &random) } : nil
            bytes += frame(bits, payload, mask: mask)
        }
        for _ in 0..<Int.random(in: 1...8, using: &random) {
            let isText = Bool.random(using: &random)
            let long = random.next() % 8 == 0
            let count = Int.random(in: 0...(long ? 2000 : 140), using: &random)
            let payload: [UInt8] =
                isText
                ? Array(
                    String((0..<count / 2).map { _ in Bool.random(using: &random) ? "é" : "x" })
                        .utf8)
                : (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
            var rest = payload[...]
            var isFirst = true
            repeat {
                let isLast = Int.random(in: 0..<3, using: &random) == 0
                let piece =
                    isLast ? rest : rest.prefix(Int.random(in: 0...rest.count, using: &random))
                rest = rest.dropFirst(piece.count)
                let opcode: UInt8 = isFirst ? (isText ? 1 : 2) : 0
                isFirst = false
                write((isLast ? 0x80 : 0) | opcode, Array(piece))
                if isLast { break }
                if Bool.random(using: &random) {
                    let control = (0..<Int.random(in: 0...125, using: &random)).map { UInt8($0) }
                    write(0x89, control)
                    seen.append(.ping(control))
                }
            } while true
            seen.append(
                isText ? .text(String(decoding: payload, as: UTF8.self)) : .binary(payload))
        }
        return (bytes, seen)
    }

    @Test(arguments: 0..<8 as Range<UInt64>)
    func `valid conversations survive any split`(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        for round in 0..<150 {
            let isMasked = Bool.random(using: &random)
            let (bytes, seen) = conversation(&random, isMasked: isMasked)
            let read = WebSocketSession.read(bytes, expectsMask: isMasked) {
                Int.random(in: 1...200, using: &random)
            }
            #expect(read == seen, "seed \(seed) round \(round)")
        }
    }

    /// 10^5 damaged inputs over all seeds; run it under AddressSanitizer to see an over-read.
    @Test(arguments: 0..<10 as Range<UInt64>)
    func `damaged conversations never harm, however they are split`(seed: UInt64) {
        var random = SeededRandom(seed: seed &+ 1000)
        var corpus = (0..<50).map { _ in conversation(&random, isMasked: false).0 }
        for round in 0..<10_000 {
            let index = Int(random.next() % UInt64(corpus.count))
            var bytes = Array(corpus[index].prefix(600))
            for _ in 0..<Int(random.next() % 4 + 1) where !bytes.isEmpty {
                let place = Int(random.next() % UInt64(min(bytes.count, 40)))
                switch random.next() % 3 {
                case 0: bytes[place] = UInt8(truncatingIfNeeded: random.next())
                case 1: bytes.remove(at: place)
                default: bytes.insert(UInt8(truncatingIfNeeded: random.next()), at: place)
                }
            }
            var whole = WebSocketSession(maximumMessage: 500, capacity: 1200)
            whole.feed(bytes)
            var split = WebSocketSession(maximumMessage: 500, capacity: 1200)
            split.feed(bytes) { Int(random.next() % 7) + 1 }
            if whole.seen != split.seen {
                Issue.record("seed \(seed) round \(round): \(bytes)")
                return
            }
            if round % 100 == 0 { corpus[index] = bytes }
        }
    }
}
