import Foundation
import Machine
import Testing

@Suite("Memory of tables")
struct TableMemoryTests {
    @Test func `tables lie in one arena until it is used up, then on the heap`() throws {
        let tables = try TableMemory(byteCount: 1 << 20, options: [.populated, .hugePages])
        let bytes = 3 << 18
        let first = tables.take(bytes)
        let second = tables.takeFromArena(4096)
        #expect(second == first.base + bytes)
        #expect(tables.usedByteCount == bytes + 4096)
        // More than any arena of this size is rounded up to.
        #expect(tables.takeFromArena(8 << 20) == nil)
        let third = tables.take(8 << 20)
        for (base, count) in [(first.base, bytes), (third.base, 8 << 20)] {
            #expect(Int(bitPattern: base) % 128 == 0)
            #expect(UnsafeRawBufferPointer(start: base, count: count).allSatisfy { $0 == 0 })
        }
        #expect(tables.usedByteCount == bytes + 4096)
    }

    @Test func `without an arena everything is of the heap`() {
        let tables = TableMemory()
        #expect(tables.takeFromArena(128) == nil)
        #expect(tables.grant == nil)
        let piece = tables.take(1000)
        #expect(piece.base.load(as: UInt64.self) == 0)
    }

    /// In a process of its own: the lock would stay.
    @Test func `the whole process is locked, or it is said why not`() async {
        await #expect(processExitsWith: .success) {
            do throws(ProcessMemory.LockRefusal) {
                try ProcessMemory.lock()
                let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)
                let line = status?.split(separator: "\n").first { $0.hasPrefix("VmLck:") }
                exit(line.map { $0.hasSuffix("\t       0 kB") } == false ? 0 : 1)
            } catch {
                exit("\(error)".hasPrefix("memory is not locked: ") ? 0 : 1)
            }
        }
    }
}
