import Machine

/// Somebody's way to do an operation a number of times.
struct Contestant {
    let name: String
    /// What must lie ready for so many operations; not measured.
    var prepare: ((Int) -> Void)?
    let run: (Int) -> Void

    init(_ name: String, prepare: ((Int) -> Void)? = nil, _ run: @escaping (Int) -> Void) {
        self.name = name
        self.prepare = prepare
        self.run = run
    }
}

/// One operation, done by our code and by what it is held against.
struct Contest {
    let name: String
    /// Operations that one sample is the mean of.
    let batch: Int
    let ours: Contestant
    var floor: Contestant?
    var peers: [Contestant] = []
}

/// Measures contests on the calling thread: contestants in turn, so that what the machine does
/// meanwhile meets all of them alike.
struct Meter {
    let options: BenchmarkOptions
    let watch = Stopwatch()

    func measure(_ contest: Contest) -> BenchmarkRow {
        var contestants = [contest.ours]
        if options.hasFloor, let floor = contest.floor { contestants.append(floor) }
        let firstPeer = contestants.count
        contestants += contest.peers
        var samples = contestants.map { _ in [Double]() }
        for contestant in contestants { warm(contestant, contest.batch) }
        var rounds = Rounds(options)
        while rounds.goOn() {
            for (index, contestant) in contestants.enumerated() {
                measure(contestant, contest.batch, rounds.samples, into: &samples[index])
            }
        }
        var row = BenchmarkRow(
            name: contest.name, batch: contest.batch, values: Distribution(samples[0]))
        if firstPeer == 2 { row.setFloor(Distribution(samples[1])) }
        for (index, peer) in contest.peers.enumerated() {
            row.peers.append(
                BenchmarkPeer(
                    name: peer.name, figures: Figures(Distribution(samples[firstPeer + index]))))
        }
        return row
    }

    private func warm(_ contestant: Contestant, _ batch: Int) {
        for _ in 0..<3 {
            contestant.prepare?(batch)
            contestant.run(batch)
        }
    }

    private func measure(
        _ contestant: Contestant, _ batch: Int, _ count: Int, into samples: inout [Double]
    ) {
        samples.reserveCapacity(samples.count + count)
        for _ in 0..<count {
            contestant.prepare?(batch)
            let start = Stopwatch.ticks()
            contestant.run(batch)
            let end = Stopwatch.ticks()
            samples.append(watch.nanoseconds(end &- start) / Double(batch))
        }
    }
}

/// Counts the turns of a contest.
struct Rounds {
    /// Samples of each contestant in a turn.
    let samples: Int
    private let end: ContinuousClock.Instant?
    private var left: Int

    init(_ options: BenchmarkOptions) {
        switch options.extent {
        case .samples(let count):
            samples = max(1, count / BenchmarkOptions.rounds)
            left = (count + samples - 1) / samples
            end = nil
        case .duration(let span):
            samples = 200
            left = .max
            end = ContinuousClock.now + .nanoseconds(span)
        }
    }

    mutating func goOn() -> Bool {
        if left == 0 { return false }
        if let end, ContinuousClock.now >= end { return false }
        left -= 1
        return true
    }
}
