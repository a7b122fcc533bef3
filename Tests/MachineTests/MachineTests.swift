import CLinuxURing
import Glibc
import Synchronization
import Testing

@testable import Machine

@Suite("Machine")
struct MachineTests {
    @Test func `counters keep to their own words`() {
        let page = CounterPage(capacity: 20)
        for index in 0..<20 { page[index].store(Int64(index)) }
        page[3].add()
        page[4].add(-10)
        page[5].raise(to: 2)
        page[6].raise(to: 100)
        var expected = (0..<20).map { Int64($0) }
        expected[3] = 4
        expected[4] = -6
        expected[6] = 100
        #expect(page.values == expected)
    }

    @Test func `a counter is read whole while it is written`() throws {
        let page = CounterPage(capacity: 1)
        let thread = try PinnedThread.start(name: "counter", core: nil, realTimePriority: nil) {
            let counter = page[0]
            for _ in 0..<100_000 { counter.add(0x1_0000_0001) }
        }
        var last: Int64 = 0
        while last < 100_000 * 0x1_0000_0001 {
            let value = page[0].value
            #expect(value >= last && value & 0xFFFF_FFFF == value >> 32)
            last = value
        }
        thread.join()
    }

    @Test func `a pinned thread runs where it was put and says so`() throws {
        let allowed = MachineReport.read().allowedCores
        let core = try #require(allowed.last)
        let outcome = OutcomeBox()
        let thread = try PinnedThread.start(name: "pinned", core: core, realTimePriority: nil) {
            outcome.core.store(Int(clinux_uring_current_core()), ordering: .relaxed)
        }
        thread.join()
        // A second join is harmless.
        thread.join()
        #expect(outcome.core.load(ordering: .relaxed) == core)
        #expect(thread.placement.core == core && thread.placement.pinError == 0)
        #expect(thread.placement.realTimePriority == nil)
    }

    final class OutcomeBox: Sendable {
        let core = Atomic<Int>(-1)
    }

    // The journal's thread is started by whoever opens the journal, a pinned lane too.
    @Test func `a thread that is not pinned may run everywhere, whoever starts it`() throws {
        let allowed = MachineReport.read().allowedCores
        let count = OutcomeBox()
        let pinned = try PinnedThread.start(
            name: "pinned", core: allowed[allowed.count - 1], realTimePriority: nil
        ) {
            let free = try? PinnedThread.start(name: "free", core: nil, realTimePriority: nil) {
                count.core.store(MachineReport.read().allowedCores.count, ordering: .relaxed)
            }
            free?.join()
        }
        pinned.join()
        #expect(count.core.load(ordering: .relaxed) == allowed.count)
    }

    @Test func `what is not permitted is reported and does not stop the thread`() throws {
        let thread = try PinnedThread.start(name: "nowhere", core: 1000, realTimePriority: 1000) {}
        thread.join()
        #expect(thread.placement.core == nil && thread.placement.pinError == EINVAL)
        #expect(thread.placement.realTimePriority == nil)
        #expect(thread.placement.priorityError == EINVAL || thread.placement.priorityError == EPERM)
    }

    @Test(arguments: [
        [], .populated, .locked, .hugePages, [.hugePages, .locked, .populated],
    ] as [MemoryOptions])
    func `memory is aligned, zeroed and honest about its wishes`(options: MemoryOptions) throws {
        let memory = try AlignedMemory(byteCount: 100_000, options: options)
        #expect(UInt(bitPattern: memory.base) % 4096 == 0)
        #expect(memory.byteCount >= 100_000)
        let bytes = UnsafeRawBufferPointer(start: memory.base, count: memory.byteCount)
        #expect(bytes.allSatisfy { $0 == 0 })
        let grant = memory.grant
        let isHuge = options.contains(.hugePages) && grant.hugePagesError == 0
        #expect(grant.granted.contains(.hugePages) == isHuge)
        let isLocked = options.contains(.locked) && grant.lockError == 0
        #expect(grant.granted.contains(.locked) == isLocked)
        if options.contains(.populated) { #expect(grant.granted.contains(.populated) == true) }
    }

    @Test func `an arena gives aligned pieces until it is used up`() throws {
        var arena = try Arena(byteCount: 4096, options: [])
        let first = arena.take(1)
        let second = arena.take(1)
        #expect(try #require(second) - #require(first) == 128)
        let taken = arena.take(UInt64.self, count: 10)
        let words = try #require(taken)
        #expect(UInt(bitPattern: words) % 128 == 0)
        #expect(words[9] == 0)
        #expect(arena.take(8192) == nil)
        #expect(arena.take(16, alignment: 4096) == nil)
        #expect(arena.take(arena.byteCount - 384) != nil)
        #expect(arena.take(1) == nil)
        #expect(arena.usedByteCount <= arena.byteCount)
        #expect(Arena.footprint(byteCount: 129) == 256)
    }

    @Test func `the report knows the machine`() {
        let report = MachineReport.read()
        #expect(!report.kernel.isEmpty)
        #expect(report.coreCount >= 1 && !report.allowedCores.isEmpty)
        #expect(report.memoryBytes > 1 << 20)
        #expect(report.missingInstructionSets.isEmpty)
        #expect(!report.loadAverage.isEmpty)
    }
}

@Suite("C shims")
struct ShimTests {
    /// RFC 3720 appendix B.4.
    @Test func `CRC32C gives the standard's values`() {
        let vectors: [(bytes: [UInt8], checksum: UInt32)] = [
            ([UInt8](repeating: 0, count: 32), 0x8A91_36AA),
            ([UInt8](repeating: 0xFF, count: 32), 0x62A8_AB43),
            (Array(0..<32), 0x46DD_794E),
            (Array((0..<32).reversed()), 0x113F_DB5C),
            (Array("123456789".utf8), 0xE306_9283),
            ([], 0),
        ]
        for vector in vectors {
            #expect(clinux_uring_crc32c(0, vector.bytes, vector.bytes.count) == vector.checksum)
            // In two parts, the same.
            for cut in 0...vector.bytes.count {
                let first = clinux_uring_crc32c(0, vector.bytes, cut)
                let rest = Array(vector.bytes[cut...])
                #expect(clinux_uring_crc32c(first, rest, rest.count) == vector.checksum)
            }
        }
    }

    @Test func `the small ones do what they say`() {
        #expect(clinux_uring_sqrt(2) == 2.0.squareRoot())
        let first = clinux_uring_rdtsc()
        #expect(clinux_uring_rdtscp() > first)
    }
}
