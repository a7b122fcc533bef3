/// Sees every window of a formula in a fixed order: to give it memory, to copy, save or restore it.
public protocol RingVisitor {
    mutating func visit<Element: BitwiseCopyable>(_ ring: inout Ring<Element>)
}

/// The memory of all windows of one formula, in one piece.
@frozen
@usableFromInline
struct RingBlock: ~Copyable {
    @usableFromInline let base: UnsafeMutableRawPointer
    @usableFromInline let byteCount: Int

    /// Zeroed memory for the windows of `formula`, and of `pristine` which has the same.
    init<Formula: IndicatorFormula>(for formula: inout Formula, _ pristine: inout Formula) {
        var measure = Measure()
        formula.visitRings(&measure)
        byteCount = measure.byteCount
        base = .allocate(byteCount: max(byteCount, 1), alignment: 64)
        base.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
        var attachment = Attachment(next: base)
        formula.visitRings(&attachment)
        attachment = Attachment(next: base)
        pristine.visitRings(&attachment)
    }

    /// A copy of `other` for a formula of the same shape.
    init<Formula: IndicatorFormula>(
        copying other: borrowing RingBlock, for formula: inout Formula, _ pristine: inout Formula
    ) {
        self.init(for: &formula, &pristine)
        precondition(byteCount == other.byteCount, "a copy has the shape of its original")
        base.copyMemory(from: other.base, byteCount: byteCount)
    }

    @usableFromInline
    deinit { base.deallocate() }

    var words: [UInt64] {
        (0..<byteCount / 8).map { base.load(fromByteOffset: $0 * 8, as: UInt64.self) }
    }

    /// `false`, without effect, if there are more or fewer words.
    func fill(with words: [UInt64]) -> Bool {
        if words.count != byteCount / 8 { return false }
        for (index, word) in words.enumerated() {
            base.storeBytes(of: word, toByteOffset: index * 8, as: UInt64.self)
        }
        return true
    }

    private struct Measure: RingVisitor {
        var byteCount = 0

        mutating func visit<Element: BitwiseCopyable>(_ ring: inout Ring<Element>) {
            let alignment = MemoryLayout<Element>.alignment
            byteCount = (byteCount + alignment - 1) / alignment * alignment + ring.byteCount
        }
    }

    private struct Attachment: RingVisitor {
        var next: UnsafeMutableRawPointer

        mutating func visit<Element: BitwiseCopyable>(_ ring: inout Ring<Element>) {
            next = next.alignedUp(for: Element.self)
            ring.slots = next.assumingMemoryBound(to: Element.self)
            next += ring.byteCount
        }
    }
}

extension Ring {
    /// A multiple of eight: elements are made of words.
    var byteCount: Int { (mask + 1) * MemoryLayout<Element>.stride }
}

extension Ring: Codable {
    private enum CodingKeys: CodingKey {
        case length, pushed
    }

    /// What it holds is saved by ``IndicatorState``.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(length, forKey: .length)
        try container.encode(pushed, forKey: .pushed)
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let length = try container.decode(Int.self, forKey: .length)
        let pushed = try container.decode(Int.self, forKey: .pushed)
        guard (0...Int.longestPeriod * 4).contains(length), pushed >= 0 else {
            throw IndicatorFailure.state("a window of \(length) elements after \(pushed)")
        }
        self.init(length: length)
        self.pushed = pushed
    }
}
