import Rings
import Synchronization

/// A value at an address of its own, aligned to two cache lines, that two threads may use.
struct SharedMemory<Value: BitwiseCopyable>: @unchecked Sendable {
    // SAFETY: who reads and writes when is the business of those who share it.
    let pointer: UnsafeMutablePointer<Value>

    /// Lives as long as the process: benchmarks make few.
    init(_ value: Value) {
        pointer = UnsafeMutableRawPointer.allocate(
            byteCount: MemoryLayout<Value>.stride, alignment: 128
        ).initializeMemory(as: Value.self, to: value)
    }
}

/// Both ends of a ring on their way to two threads, each taken once.
final class HeldEnds<Element: BitwiseCopyable & Sendable>: Sendable {
    private let producer: Mutex<RingProducer<Element>?>
    private let consumer: Mutex<RingConsumer<Element>?>

    init(_ ends: consuming RingEnds<Element>) {
        producer = Mutex(ends.producer)
        consumer = Mutex(ends.consumer)
    }

    func takeProducer() -> RingProducer<Element>? { producer.withLock { $0.take() } }
    func takeConsumer() -> RingConsumer<Element>? { consumer.withLock { $0.take() } }
}
