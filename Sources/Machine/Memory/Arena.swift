import CLinuxURing

/// Memory taken once at start and given out piece by piece until it is used up; never reused.
///
/// Everything a lane needs comes from one arena, so that its working set lies together, in huge
/// pages when permitted. Pieces live as long as the arena.
public struct Arena: ~Copyable, Sendable {
    private let memory: AlignedMemory
    private var used = 0

    /// An arena of at least `byteCount` bytes.
    public init(byteCount: Int, options: MemoryOptions = .populated) throws(OutOfMemory) {
        memory = try AlignedMemory(byteCount: byteCount, options: options)
    }

    /// Bytes that ``take(_:alignment:)`` uses up for a piece.
    public static func footprint(byteCount: Int, alignment: Int = 128) -> Int {
        (byteCount + alignment - 1) / alignment * alignment
    }

    /// Zeroed memory aligned to `alignment` (a power of two up to 4096), or `nil` when it is used
    /// up. Cold.
    public mutating func take(_ byteCount: Int, alignment: Int = 128) -> UnsafeMutableRawPointer? {
        precondition(byteCount >= 0, "pieces have a size")
        precondition(
            alignment > 0 && alignment <= 4096 && alignment & (alignment - 1) == 0,
            "alignments are powers of two up to a page")
        let start = (used + alignment - 1) & ~(alignment - 1)
        guard start <= memory.byteCount, byteCount <= memory.byteCount - start else { return nil }
        used = start + byteCount
        return memory.base + start
    }

    /// Zeroed memory for `count` values, aligned to 128 bytes, or `nil` when it is used up.
    public mutating func take<Element: BitwiseCopyable>(
        _ type: Element.Type, count: Int
    ) -> UnsafeMutablePointer<Element>? {
        let stride = MemoryLayout<Element>.stride
        let (bytes, overflowed) = stride.multipliedReportingOverflow(by: count)
        precondition(!overflowed, "a piece fits the address space")
        return take(bytes)?.bindMemory(to: Element.self, capacity: count)
    }

    /// Bytes given out and bytes there are.
    public var usedByteCount: Int { used }
    public var byteCount: Int { memory.byteCount }
    /// Which wishes were granted.
    public var grant: MemoryGrant { memory.grant }
}
