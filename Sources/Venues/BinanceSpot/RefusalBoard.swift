/// Why the venue refused requests of the core, and how many since the last look.
@frozen
public struct VenueRefusal: BitwiseCopyable, Sendable {
    public internal(set) var code: Int32 = 0
    public internal(set) var count: Int64 = 0
    var textCount = 0
    var text = InlineArray<96, UInt8>(repeating: 0)

    init() {}

    /// The venue's words, as far as they fit: "Account has insufficient balance... (-2010)".
    public var reason: String {
        let words = String(decoding: (0..<textCount).map { text[$0] }, as: UTF8.self)
        return words.isEmpty ? "no reason given (\(code))" : "\(words) (\(code))"
    }
}

/// The venue's refusals by code and text, counted without allocating until the log takes them.
///
/// A handle over raw memory with room for ``capacity`` different texts between two looks; further
/// ones share the last place.
struct RefusalBoard: BitwiseCopyable {
    static var capacity: Int { @_noLocks get { 16 } }
    private let places: UnsafeMutablePointer<VenueRefusal>
    private(set) var used = 0

    init() {
        places = .allocate(capacity: Self.capacity)
        places.initialize(repeating: VenueRefusal(), count: Self.capacity)
    }

    func deallocate() { places.deallocate() }

    /// Counts one refusal; of a long text only the beginning is kept.
    @_noLocks
    mutating func add(_ code: Int32, _ text: UnsafeBufferPointer<UInt8>) {
        let count = text.count < 96 ? text.count : 96
        var index = 0
        while index < used {
            if places[index].code == code, isEqual(places[index], text, count) { break }
            index &+= 1
        }
        if index == Self.capacity { index = Self.capacity &- 1 }
        if index == used {
            used &+= 1
            places[index].code = code
            places[index].textCount = count
            var position = 0
            while position < count {
                places[index].text[position] = text[position]
                position &+= 1
            }
        }
        places[index].count &+= 1
    }

    private func isEqual(
        _ place: VenueRefusal, _ text: UnsafeBufferPointer<UInt8>, _ count: Int
    ) -> Bool {
        if place.textCount != count { return false }
        var position = 0
        while position < count {
            if place.text[position] != text[position] { return false }
            position &+= 1
        }
        return true
    }

    /// Takes one text with its count; `nil` when everything is taken.
    mutating func take() -> VenueRefusal? {
        if used == 0 { return nil }
        used &-= 1
        defer { places[used] = VenueRefusal() }
        return places[used]
    }
}
