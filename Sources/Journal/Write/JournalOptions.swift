import MarketModel

/// How a journal is kept.
public struct JournalOptions: Sendable {
    /// Size of a segment file, 4 KiB to 4 GiB - 4 KiB; rounded up to whole pages.
    public var segmentBytes: Int
    /// How often written bytes are forced to the disk; `nil`: when the kernel likes, and the last
    /// segment at the end. Records survive the process either way; this is about the machine.
    public var syncInterval: Nanoseconds?
    /// Closed segments beyond this many bytes are removed, oldest first; `nil`: never.
    public var retentionBytes: Int64?
    /// Closed segments begun longer ago are removed; `nil`: never.
    public var retentionAge: Nanoseconds?
    /// Segments kept ready ahead of the writer, 1...8.
    public var preparedSegments: Int
    /// Bytes that the last segment keeps for what orders need; `nil`: as its size asks for.
    package var reserveBytes: Int?
    /// Where the system's calls go.
    package var disk = JournalDisk.system

    public init(
        segmentBytes: Int = 64 << 20, syncInterval: Nanoseconds? = .milliseconds(100),
        retentionBytes: Int64? = nil, retentionAge: Nanoseconds? = nil, preparedSegments: Int = 2
    ) {
        self.segmentBytes = segmentBytes
        self.syncInterval = syncInterval
        self.retentionBytes = retentionBytes
        self.retentionAge = retentionAge
        self.preparedSegments = preparedSegments
    }

    /// What the writer keeps of a segment.
    var reserve: Int { reserveBytes ?? SegmentLayout.reserve(of: segmentBytes) }

    func checked() throws(JournalFailure) -> JournalOptions {
        guard segmentBytes >= 4096, segmentBytes <= (4 << 30) - 4096 else {
            throw .invalidOption("a segment has 4 KiB to 4 GiB - 4 KiB, not \(segmentBytes) bytes")
        }
        guard preparedSegments >= 1, preparedSegments <= 8 else {
            throw .invalidOption("1 to 8 segments are prepared, not \(preparedSegments)")
        }
        if let syncInterval, syncInterval.count <= 0 {
            throw .invalidOption("the sync interval is positive")
        }
        var rounded = self
        rounded.segmentBytes = (segmentBytes + 4095) & ~4095
        return rounded
    }
}

/// A journal's progress at one moment.
public struct JournalStatus: Equatable, Sendable {
    public var directory = ""
    public var lane: UInt8 = 0
    /// Records and their bytes appended in this run.
    public var records: Int64 = 0
    public var bytes: Int64 = 0
    /// Sequence of the last record.
    public var sequence: UInt64 = 0
    /// Appends refused because no segment was ready or the record was too large.
    public var refused: Int64 = 0
    /// Number of the segment being written, 0 before the first record.
    public var segment: Int64 = 0
    /// Times that bytes were forced to the disk.
    public var syncs: Int64 = 0
    /// Bytes appended and not yet forced to the disk.
    public var lagBytes: Int64 = 0
    /// Closed segments removed by retention.
    public var segmentsRemoved: Int64 = 0
    /// Nothing more is taken in this run: the disk has lost bytes, or what orders need found no room.
    public var hasEnded = false
    /// The last thing the system refused, `nil` when all is well.
    public var failure: String?

    public init() {}
}
