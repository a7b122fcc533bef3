import MarketModel

/// What to do with a depth diff that has just arrived.
@frozen
public enum DepthAction: BitwiseCopyable, Sendable, Equatable {
    /// It continues the book: apply it now.
    case apply
    /// The book already holds everything it says.
    case ignoreOld
    /// Kept until a snapshot comes; one has been asked for.
    case buffered
    /// Kept as the first of its run: ask for a snapshot.
    case requestSnapshot
    /// Updates are missing before it: invalidate the book and ask for a snapshot. It is kept.
    case gap(expected: Int64, got: Int64)
    /// Too much was kept: the older diffs are gone, the book is invalid, ask for another snapshot.
    case overflowed
}

/// What to do with a depth snapshot that has just arrived.
@frozen
public enum SnapshotAction: BitwiseCopyable, Sendable, Equatable {
    /// Load it, then apply what ``DepthSynchronizer/nextBuffered()`` returns until it is `nil`.
    case load
    /// Older than the first diff kept: ask for another one.
    case tooOld
    /// Nobody waits for a snapshot: leave it.
    case unexpected
}

/// A diff kept while the snapshot was on its way; valid until the replay ends or breaks off.
@frozen
public struct BufferedDepth: BitwiseCopyable {
    public let header: DepthHeader
    public let levels: UnsafePointer<BookLevel>
}

/// Joins one instrument's diff stream to a REST snapshot without losing an update.
///
/// The rules of Binance Spot ("How to manage a local order book correctly"): keep diffs from the
/// moment of subscribing; a snapshot older than the first of them is useless; diffs with
/// `u <= lastUpdateId` are dropped; the next must have `U <= lastUpdateId + 1 <= u`, and later
/// ones may not leave a hole after the last `u`. Pure: no clock, no I/O, bounded memory taken at
/// the start; how often a snapshot is asked for is the caller's affair. One owner, one thread.
public struct DepthSynchronizer: ~Copyable {
    /// Where the conversation stands.
    @frozen
    public enum Phase: UInt8, BitwiseCopyable, Sendable {
        /// Diffs are kept; a snapshot is needed.
        case waiting
        /// A snapshot is loaded; kept diffs are being handed out, new ones still kept.
        case replaying
        /// Diffs go straight to the book.
        case synchronized
    }

    public private(set) var phase = Phase.waiting
    /// The last update id handed to the book; of no meaning while waiting.
    public private(set) var lastUpdateID: Int64 = 0
    /// The last update id of the run: applied, kept, or the snapshot's.
    private var tailID: Int64 = 0
    /// Diffs kept at the moment.
    public private(set) var bufferedCount = 0

    /// Holes found in the stream, since the start.
    public private(set) var gapCount: Int64 = 0
    /// Times the buffer ran over.
    public private(set) var overflowCount: Int64 = 0
    /// Snapshots that came too old.
    public private(set) var staleSnapshotCount: Int64 = 0
    /// Diffs that held nothing new.
    public private(set) var ignoredCount: Int64 = 0
    /// Times the book was joined to a snapshot; the first is no resynchronisation.
    public private(set) var synchronizationCount: Int64 = 0

    /// Times the book had to be joined again after the first time.
    public var resyncCount: Int64 { @_noLocks get { max(0, synchronizationCount &- 1) } }

    private let headers: UnsafeMutablePointer<DepthHeader>
    private let levels: UnsafeMutablePointer<BookLevel>
    private let headerCapacity: Int
    private let levelCapacity: Int
    private var levelCount = 0
    private var replayIndex = 0
    private var replayLevel = 0

    /// Room for `diffCapacity` diffs with `levelCapacity` levels together; 0.5 MB by default,
    /// enough for most of a minute of BTCUSDT.
    public init(diffCapacity: Int = 512, levelCapacity: Int = 32_768) {
        precondition(diffCapacity > 0 && levelCapacity > 0, "the buffer holds something")
        headerCapacity = diffCapacity
        self.levelCapacity = levelCapacity
        headers = .allocate(capacity: diffCapacity)
        levels = .allocate(capacity: levelCapacity)
        // Touched now, so that no page fault is left for a bad moment.
        headers.initialize(repeating: Self.noHeader, count: diffCapacity)
        levels.initialize(
            repeating: BookLevel(price: .zero, quantity: .zero), count: levelCapacity)
    }

    deinit {
        headers.deallocate()
        levels.deallocate()
    }

    /// The stream was (re)opened: forget everything but the counters.
    @_noLocks
    public mutating func reset() {
        phase = .waiting
        discard()
        lastUpdateID = 0
        tailID = 0
    }

    // MARK: - Diffs

    /// Takes the next diff of the stream. Before the end of a replay it is copied, later not
    /// touched.
    @_noLocks
    public mutating func onDiff(
        _ header: DepthHeader, _ levels: UnsafePointer<BookLevel>
    ) -> DepthAction {
        if header.firstUpdateID > header.lastUpdateID { return startOver(with: header, levels) }
        if phase == .waiting, bufferedCount == 0 {
            if keep(header, levels) { return .requestSnapshot }
            overflowCount &+= 1
            return .overflowed
        }
        if header.lastUpdateID <= tailID {
            ignoredCount &+= 1
            return .ignoreOld
        }
        if header.firstUpdateID > tailID &+ 1 { return startOver(with: header, levels) }
        if phase == .synchronized {
            lastUpdateID = header.lastUpdateID
            tailID = header.lastUpdateID
            return .apply
        }
        if keep(header, levels) { return .buffered }
        overflowCount &+= 1
        phase = .waiting
        discard()
        _ = keep(header, levels)
        return .overflowed
    }

    /// The run is broken: this diff begins a new one, unless it makes no sense itself.
    private mutating func startOver(
        with header: DepthHeader, _ levels: UnsafePointer<BookLevel>
    ) -> DepthAction {
        gapCount &+= 1
        let expected = tailID &+ 1
        phase = .waiting
        discard()
        if header.firstUpdateID <= header.lastUpdateID { _ = keep(header, levels) }
        return .gap(expected: expected, got: header.firstUpdateID)
    }

    private mutating func keep(
        _ header: DepthHeader, _ source: UnsafePointer<BookLevel>
    ) -> Bool {
        let count = header.levelCount
        if bufferedCount == headerCapacity || count > levelCapacity &- levelCount { return false }
        headers[bufferedCount] = header
        UnsafeMutableRawPointer(levels + levelCount)
            .copyMemory(from: source, byteCount: count &* MemoryLayout<BookLevel>.stride)
        bufferedCount &+= 1
        levelCount &+= count
        tailID = header.lastUpdateID
        return true
    }

    /// Empties the buffer; nothing is known of the stream then.
    private mutating func discard() {
        bufferedCount = 0
        levelCount = 0
        replayIndex = 0
        replayLevel = 0
    }

    // MARK: - The snapshot

    /// Judges a snapshot by its `lastUpdateId`.
    ///
    /// Without any diff kept it is taken: whether the stream continues it shows with the next diff.
    @_noLocks
    public mutating func onSnapshot(_ snapshot: DepthHeader) -> SnapshotAction {
        if phase != .waiting { return .unexpected }
        if bufferedCount > 0, snapshot.lastUpdateID < headers[0].firstUpdateID {
            staleSnapshotCount &+= 1
            return .tooOld
        }
        lastUpdateID = snapshot.lastUpdateID
        if bufferedCount == 0 || tailID < lastUpdateID { tailID = lastUpdateID }
        synchronizationCount &+= 1
        phase = .replaying
        replayIndex = 0
        replayLevel = 0
        return .load
    }

    /// The next kept diff that the snapshot does not contain. `nil` ends the replay: the phase is
    /// then ``Phase/synchronized``, or ``Phase/waiting`` if a gap or an overflow broke it off.
    @_noLocks
    public mutating func nextBuffered() -> BufferedDepth? {
        if phase != .replaying { return nil }
        while replayIndex < bufferedCount {
            let header = headers[replayIndex]
            let first = UnsafePointer(levels + replayLevel)
            replayIndex &+= 1
            replayLevel &+= header.levelCount
            if header.lastUpdateID <= lastUpdateID {
                ignoredCount &+= 1
                continue
            }
            // Kept diffs leave no hole among themselves, and none after an accepted snapshot.
            lastUpdateID = header.lastUpdateID
            return BufferedDepth(header: header, levels: first)
        }
        phase = .synchronized
        discard()
        return nil
    }

    private static var noHeader: DepthHeader {
        DepthHeader(
            instrument: .none, isSnapshot: false, firstUpdateID: 0, lastUpdateID: 0, bidCount: 0,
            askCount: 0, venueTime: .unknown, receiveTime: .unknown)
    }
}
