/// What has changed since it was last asked; remembers nothing until it is turned on.
struct ChangeTracker<Key: Hashable> {
    var isOn = false
    private var keys: [Key] = []

    var isEmpty: Bool { keys.isEmpty }

    mutating func note(_ key: Key) {
        if isOn { keys.append(key) }
    }

    /// Every key once, in the order of their last changes.
    mutating func take() -> [Key] {
        guard !keys.isEmpty else { return [] }
        var seen: Set<Key> = []
        let newest = keys.reversed().filter { seen.insert($0).inserted }
        keys.removeAll(keepingCapacity: true)
        return newest.reversed()
    }
}
