import Glibc

/// A seed from APUS_TEST_SEED or from the clock; tests print it when they fail.
enum TestSeed {
    static func next() -> UInt64 {
        if let text = getenv("APUS_TEST_SEED"), let seed = UInt64(String(cString: text)) {
            return seed
        }
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_nsec) &* 0x9E37_79B9_7F4A_7C15
    }
}

/// Steele, Lea, Flood: SplitMix64.
struct SplitMix {
    var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// Lets the other side run where both share a core.
func yieldCore() { sched_yield() }

/// A thread of its own, so that spinning tests do not block the cooperative pool.
final class OnThread {
    private var thread = pthread_t()

    private final class Box {
        let body: () -> Void
        init(_ body: @escaping () -> Void) { self.body = body }
    }

    init(_ body: @escaping () -> Void) {
        let box = Unmanaged.passRetained(Box(body))
        pthread_create(
            &thread, nil,
            { raw in
                guard let raw else { return nil }
                Unmanaged<Box>.fromOpaque(raw).takeRetainedValue().body()
                return nil
            }, box.toOpaque())
    }

    func join() { pthread_join(thread, nil) }
}
