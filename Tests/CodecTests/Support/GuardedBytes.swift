import Glibc

/// A message in memory as the decoders meet it, and nothing behind it that may be touched.
///
/// The 64 readable bytes of the contract follow the message, filled with bytes chosen to mislead,
/// and then a page that faults on access: an over-read of one byte ends the test.
final class GuardedBytes {
    private let region: UnsafeMutableRawPointer
    private let pages: Int
    private let length: Int
    private(set) var start: UnsafePointer<UInt8>
    private(set) var count = 0

    init(capacity: Int) {
        let page = Int(sysconf(Int32(_SC_PAGESIZE)))
        pages = (capacity + 64 + page - 1) / page * page
        length = pages + page
        let address = mmap(
            nil, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard let address, address != MAP_FAILED else { fatalError("no memory for a test") }
        region = address
        mprotect(region + pages, page, PROT_NONE)
        start = UnsafePointer(region.assumingMemoryBound(to: UInt8.self))
    }

    convenience init(_ text: String) {
        self.init(capacity: text.utf8.count)
        set(Array(text.utf8))
    }

    /// Places a message; `filler` (repeated) lies behind it.
    func set(_ bytes: [UInt8], filler: StaticString = "00\"}9") {
        precondition(bytes.count + 64 <= pages, "a message within the capacity")
        let base = region + (pages - 64 - bytes.count)
        base.copyMemory(from: bytes, byteCount: bytes.count)
        let tail = (base + bytes.count).assumingMemoryBound(to: UInt8.self)
        for index in 0..<64 { tail[index] = filler.utf8Start[index % filler.utf8CodeUnitCount] }
        start = UnsafePointer(base.assumingMemoryBound(to: UInt8.self))
        count = bytes.count
    }

    deinit {
        munmap(region, length)
    }
}

/// SplitMix64: seeded numbers for tests, printed on failure.
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
