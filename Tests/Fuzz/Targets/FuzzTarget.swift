/// A parser of bytes from outside, as libFuzzer runs it: whatever it is given, it must not trap,
/// read beyond, or say two things about the same bytes.
struct FuzzTarget: Sendable {
    let name: String
    /// Where the fuzzer begins: one of each kind of message.
    let seeds: [[UInt8]]
    /// Made once, so that what a parser needs is there; then called with each input.
    let prepare: @Sendable () -> (Input) -> Void

    typealias Input = UnsafeBufferPointer<UInt8>

    static let all: [FuzzTarget] = wire + links + codec + [session] + exchange + cold + files
        + operators

    init(
        _ name: String, seeds: [[UInt8]], _ prepare: @escaping @Sendable () -> (Input) -> Void
    ) {
        self.name = name
        self.seeds = seeds
        self.prepare = prepare
    }
}

/// Two answers to the same bytes end the fuzzer with the input that gave them.
func expectSame<Value: Equatable>(_ first: Value, _ second: Value) {
    if first != second { fatalError("\(first)\nis not\n\(second)") }
}

/// The message with the readable bytes behind it that decoders ask for.
struct PaddedInput: ~Copyable {
    private static let slack = 64
    let start: UnsafeMutablePointer<UInt8>
    let count: Int

    init(_ input: FuzzTarget.Input) {
        count = input.count
        start = .allocate(capacity: count + Self.slack)
        start.initialize(repeating: UInt8(ascii: "0"), count: count + Self.slack)
        if let base = input.baseAddress { start.update(from: base, count: count) }
    }

    deinit { start.deallocate() }
}

extension Array where Element == UInt8 {
    /// From hexadecimal digits.
    init(hex: String) {
        let digits = Array<UInt8>(hex.utf8).map { UInt8(Character(UnicodeScalar($0)).hexDigitValue ?? 0) }
        self = stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }
}
