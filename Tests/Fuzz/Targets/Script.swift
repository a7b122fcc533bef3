/// An input as the choices that drive a state machine: what is read past its end is zero.
struct Script {
    private let input: FuzzTarget.Input
    private var place = 0

    init(_ input: FuzzTarget.Input) { self.input = input }

    var isAtEnd: Bool { place >= input.count }

    mutating func byte() -> UInt8 {
        guard place < input.count else { return 0 }
        defer { place += 1 }
        return input[place]
    }

    /// 0 ..< `count`, which is at most 256.
    mutating func choice(_ count: Int) -> Int { Int(byte()) % count }

    mutating func word() -> UInt16 { UInt16(byte()) | UInt16(byte()) << 8 }

    /// A duration that is short, long, or very long, in nanoseconds.
    mutating func time() -> Int64 {
        let scale: [Int64] = [1, 1_000, 1_000_000, 100_000_000, 1_000_000_000, 60_000_000_000, 3_600_000_000_000]
        let unit = choice(scale.count)
        return scale[unit] * Int64(byte())
    }

    /// Numbers as they come and as they break arithmetic.
    mutating func number() -> Int64 {
        switch choice(8) {
        case 0: Int64.max - Int64(byte())
        case 1: Int64.min + Int64(byte())
        case 2: -Int64(byte())
        case 3: 1 << Int64(choice(63))
        case 4: Int64(word()) * 100_000_000
        case 5: Int64(word()) << 32 | Int64(word())
        default: Int64(byte())
        }
    }

    /// The next bytes, as many as the two before them say and as are there.
    mutating func bytes(atMost limit: Int = 4_096) -> FuzzTarget.Input {
        let count = min(Int(word()), limit, input.count - place)
        defer { place += max(count, 0) }
        return count > 0 ? .init(rebasing: input[place..<place + count]) : .init(rebasing: input[..<0])
    }
}

/// A script as a seed: the counterpart of ``Script``.
struct ScriptWriter {
    private(set) var bytes: [UInt8] = []

    mutating func put(_ values: Int...) {
        for value in values { bytes.append(UInt8(truncatingIfNeeded: value)) }
    }

    mutating func put(text: String) { put(bytes: Array(text.utf8)) }

    mutating func put(bytes text: [UInt8]) {
        put(text.count, text.count >> 8)
        bytes += text
    }
}
