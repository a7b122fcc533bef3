import Rings
import TickToTrade

/// What one lane shows the outer ring: fixed records under one sequence lock.
///
/// The lane writes its own copy and publishes that without waiting; readers copy what was published
/// and try again when it changed meanwhile. A reader that never comes costs the lane nothing
/// (design law 10).
public struct StatusBoard: @unchecked Sendable {
    // SAFETY: the pointers and what they point at are the lane's own; readers have `published` alone.
    @usableFromInline let published: SequencedWords
    @usableFromInline let lane: UnsafeMutablePointer<LaneSummary>
    @usableFromInline let instruments: UnsafeMutablePointer<InstrumentSummary>
    @usableFromInline let assets: UnsafeMutablePointer<AssetSummary>
    @usableFromInline let contexts: UnsafeMutablePointer<ContextSummary>
    /// The market context that the next publication shows anew.
    @usableFromInline let contextTurn: UnsafeMutablePointer<Int>
    @usableFromInline let layout: StatusBoardLayout

    @inlinable public var instrumentCount: Int { layout.instrumentCount }
    @inlinable public var assetCount: Int { layout.assetCount }
    @inlinable public var contextCount: Int { layout.contextCount }

    /// Lives as long as the process: boards are made once, at start.
    public init(instrumentCount: Int, assetCount: Int = 0, contextCount: Int = 0) {
        layout = StatusBoardLayout(
            instrumentCount: instrumentCount, assetCount: assetCount, contextCount: contextCount)
        contextTurn = .allocate(capacity: 1)
        contextTurn.initialize(to: 0)
        let records = UnsafeMutableRawPointer.allocate(byteCount: layout.words * 8, alignment: 64)
        // Padding is published too.
        records.initializeMemory(as: UInt64.self, repeating: 0, count: layout.words)
        lane = records.initializeMemory(as: LaneSummary.self, to: LaneSummary())
        instruments = (records + layout.instruments * 8)
            .initializeMemory(
                as: InstrumentSummary.self, repeating: InstrumentSummary(), count: instrumentCount)
        assets = (records + layout.assets * 8)
            .initializeMemory(as: AssetSummary.self, repeating: AssetSummary(), count: assetCount)
        contexts = (records + layout.contexts * 8)
            .initializeMemory(
                as: ContextSummary.self, repeating: ContextSummary(), count: contextCount)
        published = SequencedWords(count: layout.words)
        published.beginChange()
        published.store(0..<layout.words, of: records)
        published.endChange()
    }

    /// Shows what the lane has written: all but the market contexts, of which the one at `context`.
    @inlinable
    func publish(context: Int?) {
        let records = UnsafeRawPointer(lane)
        published.beginChange()
        published.store(0..<layout.contexts, of: records)
        if let context { published.store(layout.words(ofContext: context), of: records) }
        published.endChange()
    }

    /// The market context to show anew, each in its turn; `nil` when there is none.
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

    /// A consistent copy of everything. Any thread.
    public func read() -> Publication {
        let copy = UnsafeMutableRawPointer.allocate(byteCount: layout.words * 8, alignment: 64)
        defer { copy.deallocate() }
        published.copy(to: copy)
        func records<Record: BitwiseCopyable>(
            at word: Int, _ count: Int, _ type: Record.Type
        ) -> [Record] {
            (0..<count).map { place in
                copy.load(fromByteOffset: word * 8 + place * MemoryLayout<Record>.stride, as: type)
            }
        }
        return Publication(
            lane: copy.load(as: LaneSummary.self),
            instruments: records(at: layout.instruments, instrumentCount, InstrumentSummary.self),
            assets: records(at: layout.assets, assetCount, AssetSummary.self),
            contexts: records(at: layout.contexts, contextCount, ContextSummary.self))
    }
}

/// Where the records of a board are, in words from its start: the lane's, then instruments, assets
/// and market contexts, each kind on 16 bytes.
@usableFromInline
struct StatusBoardLayout: Sendable {
    @usableFromInline let instrumentCount: Int
    @usableFromInline let assetCount: Int
    @usableFromInline let contextCount: Int
    let instruments: Int
    let assets: Int
    @usableFromInline let contexts: Int
    @usableFromInline let words: Int

    init(instrumentCount: Int, assetCount: Int, contextCount: Int) {
        self.instrumentCount = instrumentCount
        self.assetCount = assetCount
        self.contextCount = contextCount
        instruments = Self.words(1, LaneSummary.self)
        assets = instruments + Self.words(instrumentCount, InstrumentSummary.self)
        contexts = assets + Self.words(assetCount, AssetSummary.self)
        words = contexts + Self.words(contextCount, ContextSummary.self)
    }

    @inlinable
    func words(ofContext place: Int) -> Range<Int> {
        let each = MemoryLayout<ContextSummary>.stride / 8
        let first = contexts &+ place &* each
        return first..<first &+ each
    }

    /// Up to a multiple of 16 bytes, which no record's alignment is above.
    private static func words<Record: BitwiseCopyable>(_ count: Int, _ type: Record.Type) -> Int {
        precondition([8, 16].contains(MemoryLayout<Record>.alignment), "records are whole words")
        return (count * MemoryLayout<Record>.stride + 15) / 16 * 2
    }
}
