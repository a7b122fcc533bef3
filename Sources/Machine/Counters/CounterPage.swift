import CLinuxURing
import Glibc
import Synchronization

/// One number that one thread writes and any thread may read.
///
/// Reading and writing are plain loads and stores; there is no order between two counters.
@frozen
public struct Counter: BitwiseCopyable, @unchecked Sendable {
    // SAFETY (unchecked): the word is an atomic; the page outlives its counters by contract.
    @usableFromInline let word: UnsafeMutablePointer<Atomic<Int64>>

    @inlinable @inline(__always)
    init(word: UnsafeMutablePointer<Atomic<Int64>>) { self.word = word }

    /// Adds `amount`, wrapping. Only the page's writer.
    @inlinable @inline(__always)
    public func add(_ amount: Int64 = 1) {
        word.pointee.store(word.pointee.load(ordering: .relaxed) &+ amount, ordering: .relaxed)
    }

    /// Sets the value. Only the page's writer.
    @inlinable @inline(__always)
    public func store(_ value: Int64) { word.pointee.store(value, ordering: .relaxed) }

    /// Raises the value to `candidate` if that is larger. Only the page's writer.
    @inlinable @inline(__always)
    public func raise(to candidate: Int64) {
        if candidate > word.pointee.load(ordering: .relaxed) { store(candidate) }
    }

    @inlinable @inline(__always)
    public var value: Int64 { word.pointee.load(ordering: .relaxed) }
}

/// The counters of one writing thread, by index.
///
/// One page per writer: counters of a page share cache lines, pages never do (128 bytes apart),
/// so no writer slows another. Must outlive the ``Counter``s taken from it.
public final class CounterPage: @unchecked Sendable {
    // SAFETY (unchecked): the memory is fixed and every word is an atomic.
    private let words: UnsafeMutablePointer<Atomic<Int64>>
    public let capacity: Int

    /// A page of `capacity` counters at 0.
    public init(capacity: Int) {
        precondition(capacity > 0 && capacity <= 1 << 20, "a page has 1 to 2^20 counters")
        self.capacity = capacity
        let byteCount = (capacity * 8 + 127) & ~127
        let memory = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: 128)
        words = memory.bindMemory(to: Atomic<Int64>.self, capacity: byteCount / 8)
        for index in 0..<(byteCount / 8) { (words + index).initialize(to: Atomic(0)) }
    }

    deinit { UnsafeMutableRawPointer(words).deallocate() }

    /// The counter at `index`, 0..<``capacity``. Take it once at start and keep it.
    public subscript(index: Int) -> Counter {
        precondition(index >= 0 && index < capacity, "the counter is on the page")
        return Counter(word: words + index)
    }

    /// All values, in order of index.
    public var values: [Int64] { (0..<capacity).map { self[$0].value } }
}
