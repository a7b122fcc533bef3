import CLinuxURing
import Glibc

/// How memory is asked for; each wish is granted or reported, never fatal.
public struct MemoryOptions: OptionSet, Sendable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Reserved huge pages; failing that, transparent ones are asked for.
    public static let hugePages = MemoryOptions(rawValue: 1 << 0)
    /// Never paged out.
    public static let locked = MemoryOptions(rawValue: 1 << 1)
    /// Every page faulted in now, so that the hot path never does.
    public static let populated = MemoryOptions(rawValue: 1 << 2)
}

/// What became of the wishes; errno values where one was refused.
public struct MemoryGrant: Sendable, Equatable {
    /// What the memory has.
    public internal(set) var granted: MemoryOptions = []
    /// ENOMEM until `vm.nr_hugepages` is set; the memory is then in ordinary pages.
    public internal(set) var hugePagesError: Int32 = 0
    /// ENOMEM or EPERM beyond RLIMIT_MEMLOCK.
    public internal(set) var lockError: Int32 = 0
    /// Whether transparent huge pages were asked for instead of reserved ones.
    public internal(set) var askedForTransparentHugePages = false
}

/// The kernel had no memory, even without the wishes.
public struct OutOfMemory: Error, Equatable {
    public let byteCount: Int
}

/// Zeroed raw memory aligned to at least 128 bytes, with one owner.
///
/// Whole pages from the kernel: for slabs, arenas and receive buffers, not for small things.
public struct AlignedMemory: ~Copyable, @unchecked Sendable {
    // SAFETY (unchecked): one owner; the pointer leaves only through `base`, whose users answer
    // for their own threads.
    /// First byte; aligned to the page.
    public let base: UnsafeMutableRawPointer
    /// Usable bytes, at least what was asked for.
    public let byteCount: Int
    /// Which wishes were granted.
    public let grant: MemoryGrant

    private static let hugePageBytes = 2 << 20

    /// Maps at least `byteCount` bytes (1...2^40), with as many of the wishes as are permitted.
    public init(byteCount: Int, options: MemoryOptions = .populated) throws(OutOfMemory) {
        precondition(byteCount > 0 && byteCount <= 1 << 40, "1 byte to 1 TiB of memory")
        var grant = MemoryGrant()
        var mapped: UnsafeMutableRawPointer?
        var rounded = Self.round(byteCount, to: Self.hugePageBytes)
        if options.contains(.hugePages) {
            mapped = clinux_uring_map(rounded, true)
            if mapped == nil { grant.hugePagesError = errno } else { grant.granted = .hugePages }
        }
        if mapped == nil {
            rounded = Self.round(byteCount, to: 4096)
            mapped = clinux_uring_map(rounded, false)
        }
        guard let memory = mapped else { throw OutOfMemory(byteCount: byteCount) }
        if options.contains(.hugePages), !grant.granted.contains(.hugePages) {
            grant.askedForTransparentHugePages = clinux_uring_advise_huge(memory, rounded) == 0
        }
        if options.contains(.locked) {
            grant.lockError = clinux_uring_lock(memory, rounded)
            if grant.lockError == 0 { grant.granted.insert([.locked, .populated]) }
        }
        if options.contains(.populated), clinux_uring_populate(memory, rounded) == 0 {
            grant.granted.insert(.populated)
        }
        base = memory
        self.byteCount = rounded
        self.grant = grant
    }

    deinit { clinux_uring_unmap(base, byteCount) }

    private static func round(_ count: Int, to unit: Int) -> Int {
        (count + unit - 1) / unit * unit
    }
}
