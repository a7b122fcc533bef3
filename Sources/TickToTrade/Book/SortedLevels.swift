/// Levels in one sorted array, best last: the far outskirts of a book side.
///
/// Binary search and a move of everything better. Slower than the ladder where most changes are,
/// without its bounds: any price is taken.
struct SortedLevels: BitwiseCopyable {
    /// A level by its key, which grows towards the best price of its side.
    struct Entry: BitwiseCopyable {
        var key: Int64
        var quantity: Int64
    }

    private let entries: UnsafeMutablePointer<Entry>
    private(set) var count = 0

    /// `entries` has room for as many levels as are ever inserted and stays.
    init(_ entries: UnsafeMutablePointer<Entry>) { self.entries = entries }

    /// Level `index` counted from the best.
    @_noLocks
    func level(_ index: Int) -> Entry { entries[count &- 1 &- index] }

    /// Replaces the quantity at `key`; `false` when there is no such level.
    @_noLocks
    func replace(_ key: Int64, _ quantity: Int64) -> Bool {
        let position = search(key)
        if position == count || entries[position].key != key { return false }
        entries[position].quantity = quantity
        return true
    }

    /// Adds a level that is not there yet.
    @_noLocks
    mutating func insert(_ key: Int64, _ quantity: Int64) {
        let position = search(key)
        move(from: position, to: position &+ 1, count &- position)
        entries[position] = Entry(key: key, quantity: quantity)
        count &+= 1
    }

    /// Removes the level at `key`; normal when there is none.
    @_noLocks
    mutating func remove(_ key: Int64) {
        let position = search(key)
        if position == count || entries[position].key != key { return }
        count &-= 1
        move(from: position &+ 1, to: position, count &- position)
    }

    @_noLocks
    mutating func removeWorst() {
        count &-= 1
        move(from: 1, to: 0, count)
    }

    @_noLocks
    mutating func clear() { count = 0 }

    /// The first position whose key is not below `key`.
    private func search(_ key: Int64) -> Int {
        var base = 0
        var length = count
        while length > 0 {
            let half = length &>> 1
            let isBelow = entries[base &+ half].key < key
            base = isBelow ? base &+ half &+ 1 : base
            length = isBelow ? length &- half &- 1 : half
        }
        return base
    }

    private func move(from source: Int, to target: Int, _ length: Int) {
        if length <= 0 { return }
        UnsafeMutableRawPointer(entries + target)
            .copyMemory(from: entries + source, byteCount: length &* MemoryLayout<Entry>.stride)
    }
}
