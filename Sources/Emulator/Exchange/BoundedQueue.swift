/// The newest elements, in order; appending to a full one gives back the oldest.
struct BoundedQueue<Element> {
    private let capacity: Int
    private var storage = ChunkedArray<Element>()
    private var start = 0

    init(capacity: Int) {
        precondition(capacity > 0, "capacity must be positive")
        self.capacity = capacity
    }

    var count: Int { storage.count }

    /// Element `index` from the oldest.
    subscript(index: Int) -> Element {
        let place = start + index
        return storage[place < storage.count ? place : place - storage.count]
    }

    /// The newest `limit` elements, oldest first.
    func suffix(_ limit: Int) -> [Element] {
        let first = max(count - limit, 0)
        return (first..<count).map { self[$0] }
    }

    /// At most `limit` elements of a range, the oldest or the newest of them, oldest first.
    func slice(_ range: Range<Int>, _ limit: Int, fromOldest: Bool) -> [Element] {
        (fromOldest ? range.prefix(limit) : range.suffix(limit)).map { self[$0] }
    }

    /// The oldest element that `isBehind` holds for, which holds for all after it; the count when
    /// there is none.
    func partition(_ isBehind: (Element) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if isBehind(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }

    @discardableResult
    mutating func append(_ element: Element) -> Element? {
        guard storage.count == capacity else {
            storage.append(element)
            return nil
        }
        let oldest = storage[start]
        storage[start] = element
        start = (start + 1) % capacity
        return oldest
    }
}
