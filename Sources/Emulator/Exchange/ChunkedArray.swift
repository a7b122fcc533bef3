/// An array that grows by pieces: nothing is copied, and no memory is touched twice, when it becomes long.
///
/// Appending and reading are O(1).
struct ChunkedArray<Element> {
    private static var chunkLength: Int { 1_024 }

    private var chunks: [ContiguousArray<Element>] = []
    private(set) var count = 0

    subscript(index: Int) -> Element {
        get { chunks[index / Self.chunkLength][index % Self.chunkLength] }
        set { chunks[index / Self.chunkLength][index % Self.chunkLength] = newValue }
    }

    mutating func append(_ element: Element) {
        if count == chunks.count * Self.chunkLength {
            chunks.append([])
            // A short one takes what it needs.
            if count > 0 { chunks[chunks.count - 1].reserveCapacity(Self.chunkLength) }
        }
        chunks[chunks.count - 1].append(element)
        count += 1
    }
}
