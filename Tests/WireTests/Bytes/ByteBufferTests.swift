import Testing
import Wire

@Suite("ByteBuffer")
struct ByteBufferTests {
    @Test(arguments: 0..<20 as Range<UInt64>)
    func `agrees with an array over random operations`(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var buffer = ByteBuffer(capacity: 257)
        var oracle: [UInt8] = []
        for step in 0..<5000 {
            switch random.next() % 4 {
            case 0, 1:
                let bytes = (0..<Int(random.next() % 60)).map { _ in
                    UInt8(truncatingIfNeeded: random.next())
                }
                let fits = bytes.count <= buffer.room
                let isAppended = bytes.withUnsafeBytes { source -> Bool in
                    guard let start = source.baseAddress else { return true }
                    return buffer.append(start, source.count)
                }
                #expect(isAppended == fits, "seed \(seed) step \(step)")
                if fits { oracle += bytes }
            case 2:
                let count = Int(random.next() % UInt64(buffer.count + 1))
                buffer.consume(count)
                oracle.removeFirst(count)
            default: buffer.compact()
            }
            let held = Array(UnsafeRawBufferPointer(start: buffer.readable, count: buffer.count))
            #expect(held == oracle, "seed \(seed) step \(step)")
        }
    }

    @Test func `bytes that do not fit leave the buffer as it was`() {
        var buffer = ByteBuffer(capacity: 4)
        let isWhole = buffer.append([1, 2, 3, 4, 5] as [UInt8])
        #expect(!isWhole)
        let count = buffer.count
        #expect(count == 0)
    }

    @Test func `unused pages go back and what is held stays`() {
        var buffer = ByteBuffer(capacity: 1 << 20, warmed: 1 << 20)
        buffer.append([9, 8, 7] as [UInt8])
        buffer.consume(1)
        buffer.releaseUnusedPages()
        let held = Array(UnsafeRawBufferPointer(start: buffer.readable, count: buffer.count))
        #expect(held == [8, 7])
        let room = buffer.room
        #expect(room == (1 << 20) - 2)
    }

    @Test func `consuming more than there is stops the program`() async {
        await #expect(processExitsWith: .failure) {
            var buffer = ByteBuffer(capacity: 8)
            buffer.consume(1)
        }
    }
}
