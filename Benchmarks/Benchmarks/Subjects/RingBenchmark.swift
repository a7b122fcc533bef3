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
        let perRound = max(1, options.samples / BenchmarkOptions.rounds)
        var small: [Double] = []
        var large: [Double] = []
        var floor: [Double] = []
        for _ in 0..<BenchmarkOptions.rounds {
            small += try roundTrips(UInt64.self, perRound, cores) { $0 }
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
        let rate = try throughput(options, cores)
        return BenchmarkReport(
            "ring", rows: rows, rates: [rate],
            notes: [
                "a round trip passes two rings; the floor bounces one cache line",
                "the throughput's floor is a C ring whose ends keep the other's index",
            ])
    }

    /// Eight words: a whole cache line.
    private struct Line: BitwiseCopyable, Sendable {
        var number: UInt64
        var rest: (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0, 0, 0, 0)
    }

    // MARK: - Round trips

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

    // MARK: - Throughput

    private static func throughput(
        _ options: BenchmarkOptions, _ cores: Cores
    ) throws -> BenchmarkRate {
        let length = min(streamLength, options.samples * 50)
        var ours: [Double] = []
        var floor: [Double] = []
        for _ in 0..<7 {
            ours.append(try stream(length, cores))
            if options.hasFloor { floor.append(try floorStream(length, cores)) }
        }
        return BenchmarkRate(
            name: "8 bytes one way", perSecond: Distribution(ours).percentile(50),
            floor: floor.isEmpty ? nil : Distribution(floor).percentile(50))
    }

    private static func stream(_ length: Int, _ cores: Cores) throws -> Double {
        let ring = HeldEnds(SPSCRing.make(of: UInt64.self, capacity: capacity))
        let total = SharedMemory<UInt64>(0)
        let receiver = try cores.startOther {
            guard var consumer = ring.takeConsumer() else { return }
            var left = length
            while left > 0 {
                left -= consumer.drain(atMost: 256) { total.pointer.pointee &+= $0 }
            }
        }
        return try cores.measure {
            guard var producer = ring.takeProducer() else { return 0 }
            let watch = Stopwatch()
            let start = TSCClock.ticks()
            for number in 0..<UInt64(length) { while !producer.tryPush(number) {} }
            receiver.join()
            return Double(length) * 1e9 / watch.nanoseconds(TSCClock.ticks() &- start)
        }
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
