import CAllocationCount
import Emulator
import Engine
import Foundation
import Glibc
import Machine
import Synchronization
import Telemetry
import Testing
import Wire

/// Design law 4, confirmed at run time: a trading lane leaves the allocator and every lock alone.
@Suite("Lane allocations", .serialized)
struct LaneAllocationTests {
    /// Ticks to be seen; `scripts/allocation-test` asks for a million.
    private static let ticks =
        ProcessInfo.processInfo.environment["ALLOCATION_TEST_TICKS"].flatMap { Int64($0) } ?? 1_001

    /// How the lane's bytes come and go.
    enum Way: String, CaseIterable {
        case uring, uringSendingAtOnce, direct, directStamped

        func adjust(_ lane: inout LaneConfiguration) {
            lane.transport = self == .uring || self == .uringSendingAtOnce ? .uring : .direct
            lane.send = self == .uringSendingAtOnce ? .call : .ring
            lane.receiveTimestamps = self == .directStamped ? .software : .off
        }
    }

    /// The zeros below mean something.
    @Test func `what takes a lock or memory is counted on its own thread`() throws {
        guard allocation_count_of_thread("") >= 0 else {
            print("skipped: a sanitizer owns the allocator")
            return
        }
        let counts = Mutex<(locks: Int64, allocator: Int64)>((0, 0))
        let thread = try PinnedThread.start(name: "count-probe", core: nil, realTimePriority: nil) {
            let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
            pthread_mutex_init(mutex, nil)
            let semaphore = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)
            sem_init(semaphore, 0, 0)
            let locks = lock_count_of_thread("count-probe")
            for _ in 0..<3 {
                pthread_mutex_lock(mutex)
                pthread_mutex_unlock(mutex)
            }
            sem_post(semaphore)
            sem_wait(semaphore)
            let locked = lock_count_of_thread("count-probe") - locks
            // Asking has a cost of its own.
            let first = allocation_count_of_thread("count-probe")
            let second = allocation_count_of_thread("count-probe")
            free(malloc(64))
            let third = allocation_count_of_thread("count-probe")
            counts.withLock { $0 = (locked, third - second - (second - first)) }
            mutex.deallocate()
            semaphore.deallocate()
        }
        thread.join()
        let found = counts.withLock { $0 }
        #expect(found.locks == 5)
        #expect(found.allocator == 2)
    }

    @Test(arguments: Way.allCases)
    func `a warm lane trades without touching the allocator or a lock`(way: Way) async throws {
        guard allocation_count_of_thread("") >= 0 else {
            print("skipped: a sanitizer owns the allocator")
            return
        }
        var agents = AgentConfiguration()
        agents.seed = 5
        agents.eventsPerSecond = Self.ticks > 100_000 ? 20_000 : 8_000
        var bench = try TradingBench(
            market: .agents(agents), symbols: ["BTCUSDT"],
            strategies: TradingBench.maker + TradingBench.breakout)
        way.adjust(&bench.configuration.lanes[0])
        defer { bench.remove() }
        let engine = try await bench.startEngine()
        #expect(await hasSent(engine, more: 200), "the lane does not trade")

        // The venue's clock, read over REST every ten seconds, is the slow half's and may allocate:
        // one reading spoils two windows at most. Every other window must be clean.
        let start = await sample(engine)
        var last = start
        var spoiled: [Int64] = []
        var locked: [Int64] = []
        var windows = 0
        while last.orders < start.orders + 500 || last.messages - start.messages < Self.ticks,
            windows < Swift.max(10_000, Self.ticks / 10)
        {
            #expect(await hasSent(engine, more: 5))
            let next = await sample(engine)
            windows += 1
            if next.allocatorCalls != last.allocatorCalls {
                spoiled.append(next.allocatorCalls - last.allocatorCalls)
            }
            if next.lockCalls != last.lockCalls {
                locked.append(next.lockCalls - last.lockCalls)
            }
            last = next
        }
        print(
            "lane over \(way): \(last.messages - start.messages) messages,",
            "\(last.orders - start.orders) orders, \(last.readings - start.readings) clock readings,",
            "\(windows - spoiled.count) of \(windows) windows without allocator calls, others",
            "\(spoiled); locks in \(locked.count): \(locked)")
        #expect(start.allocatorCalls > 0)
        #expect(last.messages - start.messages >= Self.ticks)
        #expect(spoiled.count <= 2 * Int(last.readings - start.readings + 1))
        #expect(spoiled.count < windows / 2)
        // The reading of the clock is all that may take one.
        #expect(locked.count <= 2 * Int(last.readings - start.readings + 1))
        let stamped = await engine.latencies(includingBuckets: false)
            .first { $0.stage == "kernelToRead" }
        #expect((stamped?.count ?? 0 > 0) == (way == .directStamped))
        await engine.stop(because: "test")
    }

    private struct Sample {
        var allocatorCalls, lockCalls, orders, messages, readings: Int64
    }

    private func sample(_ engine: LiveEngine) async -> Sample {
        let snapshot = await engine.snapshotNow()
        return Sample(
            allocatorCalls: allocation_count_of_thread("lane-"),
            lockCalls: lock_count_of_thread("lane-"),
            orders: snapshot.totals.ordersSent, messages: snapshot.totals.marketMessages,
            readings: snapshot.connections.first { $0.name == "rest" }?.messages ?? 0)
    }

    private func hasSent(_ engine: LiveEngine, more count: Int64) async -> Bool {
        let start = await engine.snapshotNow().totals.ordersSent
        return await eventually(within: 60) {
            _ = await engine.drainEvents()
            return await engine.snapshotNow().totals.ordersSent >= start + count
        }
    }
}
