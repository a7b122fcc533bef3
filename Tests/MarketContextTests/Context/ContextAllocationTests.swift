import CAllocationCount
import Glibc
import MarketContext
import MarketModel
import Testing

/// Design law 4 for the context: after its start it leaves the allocator alone, however long the
/// history grows. So its memory does not grow; and as no part of it walks more than its own
/// bounded tables, neither does the work.
@Suite("Context allocations", .serialized)
struct ContextAllocationTests {
    private struct Work {
        var trades: UnsafeBufferPointer<Trade>
        var context: UnsafeMutablePointer<InstrumentContext>
        var join: UnsafeMutablePointer<TapeJoin>
        var calls: Int64 = -1
        var counted: Int64 = 0
    }

    @Test func `a context of a hundred thousand trades allocates nothing`() throws {
        guard allocation_count_of_thread("") >= 0 else {
            print("skipped: a sanitizer owns the allocator")
            return
        }
        let trades = UnsafeMutableBufferPointer<Trade>.allocate(capacity: 100_000)
        _ = trades.initialize(from: Tape.random(100_000, seed: 40))
        let context = UnsafeMutablePointer<InstrumentContext>.allocate(capacity: 1)
        context.initialize(to: try ContextRig.context())
        let join = UnsafeMutablePointer<TapeJoin>.allocate(capacity: 1)
        join.initialize(to: try TapeJoin(capacity: 64))
        let work = UnsafeMutablePointer<Work>.allocate(capacity: 1)
        work.initialize(to: Work(trades: UnsafeBufferPointer(trades), context: context, join: join))
        defer {
            work.deallocate()
            join.deinitialize(count: 1)
            join.deallocate()
            context.deinitialize(count: 1)
            context.deallocate()
            trades.deallocate()
        }
        var thread = pthread_t()
        let started = pthread_create(
            &thread, nil,
            { argument in
                ContextAllocationTests.nameThread("context-alone")
                guard let argument else { return nil }
                ContextAllocationTests.run(argument.assumingMemoryBound(to: Work.self))
                return nil
            }, work)
        #expect(started == 0)
        pthread_join(thread, nil)
        #expect(work.pointee.counted == 100_000)
        #expect(work.pointee.calls == 0)
        #expect(context.pointee.previousMonth != nil)
    }

    private static func nameThread(_ name: String) {
        guard let file = fopen("/proc/thread-self/comm", "w") else { return }
        fputs(name, file)
        fclose(file)
    }

    private static func run(_ work: UnsafeMutablePointer<Work>) {
        // Debug builds make type metadata when they first meet a generic: warm up with some.
        feed(work, 0..<2_000)
        // Counting has a cost of its own.
        let earlier = allocation_count_of_thread("context-alone")
        let before = allocation_count_of_thread("context-alone")
        feed(work, 2_000..<100_000)
        work.pointee.calls = allocation_count_of_thread("context-alone") - 2 * before
            + earlier
    }

    private static func feed(_ work: UnsafeMutablePointer<Work>, _ range: Range<Int>) {
        var index = range.lowerBound
        while index < range.upperBound {
            if index == 0 {
                _ = work.pointee.join.pointee.addHistory(work.pointee.trades[0])
            } else {
                work.pointee.join.pointee.addLive(work.pointee.trades[index])
            }
            while let next = work.pointee.join.pointee.take() {
                if work.pointee.context.pointee.update(next.trade) == .counted {
                    work.pointee.counted += 1
                }
            }
            while work.pointee.context.pointee.takeEvent() != nil {}
            _ = work.pointee.context.pointee.day.pointee.valueArea
            index += 1
        }
    }
}
