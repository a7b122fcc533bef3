/// Values by a number, always walked in the order of the numbers.
///
/// A dictionary's order differs from process to process; who is served first must not, or the same
/// seed would not give the same simulation.
struct NumberedTable<Value> {
    private var numbers: [Int] = []
    /// In the order of ``numbers``.
    private(set) var values: [Value] = []

    var count: Int { numbers.count }
    var isEmpty: Bool { numbers.isEmpty }

    subscript(number: Int) -> Value? {
        get {
            let place = place(of: number)
            return place < numbers.count && numbers[place] == number ? values[place] : nil
        }
        set {
            let place = place(of: number)
            let isKnown = place < numbers.count && numbers[place] == number
            switch (newValue, isKnown) {
            case (let value?, true): values[place] = value
            case (let value?, false):
                numbers.insert(number, at: place)
                values.insert(value, at: place)
            case (nil, true):
                numbers.remove(at: place)
                values.remove(at: place)
            case (nil, false): break
            }
        }
    }

    mutating func removeValue(forKey number: Int) -> Value? {
        defer { self[number] = nil }
        return self[number]
    }

    /// The first place whose number is not smaller.
    private func place(of number: Int) -> Int {
        var low = 0
        var high = numbers.count
        while low < high {
            let middle = (low + high) / 2
            if numbers[middle] < number { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
