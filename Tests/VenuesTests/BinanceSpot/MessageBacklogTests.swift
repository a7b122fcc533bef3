import Testing

@testable import Venues

/// Messages kept in order until they are asked for, as many as find room.
@Suite("Message backlog")
struct MessageBacklogTests {
    @Test func `messages come back whole and in order, and what finds no room is refused`() {
        var backlog = MessageBacklog(capacity: 4_096)
        defer { backlog.deallocate() }
        let seed = UInt64.random(in: 1...(.max))
        var random = SplitMix(state: seed)
        for _ in 0..<50 {
            var kept: [[UInt8]] = []
            var used = 0
            while true {
                let text = (0..<Int.random(in: 0...700, using: &random)).map { _ in
                    UInt8.random(in: 0...255, using: &random)
                }
                let isKept = text.withUnsafeBytes { bytes in
                    withUnsafeBytes(of: 0) { empty in
                        let start = bytes.baseAddress ?? empty.baseAddress
                        return start.map {
                            backlog.append(
                                MessageText(
                                    bytes: $0, count: bytes.count, isBinary: text.first == 7))
                        } ?? false
                    }
                }
                let needed = text.count + MemoryLayout<Int>.size
                #expect(isKept == (used + needed <= 4_096), "seed \(seed)")
                if !isKept { break }
                used += needed
                kept.append(text)
            }
            #expect(backlog.isEmpty == kept.isEmpty)
            for text in kept {
                let next = backlog.next()
                let bytes = next.map {
                    Array(UnsafeRawBufferPointer(start: $0.bytes, count: $0.count))
                }
                #expect(bytes == text, "seed \(seed)")
                #expect(next?.isBinary == (text.first == 7))
            }
            let isRead = backlog.isEmpty && backlog.next() == nil
            #expect(isRead)
            backlog.removeAll()
        }
    }

    @Test func `what is read is not room again until all is removed`() {
        var backlog = MessageBacklog(capacity: 64)
        defer { backlog.deallocate() }
        let text = [UInt8](repeating: 7, count: 40)
        let isFirstKept = append(text, to: &backlog)
        _ = backlog.next()
        let isSecondKept = append(text, to: &backlog)
        #expect(isFirstKept && !isSecondKept)
        backlog.removeAll()
        let isThirdKept = append(text, to: &backlog)
        #expect(isThirdKept)
    }

    private func append(_ text: [UInt8], to backlog: inout MessageBacklog) -> Bool {
        text.withUnsafeBytes { bytes in
            bytes.baseAddress.map {
                backlog.append(MessageText(bytes: $0, count: bytes.count))
            } ?? false
        }
    }
}

/// Steele, Lea and Flood's generator: the same numbers for the same seed.
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
