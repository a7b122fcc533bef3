import Synchronization
import TickToTrade

/// What one lane shows the outer ring: fixed records in shared memory under one sequence lock.
///
/// The lane writes without waiting; readers copy and check that the sequence did not move, and try
/// again when it did. A reader that never comes costs the lane nothing (design law 10).
public struct StatusBoard: @unchecked Sendable {
    // SAFETY: one writer (the lane); readers validate every copy by the sequence word.
    @usableFromInline let sequence: UnsafeMutablePointer<Atomic<UInt64>>
    @usableFromInline let lane: UnsafeMutablePointer<LaneSummary>
    @usableFromInline let instruments: UnsafeMutablePointer<InstrumentSummary>
    @usableFromInline let assets: UnsafeMutablePointer<AssetSummary>
    public let instrumentCount: Int
    public let assetCount: Int
    @usableFromInline let contexts: UnsafeMutablePointer<ContextSummary>
    public let contextCount: Int
    /// The market context that the next publication shows anew; the lane's own.
    @usableFromInline let contextTurn: UnsafeMutablePointer<Int>

    /// Lives as long as the process: boards are made once, at start.
    public init(instrumentCount: Int, assetCount: Int = 0, contextCount: Int = 0) {
        self.instrumentCount = instrumentCount
        self.assetCount = assetCount
        self.contextCount = contextCount
        contextTurn = .allocate(capacity: 1)
        contextTurn.initialize(to: 0)
        contexts = .allocate(capacity: Swift.max(contextCount, 1))
        contexts.initialize(repeating: ContextSummary(), count: Swift.max(contextCount, 1))
        assets = .allocate(capacity: Swift.max(assetCount, 1))
        assets.initialize(repeating: AssetSummary(), count: Swift.max(assetCount, 1))
        sequence = .allocate(capacity: 1)
        sequence.initialize(to: Atomic(0))
        lane = .allocate(capacity: 1)
        lane.initialize(to: LaneSummary())
        instruments = .allocate(capacity: Swift.max(instrumentCount, 1))
        instruments.initialize(repeating: InstrumentSummary(), count: Swift.max(instrumentCount, 1))
    }

    /// Opens a publication: the records may be written until ``endWrite()``. The lane only.
    @inlinable @inline(__always)
    public func beginWrite() {
        let current = sequence.pointee.load(ordering: .relaxed)
        sequence.pointee.store(current &+ 1, ordering: .relaxed)
        atomicMemoryFence(ordering: .releasing)
    }

    @inlinable @inline(__always)
    public func endWrite() {
        let current = sequence.pointee.load(ordering: .relaxed)
        sequence.pointee.store(current &+ 1, ordering: .releasing)
    }

    /// The market context to show anew, each in its turn; `nil` when there is none. The lane only.
    @inlinable
    func nextContext() -> Int? {
        if contextCount == 0 { return nil }
        let place = contextTurn.pointee
        contextTurn.pointee = place &+ 1 < contextCount ? place &+ 1 : 0
        return place
    }

    /// What the lane has published, of one moment.
    public struct Publication: Sendable {
        public var lane: LaneSummary
        public var instruments: [InstrumentSummary]
        public var assets: [AssetSummary]
        /// Each of a moment up to a few publications ago.
        public var contexts: [ContextSummary]
    }

    /// A consistent copy of everything.
    public func read() -> Publication {
        while true {
            let before = sequence.pointee.load(ordering: .acquiring)
            if before & 1 == 0 {
                let laneCopy = lane.pointee
                let copies = (0..<instrumentCount).map { instruments[$0] }
                let assetCopies = (0..<assetCount).map { assets[$0] }
                let contextCopies = (0..<contextCount).map { contexts[$0] }
                atomicMemoryFence(ordering: .acquiring)
                if sequence.pointee.load(ordering: .relaxed) == before {
                    return Publication(
                        lane: laneCopy, instruments: copies, assets: assetCopies,
                        contexts: contextCopies)
                }
            }
        }
    }
}
