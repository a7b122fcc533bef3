import CFloor
import CLinuxURing
import Machine
import Rings

/// Rings between two cores: round trips, and how much passes one way.
enum RingBenchmark {
    /// Numbers that pass in one run of a throughput measurement.
    private static let streamLength = 1_000_000
    private static let capacity = 4096

    static func run(_ options: BenchmarkOptions) throws -> BenchmarkReport {
        let cores = try Cores(options)
        try cores.requireTwo()
        let peer = try options.peer.map { try PeerRing(path: $0) }
        let rows = try roundTrips(options, cores, peer)
        let rates = try throughput(options, cores, peer)
        var notes = [
            "a round trip passes two rings; the floor bounces one cache line",
            "the throughput's floor is a C ring whose ends keep the other's index",
        ]
        if peer != nil {
            notes.append("the peer takes its numbers one by one: it has no way to take many")
        }
        return BenchmarkReport("ring", rows: rows, rates: rates, notes: notes)
    }

    /// Eight words: a whole cache line.
    private struct Line: BitwiseCopyable, Sendable {
        var number: UInt64
        var rest: (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0, 0, 0, 0)
    }

    // MARK: - Round trips

    private static func roundTrips(
        _ options: BenchmarkOptions, _ cores: Cores, _ peer: PeerRing?
    ) throws -> [BenchmarkRow] {
        let perRound = max(1, options.samples / BenchmarkOptions.rounds)
        var small: [Double] = []
        var large: [Double] = []
        var floor: [Double] = []
        var theirs: [Double] = []
        for _ in 0..<BenchmarkOptions.rounds {
            small += try roundTrips(UInt64.self, perRound, cores) { $0 }
            if let peer { theirs += try peerRoundTrips(peer, perRound, cores) }
            large += try roundTrips(Line.self, perRound, cores) { Line(number: $0) }
            if options.hasFloor { floor += try floorRoundTrips(perRound, cores) }
        }
        var rows = [
            BenchmarkRow(name: "round trip of 8 bytes", batch: 1, values: Distribution(small)),
            BenchmarkRow(name: "round trip of 64 bytes", batch: 1, values: Distribution(large)),
        ]
        if options.hasFloor {
            for index in rows.indices { rows[index].setFloor(Distribution(floor)) }
        }
        if let peer {
            rows[0].peers = [
                BenchmarkPeer(name: peer.name, figures: Figures(Distribution(theirs)))
            ]
        }
        return rows
    }

    private static func roundTrips<Element: BitwiseCopyable & Sendable>(
        _ type: Element.Type, _ count: Int, _ cores: Cores,
        _ make: @escaping @Sendable (UInt64) -> Element
    ) throws -> [Double] {
        let there = HeldEnds(SPSCRing.make(of: type, capacity: capacity))
        let back = HeldEnds(SPSCRing.make(of: type, capacity: capacity))
        let warmUp = 1_000
        let echo = try cores.startOther {
            guard var incoming = there.takeConsumer(), var outgoing = back.takeProducer() else {
                return
            }
            for _ in 0..<(count + warmUp) {
                var element = incoming.tryPop()
                while element == nil {
                    clinux_uring_pause()
                    element = incoming.tryPop()
                }
                if let element { _ = outgoing.tryPush(element) }
            }
        }
        defer { echo.join() }
        return try cores.measure {
            guard var outgoing = there.takeProducer(), var incoming = back.takeConsumer() else {
                return []
            }
            let watch = Stopwatch()
            var samples: [Double] = []
            samples.reserveCapacity(count)
            for turn in 0..<(count + warmUp) {
                let element = make(UInt64(turn))
                let start = TSCClock.ticks()
                _ = outgoing.tryPush(element)
                while incoming.tryPop() == nil { clinux_uring_pause() }
                let end = TSCClock.ticks()
                if turn >= warmUp { samples.append(watch.nanoseconds(end &- start)) }
            }
            return samples
        }
    }

    private static func floorRoundTrips(_ count: Int, _ cores: Cores) throws -> [Double] {
        let line = SharedMemory<cfloor_line>(cfloor_line())
        let warmUp = 1_000
        let all = UInt64(count + warmUp)
        let echo = try cores.startOther { cfloor_pong(line.pointer, 0, all) }
        defer { echo.join() }
        return try cores.measure {
            let watch = Stopwatch()
            var ticks = [UInt64](repeating: 0, count: count + warmUp)
            cfloor_ping(line.pointer, 0, all, &ticks)
            return ticks.dropFirst(warmUp).map(watch.nanoseconds)
        }
    }

    private static func peerRoundTrips(
        _ peer: PeerRing, _ count: Int, _ cores: Cores
    ) throws -> [Double] {
        let there = PeerRing.Queue(peer, capacity: capacity)
        let back = PeerRing.Queue(peer, capacity: capacity)
        let warmUp = 1_000
        let all = UInt64(count + warmUp)
        let echo = try cores.startOther { peer.pong(there.pointer, back.pointer, all) }
        defer { echo.join() }
        return try cores.measure {
            let watch = Stopwatch()
            var ticks = [UInt64](repeating: 0, count: count + warmUp)
            peer.ping(there.pointer, back.pointer, all, &ticks)
            return ticks.dropFirst(warmUp).map(watch.nanoseconds)
        }
    }

    // MARK: - Throughput

    private static func throughput(
        _ options: BenchmarkOptions, _ cores: Cores, _ peer: PeerRing?
    ) throws -> [BenchmarkRate] {
        let length = min(streamLength, options.samples * 50)
        var drained: [Double] = []
        var popped: [Double] = []
        var floor: [Double] = []
        var theirs: [Double] = []
        for _ in 0..<7 {
            drained.append(try stream(length, cores, atMost: 256))
            popped.append(try stream(length, cores, atMost: 1))
            if options.hasFloor { floor.append(try floorStream(length, cores)) }
            if let peer { theirs.append(try peerStream(peer, length, cores)) }
        }
        let peers = peer.map { peer in
            [BenchmarkRatePeer(name: peer.name, perSecond: median(theirs))]
        }
        return [("taken as they come", drained), ("taken one by one", popped)].map { name, ours in
            BenchmarkRate(
                name: "8 bytes one way, \(name)", perSecond: median(ours),
                floor: floor.isEmpty ? nil : median(floor), peers: peers)
        }
    }

    private static func median(_ values: [Double]) -> Double {
        Distribution(values).percentile(50)
    }

    /// Numbers a second; the receiver frees the slots of at most so many together.
    private static func stream(_ length: Int, _ cores: Cores, atMost batch: Int) throws -> Double {
        let ring = HeldEnds(SPSCRing.make(of: UInt64.self, capacity: capacity))
        let total = SharedMemory<UInt64>(0)
        let receiver = try cores.startOther {
            guard var consumer = ring.takeConsumer() else { return }
            total.pointer.pointee =
                batch > 1
                ? drainAll(&consumer, length, atMost: batch) : popAll(&consumer, length)
        }
        let rate = try cores.measure {
            guard var producer = ring.takeProducer() else { return 0.0 }
            let watch = Stopwatch()
            let start = TSCClock.ticks()
            for number in 0..<UInt64(length) { while !producer.tryPush(number) {} }
            receiver.join()
            return Double(length) * 1e9 / watch.nanoseconds(TSCClock.ticks() &- start)
        }
        try check(total.pointer.pointee, length)
        return rate
    }

    private static func drainAll(
        _ consumer: inout RingConsumer<UInt64>, _ length: Int, atMost batch: Int
    ) -> UInt64 {
        var total: UInt64 = 0
        var left = length
        while left > 0 { left -= consumer.drain(atMost: batch) { total &+= $0 } }
        return total
    }

    private static func popAll(_ consumer: inout RingConsumer<UInt64>, _ length: Int) -> UInt64 {
        var total: UInt64 = 0
        var left = length
        while left > 0 {
            guard let number = consumer.tryPop() else { continue }
            total &+= number
            left -= 1
        }
        return total
    }

    private static func peerStream(
        _ peer: PeerRing, _ length: Int, _ cores: Cores
    ) throws -> Double {
        let ring = PeerRing.Queue(peer, capacity: capacity)
        let total = SharedMemory<UInt64>(0)
        let receiver = try cores.startOther {
            total.pointer.pointee = peer.receive(ring.pointer, UInt64(length))
        }
        let rate = try cores.measure {
            let watch = Stopwatch()
            let start = TSCClock.ticks()
            peer.send(ring.pointer, UInt64(length))
            receiver.join()
            return Double(length) * 1e9 / watch.nanoseconds(TSCClock.ticks() &- start)
        }
        try check(total.pointer.pointee, length)
        return rate
    }

    /// Whoever loses a number has not been quick.
    private static func check(_ total: UInt64, _ length: Int) throws(BenchmarkFailure) {
        let wanted = UInt64(length) * UInt64(length - 1) / 2
        if total != wanted { throw BenchmarkFailure("a ring passed on \(total), not \(wanted)") }
    }

    private static func floorStream(_ length: Int, _ cores: Cores) throws -> Double {
        let stream = SharedMemory<cfloor_stream>(cfloor_stream())
        let receiver = try cores.startOther {
            _ = cfloor_stream_receive(stream.pointer, UInt64(length))
        }
        return try cores.measure {
            let watch = Stopwatch()
            let start = TSCClock.ticks()
            cfloor_stream_send(stream.pointer, UInt64(length))
            receiver.join()
            return Double(length) * 1e9 / watch.nanoseconds(TSCClock.ticks() &- start)
        }
    }
}
