import Testing

@testable import Emulator

@Suite("Bounded queue")
struct BoundedQueueTests {
    /// Below, at and beyond the pieces that a queue grows by.
    @Test(arguments: [1, 2, 1_023, 1_024, 1_025, 3_000])
    func `it holds the newest elements and gives back the oldest, as an array would`(
        _ capacity: Int
    ) {
        var queue = BoundedQueue<Int>(capacity: capacity)
        var array: [Int] = []
        for element in 0..<(2 * capacity + 1_100) {
            let oldest = queue.append(element)
            array.append(element)
            let expected = array.count > capacity ? array.removeFirst() : nil
            #expect(oldest == expected)
        }
        #expect(queue.count == capacity && queue.suffix(.max) == array)
        #expect(queue.suffix(3) == Array(array.suffix(3)))
        let sought = array[array.count / 2]
        #expect(queue.partition { $0 >= sought } == array.count / 2)
        #expect(queue.partition { $0 >= .max } == capacity)
    }
}
