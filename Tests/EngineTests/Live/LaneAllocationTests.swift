import CAllocationCount
import Control
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

    /// What of the lane's slow half may ask for memory or a lock.
    private struct Cause {
        /// Each must be among the callers; demangled names begin behind the module.
        let functions: [String]
        let reason: String

        func covers(_ call: WatchedCall) -> Bool {
            functions.allSatisfy { function in call.callers.contains { $0.contains(function) } }
        }
    }

    /// Everything that a warm lane calls the allocator or a lock for. None of it is reached from a
    /// duty cycle: these functions are ``Lane/turn(_:)``'s and ``Lane/handleHeld(_:)``'s.
    private static var permitted: [Cause] {
        let always = [
            Cause(
                functions: ["SpotSession.(askClock in "],
                reason: "the venue's clock is read every ten seconds: an HTTP request is text"),
            Cause(
                functions: ["ClientLink.(readResponses in "],
                reason: "the head of its answer becomes an array of fields"),
            Cause(
                functions: ["SpotSession.(readAnswer in "],
                reason: "the request weight told there is looked up by its name"),
        ]
        #if DEBUG
            return always + [
                Cause(
                    functions: [".publish() -> ()", "swift_getTypeByMangledName"],
                    reason: "unoptimised code asks for the type of a ring when it first uses one")
            ]
        #else
            return always
        #endif
    }

    /// The zeros below mean something.
    @Test func `what takes a lock or memory is counted on its own thread`() throws {
        guard allocation_count_of_thread("") >= 0 else {
            print("skipped: a sanitizer owns the allocator")
            return
        }
        let counts = Mutex<(locks: Int64, allocator: Int64)>((0, 0))
        let isWatched = Mutex(false)
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
            isWatched.withLock { $0 = watch_thread("count-probe") == 1 }
            takeMemoryAndLock(mutex)
            mutex.deallocate()
            semaphore.deallocate()
        }
        thread.join()
        let found = counts.withLock { $0 }
        #expect(found.locks == 5)
        #expect(found.allocator == 2)
        #expect(isWatched.withLock { $0 })
        let calls = WatchedCall.all().calls.filter { call in
            call.callers.contains { $0.contains("takeMemoryAndLock") }
        }
        #expect(calls.map(\.isLock) == [false, true, true, false])
        #expect(calls.first?.callers.contains { $0 == "malloc" } == true)
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

        try #require(watch_thread("lane-") == 1)
        let start = await sample(engine)
        var last = start
        var listed = 0
        while last.orders < start.orders + 500 || last.messages < start.messages + Self.ticks {
            try #require(await hasSent(engine, more: 20))
            // As an audit of the account does once a minute.
            listed += try await engine.openOrders(in: .everything, atMost: 100).count
            last = await sample(engine)
        }
        let (calls, lost) = WatchedCall.all()
        let places = calls.map { call in Self.permitted.firstIndex { $0.covers(call) } }
        print(
            "lane over \(way): \(last.messages - start.messages) messages,",
            "\(last.orders - start.orders) orders, \(last.readings - start.readings) clock readings;",
            "of the allocator and locks",
            Self.permitted.enumerated().map { place, cause in
                "\(places.count { $0 == place }) because \(cause.reason)"
            }.joined(separator: ", "))
        #expect(lost == 0)
        #expect(listed > 0)
        #expect(start.allocatorCalls > 0)
        #expect(last.allocatorCalls - start.allocatorCalls <= calls.count)
        for (call, place) in zip(calls, places) where place == nil {
            Issue.record("the lane calls \(call)")
        }
        let stamped = await engine.latencies(includingBuckets: false)
            .first { $0.stage == "kernelToRead" }
        #expect((stamped?.count ?? 0 > 0) == (way == .directStamped))
        await engine.stop(because: "test")
    }

    private struct Sample {
        var allocatorCalls, orders, messages, readings: Int64
    }

    private func sample(_ engine: LiveEngine) async -> Sample {
        let snapshot = await engine.snapshotNow()
        return Sample(
            allocatorCalls: allocation_count_of_thread("lane-"),
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

@inline(never)
private func takeMemoryAndLock(_ mutex: UnsafeMutablePointer<pthread_mutex_t>) {
    let memory = malloc(64)
    pthread_mutex_lock(mutex)
    pthread_mutex_unlock(mutex)
    pthread_mutex_trylock(mutex)
    pthread_mutex_unlock(mutex)
    free(memory)
}
