import Synchronization

/// Keeps the structure that has it as a field where it is: methods get its address.
///
/// The compiler copies a large structure to the stack before it lends it to a method that does not
/// mutate it, also one that cannot be copied: two kilobytes for a question whose answer is one byte.
/// It cannot do that with a structure whose parts have an address of their own, as atomics do.
/// One byte; costs nothing to make or to move.
public struct InPlace: ~Copyable, Sendable {
    @usableFromInline let byte = Atomic<UInt8>(0)

    @inlinable @inline(__always) @_noLocks public init() {}
}
