import Journal
import TickToTrade
import Wire

/// What an engine trades with: types of strategies, and the code of a lane made for them.
///
/// Name a set of types, and the compiler specialises a lane's whole duty cycle for it in the module
/// that names it:
///
///     StrategyProgram(StrategyPair<BuiltInStrategies, StrategyGroup<BuyTheDip>>.self)
///
/// The compiler proves that this code neither allocates nor locks nor counts references wherever a
/// function under `@_noLocks` contains it. One that is never called will do, in the strategy's own
/// file (debug builds do not see into others):
///
///     @_noLocks
///     private func proof(
///         _ lane: UnsafeMutablePointer<Lane<URingTransport, StrategyGroup<BuyTheDip>>>
///     ) {
///         _ = (lane.pointee.cycle(), lane.pointee.drainHeld())
///     }
public struct StrategyProgram: Sendable {
    /// What `kind:` may say in its configuration.
    public let kinds: [StrategyKind]
    /// Builds a lane and runs it to its end, on the lane's own thread.
    @usableFromInline let runLane:
        @Sendable (LaneParts, LaneEnds, LaneInstruments) throws(StartFailure) -> Void
    /// Feeds a journal to a core with these strategies, and shows every record to an observer.
    @usableFromInline let replay:
        @Sendable (String, ReplayPreamble, (JournalRecordView) -> Void) throws -> ReplaySummary

    /// A program of these strategies.
    @inlinable
    public init<Strategies: ConfiguredStrategySet & ~Copyable>(_ strategies: Strategies.Type) {
        self.init(strategies, uring: LaneRoots(), direct: LaneRoots())
    }

    /// A program of these strategies whose lanes run the given roots.
    @inlinable
    public init<Strategies: ConfiguredStrategySet & ~Copyable>(
        _ strategies: Strategies.Type, uring: LaneRoots<URingTransport, Strategies>,
        direct: LaneRoots<DirectTransport, Strategies>
    ) {
        kinds = Strategies.kinds
        precondition(Set(kinds.map(\.name)).count == kinds.count, "no two strategies share a kind")
        runLane = Self.runner(uring, direct)
        replay = { directory, preamble, observe in
            try JournalReplay.run(directory, preamble, Strategies(preamble.settings), observe)
        }
    }

    /// Runs a lane on the transport that its configuration wants and the kernel has.
    @usableFromInline
    static func runner<Strategies: ConfiguredStrategySet & ~Copyable>(
        _ uring: LaneRoots<URingTransport, Strategies>,
        _ direct: LaneRoots<DirectTransport, Strategies>
    ) -> @Sendable (LaneParts, LaneEnds, LaneInstruments) throws(StartFailure) -> Void {
        { parts, ends, instruments throws(StartFailure) in
            if parts.configuration.lanes[0].transport == .uring {
                guard let refusal = try runOnURing(parts, ends, instruments, uring) else { return }
                instruments.notes.addFallback(refusal)
            }
            try runOnSockets(parts, ends, instruments, direct)
        }
    }
}

/// The code that a lane runs: whoever names `Strategies` has it specialised for them.
public struct LaneRoots<
    Wires: Transport & SendableMetatype & ~Copyable, Strategies: ConfiguredStrategySet & ~Copyable
>: Sendable {
    /// Runs a lane to its end: duty cycles and, between them, its slow half.
    public let run: @Sendable (UnsafeMutablePointer<Lane<Wires, Strategies>>) -> Void

    /// A lane's own code.
    @inlinable
    public init() {
        run = { lane in lane.pointee.run({ $0.pointee.cycle() }, { $0.pointee.drainHeld() }) }
    }

    /// A lane's own code behind two functions of the caller's: roots that the compiler has proven
    /// under `@_noLocks`, and that profiles and disassembly show by name. They are one line each,
    /// `lane.pointee.cycle()` and `lane.pointee.drainHeld()`.
    @inlinable
    public init(
        dutyCycle: @escaping @Sendable (UnsafeMutablePointer<Lane<Wires, Strategies>>) ->
            CycleOutcome,
        drainHeld: @escaping @Sendable (UnsafeMutablePointer<Lane<Wires, Strategies>>) -> Bool
    ) {
        run = { lane in lane.pointee.run(dutyCycle, drainHeld) }
    }
}
