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
    case sequence, records, bytes, refused, segment, offset, isClosed
}
