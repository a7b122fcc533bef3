/// Every setting of the machine that decides how even a lane's latency is, as it was found.
///
/// `nil` and empty: this kernel has no such thing, or does not show it to us.
public struct TuningFacts: Sendable, Equatable {
    /// One sleep state of one core.
    public struct IdleState: Sendable, Equatable {
        public var core: Int
        public var name: String
        /// What waking up takes at most, in microseconds.
        public var latency: Int
        public var isDisabled: Bool
    }

    /// How long a network interface may hold what it has received before it interrupts.
    public struct Coalescing: Sendable, Equatable {
        public var receiveMicroseconds: Int
        public var isAdaptive: Bool
    }

    /// A network interface with hardware behind it.
    public struct Interface: Sendable, Equatable {
        public var name: String
        public var receiveQueues: Int
        public var transmitQueues: Int
        /// Number of each interrupt, and the cores that serve it.
        public var interrupts: [Int: [Int]]
        public var coalescing: Coalescing?
    }

    public var commandLine = KernelCommandLine("")
    public var onlineCores: [Int] = []
    public var isolatedCores: [Int] = []
    public var ticklessCores: [Int] = []
    /// Scaling governor by core.
    public var governors: [Int: String] = [:]
    public var idleStates: [IdleState] = []
    /// `on`, `off`, `forceoff`, `notsupported`, `notimplemented`.
    public var simultaneousThreads: String?
    /// The cores that share each core's execution units, itself included.
    public var siblings: [Int: [Int]] = [:]
    public var transparentHugePages: String?
    public var hugePages: Int?
    public var freeHugePages: Int?
    /// Bytes that may be locked and files that may be open; `nil`: no limit.
    public var lockedMemoryLimit: Int?
    public var openFileLimit: Int?
    public var realTimePriorityLimit = 0
    public var realTimeRuntime: Int?
    public var interfaces: [Interface] = []
    public var balancesInterrupts = false
    public var busyPoll: Int?
    public var busyRead: Int?
    public var clockSource: String?
    public var hasInvariantTSC = false
    /// State by name of the fault: `Mitigation: Retpolines`, `Not affected`, `Vulnerable`.
    public var vulnerabilities: [String: String] = [:]
    public var swapBytes: Int?
    public var swapUsedBytes = 0
    public var swappiness: Int?
    /// Cores by node.
    public var nodes: [Int: [Int]] = [:]
    /// `kernel.numa_balancing`: 0 when pages stay where they are.
    public var nodeBalancing: Int?
    public var isVirtual = false

    public init() {}
}
