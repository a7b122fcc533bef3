/// What every benchmark is told.
package struct BenchmarkOptions: Sendable {
    /// When a measurement has enough.
    package enum Extent: Sendable, Equatable {
        /// Samples of each contestant.
        case samples(Int)
        /// Nanoseconds for a contest, all contestants together.
        case duration(Int64)
    }

    package var extent: Extent
    /// Whether the C floor runs beside our code, turn by turn.
    package var hasFloor: Bool
    /// The core that measures; `nil`: the last one.
    package var core: Int?
    /// SCHED_FIFO priority of the threads that measure, `nil` for the ordinary scheduler.
    package var priority: Int?
    /// Where files are made that a benchmark needs.
    package var directory: String
    /// How the engine's sockets are driven where there are some.
    package var transports = [WireChoice.direct]
    /// How orders leave over io_uring.
    package var sends = [SendChoice.call]
    /// The executable that becomes the other end with `bench generator`; `nil`: a thread of ours.
    package var generator: String?

    /// TA-Lib's shared library, to hold indicators against.
    package var library: String?
    /// The file with the instructions of indicators; `nil`: the repository's, if it is there.
    package var instructions: String?
    /// Somebody else's readers of messages for the codec, or their ring, as scripts/peers builds them.
    package var peer: String?
    /// Captures of BTCUSDT on Binance Spot in their order; none: a generated market.
    package var captures: [String] = []

    package enum WireChoice: String, CaseIterable, Sendable {
        case direct, uring
    }

    package enum SendChoice: String, CaseIterable, Sendable {
        case ring, call
    }

    /// One way of the engine to drive its sockets.
    struct Way: Sendable {
        let transport: WireChoice
        let send: SendChoice

        var name: String {
            switch transport {
            case .direct: "transport: direct"
            case .uring: "transport: uring, send: \(send.rawValue)"
            }
        }
    }

    /// All that were asked for; those behind the first are held against it.
    var ways: [Way] {
        transports.flatMap { transport in
            switch transport {
            case .direct: [Way(transport: .direct, send: .call)]
            case .uring: sends.map { Way(transport: .uring, send: $0) }
            }
        }
    }

    package init(
        extent: Extent = .samples(20_000), hasFloor: Bool = false, core: Int? = nil,
        priority: Int? = nil, directory: String
    ) {
        self.extent = extent
        self.hasFloor = hasFloor
        self.core = core
        self.priority = priority
        self.directory = directory
    }

    /// Turns that contestants take; within one of them the machine is about the same for all.
    static let rounds = 20

    /// Samples of each contestant where a duration cannot be kept to.
    var samples: Int {
        switch extent {
        case .samples(let count): count
        case .duration(let span): Int(max(1_000, span / 50_000))
        }
    }
}

/// Why a benchmark came to nothing.
package struct BenchmarkFailure: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}
