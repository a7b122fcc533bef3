/// What `apus doctor` looks at, in the order it is told, with the words that do not depend on the
/// machine.
public enum TuningCheck: String, Sendable, CaseIterable, Encodable {
    case isolatedCores = "isolcpus"
    case ticklessCores = "nohz_full"
    case callbackCores = "rcu_nocbs"
    case governor
    case idleStates = "c_states"
    case simultaneousThreads = "smt"
    case realTime = "real_time"
    case interrupts = "irq_affinity"
    case balancer = "irqbalance"
    case coalescing
    case queues
    case busyPoll = "busy_poll"
    case transparentHugePages = "transparent_huge_pages"
    case hugePages = "huge_pages"
    case lockedMemory = "locked_memory"
    case swap
    case nodes = "numa"
    case openFiles = "open_files"
    case clockSource = "clock_source"
    case mitigations

    /// Why it matters to a lane.
    public var reason: String {
        switch self {
        case .isolatedCores:
            "the scheduler may put other work on a lane's core; an event then waits for its turn"
        case .ticklessCores:
            "the timer interrupts a lane's core at every tick"
        case .callbackCores:
            "the kernel frees its own memory on whichever core dropped it, a lane's included"
        case .governor: "after a pause the core's clock is low when the next message comes"
        case .idleStates:
            "a lane that waits lets its core sleep; the deeper, the later it wakes"
        case .simultaneousThreads:
            "a second thread on the same core shares its caches and execution units"
        case .realTime:
            "without a real-time priority any other thread may take a lane's core"
        case .interrupts: "an interrupt of the network stops the lane on the core that serves it"
        case .balancer: "irqbalance moves interrupts back to lanes' cores"
        case .coalescing: "the interface holds packets back to interrupt less often"
        case .queues: "with one queue one core serves all of the network's interrupts"
        case .busyPoll: "a receive that finds nothing may ask the interface at once, not wait for it"
        case .transparentHugePages:
            "always: the kernel compacts memory behind any thread's back; never: no large pages"
        case .hugePages: "books, orders and buffers in 2 MiB pages miss the TLB less often"
        case .lockedMemory: "a page that was taken away costs a fault, perhaps a read from disk"
        case .swap: "a page of the engine on disk stalls it for a read"
        case .nodes: "memory of another node takes longer to reach"
        case .openFiles: "each connection, journal segment and control client is an open file"
        case .clockSource:
            "the engine's clock is the time stamp counter; the kernel distrusting it is a bad sign"
        case .mitigations: "guards against speculation faults make each system call dearer"
        }
    }

    /// What `tuning/tune` does about it, or who else has to.
    public var remedy: String {
        switch self {
        case .isolatedCores, .ticklessCores, .callbackCores:
            "prints the words for the kernel's command line; takes a reboot"
        case .governor: "apply sets it to performance"
        case .idleStates: "apply --cores LIST disables the deep states of those cores"
        case .simultaneousThreads:
            "nothing: switch it off in the firmware, or keep the sibling of a lane's core empty"
        case .realTime:
            "apply lifts the 95 % limit of real-time threads; the right is LimitRTPRIO= of the service"
        case .interrupts: "apply --cores LIST moves the network's interrupts to the other cores"
        case .balancer: "nothing: systemctl disable --now irqbalance, or ban the lanes' cores in it"
        case .coalescing: "nothing: ethtool -C INTERFACE adaptive-rx off rx-usecs 0"
        case .queues: "nothing: ethtool -L INTERFACE combined N"
        case .busyPoll: "apply sets net.core.busy_read and busy_poll to 50"
        case .transparentHugePages: "apply sets it to madvise"
        case .hugePages: "apply reserves 64"
        case .lockedMemory: "nothing: LimitMEMLOCK=infinity of the service, or limits.conf"
        case .swap: "apply sets vm.swappiness to 0; switching swap off is yours"
        case .nodes: "apply switches automatic page migration off (kernel.numa_balancing)"
        case .openFiles: "nothing: LimitNOFILE= of the service, or limits.conf"
        case .clockSource: "nothing: clocksource=tsc on the kernel's command line, if it is sound"
        case .mitigations: "nothing: mitigations=off is a decision about who else runs code there"
        }
    }

    /// Whether the engine notices at run time, and what it does with it.
    public var use: String {
        switch self {
        case .isolatedCores: "named by apus check; used by topology.lanes[].core"
        case .ticklessCores, .callbackCores, .idleStates, .simultaneousThreads, .interrupts,
            .balancer, .coalescing, .queues, .openFiles, .mitigations:
            "not looked at"
        case .governor: "named by apus check and in benchmark reports"
        case .realTime: "topology.lanes[].real_time_priority is taken when permitted, else noted"
        case .busyPoll: "by the kernel alone, in receives of transport: direct; the engine sets no option"
        case .transparentHugePages:
            "asked for (madvise) where no 2 MiB pages are reserved; noted in log and report"
        case .hugePages: "topology.lanes[].huge_pages takes them when reserved, else noted"
        case .lockedMemory: "topology.lanes[].lock_memory locks all pages when permitted, else noted"
        case .swap: "does not matter once memory is locked"
        case .nodes: "a pinned thread's node is read; memory is not bound to it"
        case .clockSource: "an invariant counter is used and calibrated; else apus check warns"
        }
    }
}
