import CLinuxURing
import Glibc

/// The computer as the engine found it: for `apus check` and for every report with a figure in it.
public struct MachineReport: Sendable {
    public var kernel: String
    public var processor: String
    public var hostName: String
    /// Cores that are online, and those this process may use.
    public var coreCount: Int
    public var allowedCores: [Int]
    /// Cores the scheduler leaves alone (`isolcpus`), as the kernel writes them; empty: none.
    public var isolatedCores: String
    public var nodeCount: Int
    /// Scaling governor of core 0; empty where the machine has none (most virtual ones).
    public var governor: String
    public var clockSource: String
    public var hasInvariantTSC: Bool
    public var isVirtual: Bool
    public var instructionSets: [String]
    public var memoryBytes: Int
    /// Reserved huge pages of 2 MiB.
    public var hugePages: Int
    public var transparentHugePages: String
    /// Bytes this process may lock; `nil` for no limit.
    public var lockedMemoryLimit: Int?
    /// Highest SCHED_FIFO priority this process may take; 0: none.
    public var realTimePriorityLimit: Int
    /// `kernel.io_uring_disabled`: 0 for everyone, 1 a group, 2 nobody; -1: an older kernel.
    public var ioUringDisabled: Int
    /// 1, 5 and 15 minute load averages, as the kernel writes them.
    public var loadAverage: String

    /// Reads everything; a few hundred microseconds. What cannot be read stays empty.
    public static func read() -> MachineReport {
        let processor = clinux_uring_processor_read()
        var cores = [Int32](repeating: 0, count: 1024)
        let allowed = clinux_uring_allowed_cores(&cores, Int32(cores.count))
        let lockLimit = clinux_uring_lock_limit()
        let isRoot = geteuid() == 0
        return MachineReport(
            kernel: SystemFile.line("/proc/sys/kernel/osrelease"),
            processor: modelName(processor),
            hostName: SystemFile.line("/proc/sys/kernel/hostname"),
            coreCount: max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))),
            allowedCores: cores.prefix(Int(allowed)).map { Int($0) },
            isolatedCores: SystemFile.line("/sys/devices/system/cpu/isolated"),
            nodeCount: max(1, Int(clinux_uring_node_count())),
            governor: SystemFile.line("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"),
            clockSource: SystemFile.line(
                "/sys/devices/system/clocksource/clocksource0/current_clocksource"),
            hasInvariantTSC: processor.has_invariant_tsc,
            isVirtual: processor.is_hypervised,
            instructionSets: instructionSets(processor),
            memoryBytes: sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE)),
            hugePages: Int(SystemFile.line("/proc/sys/vm/nr_hugepages")) ?? 0,
            transparentHugePages: SystemFile.chosen("/sys/kernel/mm/transparent_hugepage/enabled"),
            lockedMemoryLimit: lockLimit < 0 || isRoot ? nil : Int(lockLimit),
            realTimePriorityLimit: isRoot ? 99 : Int(clinux_uring_fifo_limit()),
            ioUringDisabled: Int(SystemFile.line("/proc/sys/kernel/io_uring_disabled")) ?? -1,
            loadAverage: SystemFile.line("/proc/loadavg").split(separator: " ").prefix(3)
                .joined(separator: " "))
    }

    private static func modelName(_ processor: clinux_uring_processor) -> String {
        withUnsafeBytes(of: processor.model) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
                .split(separator: " ").joined(separator: " ")
        }
    }

    private static func instructionSets(_ processor: clinux_uring_processor) -> [String] {
        let sets: [(name: String, has: Bool)] = [
            ("rdtscp", processor.has_rdtscp), ("sse4.2", processor.has_sse42),
            ("avx2", processor.has_avx2), ("bmi2", processor.has_bmi2),
            ("avx512f", processor.has_avx512f), ("aes", processor.has_aes),
            ("vaes", processor.has_vaes), ("sha", processor.has_sha),
        ]
        return sets.filter(\.has).map(\.name)
    }

    /// What this build needs and the machine does not have; empty: it can run.
    public var missingInstructionSets: [String] {
        ["sse4.2", "avx2", "bmi2"].filter { !instructionSets.contains($0) }
    }
}
