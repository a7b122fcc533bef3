import Synchronization

/// A block of words that one writer changes now and then and any number of readers copy as a whole:
/// a sequence lock.
///
/// The writer never waits and never learns who reads (design law 10). The words are relaxed atomics
/// under a sequence that is odd while they change; a reader that met a change copies again.
@frozen
public struct SequencedWords: @unchecked Sendable {
    // SAFETY (unchecked): everything behind the pointers is atomic; changes have one writer.
    @usableFromInline let sequence: UnsafeMutablePointer<Atomic<UInt64>>
    @usableFromInline let words: UnsafeMutablePointer<Atomic<UInt64>>
    public let count: Int

    /// `count` words of 0, until ``deallocate()``.
    public init(count: Int) {
        self.count = count
        sequence = .allocate(capacity: 1)
        sequence.initialize(to: Atomic(0))
        words = .allocate(capacity: Swift.max(count, 1))
        for word in 0..<count { (words + word).initialize(to: Atomic(0)) }
    }

    /// Nobody reads or writes any more.
    public func deallocate() {
        sequence.deallocate()
        words.deallocate()
    }

    /// Opens a change: words may be stored until ``endChange()``.
    @inlinable @inline(__always)
    public func beginChange() {
        let current = sequence.pointee.load(ordering: .relaxed)
        sequence.pointee.store(current &+ 1, ordering: .relaxed)
        // Nobody may see a new word under the old sequence.
        atomicMemoryFence(ordering: .releasing)
    }

    /// Copies the words of `range` out of a block of as many words that begins at `source`.
    @inlinable @inline(__always)
    public func store(_ range: Range<Int>, of source: UnsafeRawPointer) {
        var word = range.lowerBound
        while word < range.upperBound {
            let value = source.load(fromByteOffset: word &* 8, as: UInt64.self)
            words[word].store(value, ordering: .relaxed)
            word &+= 1
        }
    }

    @inlinable @inline(__always)
    public func endChange() {
        let current = sequence.pointee.load(ordering: .relaxed)
        sequence.pointee.store(current &+ 1, ordering: .releasing)
    }

    /// Copies all words as they were at one moment; waits while a change is open.
    public func copy(to target: UnsafeMutableRawPointer) {
        while true {
            let before = sequence.pointee.load(ordering: .acquiring)
            if before & 1 == 0 {
                for word in 0..<count {
                    let value = words[word].load(ordering: .relaxed)
                    target.storeBytes(of: value, toByteOffset: word * 8, as: UInt64.self)
                }
                // The words must have been read before the sequence is looked at again.
                atomicMemoryFence(ordering: .acquiring)
                if sequence.pointee.load(ordering: .relaxed) == before { return }
            }
        }
    }
}
