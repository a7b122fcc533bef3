/// Where format version 1 had the fields of a record that has grown since; what it did not have
/// is zero, which means "nothing special" in each of them.
public struct FormerLayout: Sendable {
    /// Size in version 1; different from every later one, so that it tells the version.
    let byteCount: Int
    /// Bytes that lie elsewhere now.
    let moves: [Move]

    struct Move: Sendable {
        var from: Range<Int>
        var to: Int
    }

    init(_ byteCount: Int, _ moves: [Move]) {
        self.byteCount = byteCount
        self.moves = moves
    }

    /// The record as it lies in the present version, in a buffer of its present size.
    func translate(_ head: UnsafeRawBufferPointer, to target: UnsafeMutableRawBufferPointer) {
        precondition(head.count == byteCount && moves.allSatisfy { $0.from.upperBound <= byteCount })
        target.initializeMemory(as: UInt8.self, repeating: 0)
        for move in moves {
            UnsafeMutableRawBufferPointer(rebasing: target[move.to..<move.to + move.from.count])
                .copyMemory(from: UnsafeRawBufferPointer(rebasing: head[move.from]))
        }
    }
}
