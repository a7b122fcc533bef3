/// A mapped segment on its way between the journal's thread and the writer.
struct MappedSegment: BitwiseCopyable, @unchecked Sendable {
    // SAFETY (unchecked): one side at a time owns it; the rings hand it over.
    let base: UnsafeMutableRawPointer
    let byteCount: Int
    let descriptor: Int32
    let number: UInt32
    /// Bytes used, header included; known when the writer gives it back.
    var end: Int
}

/// The writer's counters by their place on its page.
enum WriterCounter: Int, CaseIterable {
    case sequence, records, bytes, refused, segment, offset, closing
}

/// Whether appends are taken: the one counter of the page that both sides write, and nobody back.
enum JournalClosing {
    static var open: Int64 { @_noLocks get { 0 } }
    static var stopped: Int64 { @_noLocks get { 1 } }
    /// The disk has refused bytes, or the writer has ended it: nothing may be sent that is not kept
    /// (design law 7).
    static var failed: Int64 { @_noLocks get { 2 } }
}
