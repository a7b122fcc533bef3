import CLinuxURing
import Glibc

extension TuningFacts {
    /// This machine and this process; about a millisecond.
    public static func read() -> TuningFacts {
        var facts = read(SystemTree())
        for index in facts.interfaces.indices {
            facts.interfaces[index].coalescing = coalescing(facts.interfaces[index].name)
        }
        let processor = clinux_uring_processor_read()
        facts.hasInvariantTSC = processor.has_invariant_tsc
        facts.isVirtual = processor.is_hypervised
        let lockLimit = clinux_uring_lock_limit()
        facts.lockedMemoryLimit = lockLimit < 0 || geteuid() == 0 ? nil : Int(lockLimit)
        let fileLimit = clinux_uring_file_limit()
        facts.openFileLimit = fileLimit < 0 ? nil : Int(fileLimit)
        facts.realTimePriorityLimit = geteuid() == 0 ? 99 : Int(clinux_uring_fifo_limit())
        return facts
    }

    /// What the kernel's files say; process limits, processor and interface ioctls stay empty.
    public static func read(_ tree: SystemTree) -> TuningFacts {
        var facts = TuningFacts()
        facts.readCores(tree)
        facts.readMemory(tree)
        facts.readNetwork(tree)
        facts.clockSource = tree.line(
            "/sys/devices/system/clocksource/clocksource0/current_clocksource")
        let faults = "/sys/devices/system/cpu/vulnerabilities"
        for name in tree.names(in: faults) {
            facts.vulnerabilities[name] = tree.line("\(faults)/\(name)")
        }
        return facts
    }

    private mutating func readCores(_ tree: SystemTree) {
        let cpu = "/sys/devices/system/cpu"
        commandLine = KernelCommandLine(tree.line("/proc/cmdline") ?? "")
        onlineCores = tree.cores("\(cpu)/online") ?? []
        isolatedCores = tree.cores("\(cpu)/isolated") ?? []
        ticklessCores = tree.cores("\(cpu)/nohz_full") ?? []
        simultaneousThreads = tree.line("\(cpu)/smt/control")
        realTimeRuntime = tree.number("/proc/sys/kernel/sched_rt_runtime_us")
        for core in tree.numbers(in: cpu, after: "cpu") {
            governors[core] = tree.line("\(cpu)/cpu\(core)/cpufreq/scaling_governor")
            siblings[core] = tree.cores("\(cpu)/cpu\(core)/topology/thread_siblings_list")
            let idle = "\(cpu)/cpu\(core)/cpuidle"
            for state in tree.numbers(in: idle, after: "state") {
                idleStates.append(
                    IdleState(
                        core: core, name: tree.line("\(idle)/state\(state)/name") ?? "state\(state)",
                        latency: tree.number("\(idle)/state\(state)/latency") ?? 0,
                        isDisabled: tree.number("\(idle)/state\(state)/disable") == 1))
            }
        }
    }

    private mutating func readMemory(_ tree: SystemTree) {
        transparentHugePages = tree.chosen("/sys/kernel/mm/transparent_hugepage/enabled")
        let pages = "/sys/kernel/mm/hugepages/hugepages-2048kB"
        hugePages = tree.number("\(pages)/nr_hugepages")
        freeHugePages = tree.number("\(pages)/free_hugepages")
        if let table = tree.text("/proc/swaps") {
            let found = SwapTable.bytes(in: table)
            swapBytes = found.total
            swapUsedBytes = found.used
        }
        swappiness = tree.number("/proc/sys/vm/swappiness")
        nodeBalancing = tree.number("/proc/sys/kernel/numa_balancing")
        for node in tree.numbers(in: "/sys/devices/system/node", after: "node") {
            nodes[node] = tree.cores("/sys/devices/system/node/node\(node)/cpulist") ?? []
        }
    }

    private mutating func readNetwork(_ tree: SystemTree) {
        busyPoll = tree.number("/proc/sys/net/core/busy_poll")
        busyRead = tree.number("/proc/sys/net/core/busy_read")
        let table = tree.text("/proc/interrupts") ?? ""
        for name in tree.names(in: "/sys/class/net") {
            let path = "/sys/class/net/\(name)"
            // Without a device it is the kernel's own: loopback, bridges, tunnels.
            guard let device = tree.linkTarget("\(path)/device") else { continue }
            let queues = tree.names(in: "\(path)/queues")
            let numbers = InterruptTable.numbers(in: table, of: [name, device])
            var interrupts: [Int: [Int]] = [:]
            for number in numbers {
                interrupts[number] = tree.cores("/proc/irq/\(number)/smp_affinity_list")
            }
            interfaces.append(
                Interface(
                    name: name, receiveQueues: queues.count { $0.hasPrefix("rx-") },
                    transmitQueues: queues.count { $0.hasPrefix("tx-") }, interrupts: interrupts,
                    coalescing: nil))
        }
        balancesInterrupts = tree.names(in: "/proc").contains { name in
            Int(name) != nil && tree.line("/proc/\(name)/comm") == "irqbalance"
        }
    }

    private static func coalescing(_ interface: String) -> Coalescing? {
        var found = clinux_uring_coalescing()
        guard clinux_uring_read_coalescing(interface, &found) == 0 else { return nil }
        return Coalescing(
            receiveMicroseconds: Int(found.receive_microseconds),
            isAdaptive: found.is_receive_adaptive)
    }
}
