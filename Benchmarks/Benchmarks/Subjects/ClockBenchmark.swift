import Machine

/// What measuring costs: a time stamp and its entry in a latency histogram.
enum ClockBenchmark {
    static func run(_ options: BenchmarkOptions) throws -> BenchmarkReport {
        let rows = try Cores(options).measure {
            let clock = TSCClock.calibrated()
            let histogram = LatencyHistogram.allocate()
            defer { histogram.deallocate() }
            let meter = Meter(options: options)
            return [
                meter.measure(
                    Contest(
                        name: "stamp and histogram", batch: 100,
                        ours: Contestant("apus") { count in
                            var last = TSCClock.ticks()
                            for _ in 0..<count {
                                let now = TSCClock.ticks()
                                histogram.record(clock.nanoseconds(now &- last))
                                last = now
                            }
                        })),
                meter.measure(
                    Contest(
                        name: "stamp alone", batch: 100,
                        ours: Contestant("apus") { count in
                            var sum: UInt64 = 0
                            for _ in 0..<count { sum &+= TSCClock.ticks() }
                            precondition(sum > 0)
                        })),
            ]
        }
        return BenchmarkReport("clock", rows: rows)
    }
}
