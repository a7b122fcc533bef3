import Foundation

/// A directory with the kernel's files in it: what /proc and /sys look like on a machine with four
/// cores, one network card and default settings.
struct FakeKernel {
    let folder: URL

    static let settings = [
        "/proc/sys/vm/nr_hugepages": "0", "/proc/sys/vm/swappiness": "60",
        "/proc/sys/vm/stat_interval": "1", "/proc/sys/kernel/numa_balancing": "1",
        "/proc/sys/kernel/watchdog": "1", "/proc/sys/kernel/sched_rt_runtime_us": "950000",
        "/proc/sys/net/core/busy_read": "0", "/proc/sys/net/core/busy_poll": "0",
        "/proc/sys/net/ipv4/tcp_slow_start_after_idle": "1",
        "/sys/kernel/mm/transparent_hugepage/enabled": "always",
        "/sys/devices/system/cpu/cpu2/cpufreq/scaling_governor": "powersave",
        "/sys/devices/system/cpu/cpu2/cpuidle/state1/disable": "0",
        "/sys/devices/system/cpu/cpu2/cpuidle/state2/disable": "0",
        "/proc/irq/38/smp_affinity_list": "0-3", "/proc/irq/39/smp_affinity_list": "2",
        "/proc/irq/40/smp_affinity_list": "0-3",
    ]

    private static let surroundings = [
        "/proc/cmdline": "quiet isolcpus=2-3",
        "/proc/swaps": "Filename Type Size Used Priority\n/dev/sda2 partition 1024 512 -2",
        "/proc/77/comm": "irqbalance",
        "/proc/interrupts": """
              CPU0 CPU1 CPU2 CPU3
         38: 1 1 1 1 PCI-MSIX-0000:00:03.0 1-edge virtio2-input.0
         39: 1 1 1 1 PCI-MSIX-0000:00:03.0 2-edge virtio2-output.0
         40: 1 1 1 1 PCI-MSIX-0000:00:04.0 1-edge virtio20-input.0
        """,
        "/sys/devices/system/cpu/online": "0-3", "/sys/devices/system/cpu/isolated": "2-3",
        "/sys/devices/system/cpu/cpu2/cpuidle/state1/name": "C1",
        "/sys/devices/system/cpu/cpu2/cpuidle/state1/latency": "2",
        "/sys/devices/system/cpu/cpu2/cpuidle/state2/name": "C6",
        "/sys/devices/system/cpu/cpu2/cpuidle/state2/latency": "133",
        "/sys/devices/system/cpu/cpu2/topology/thread_siblings_list": "0,2",
        "/sys/devices/system/node/node0/cpulist": "0-3",
        "/sys/class/net/eth0/queues/rx-0/rps_cpus": "0",
        "/sys/class/net/eth0/queues/tx-0/xps_cpus": "0",
        "/sys/class/net/lo/queues/rx-0/rps_cpus": "0",
    ]

    init() throws {
        folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("apus-kernel-\(UUID().uuidString)")
        for (path, text) in Self.settings.merging(Self.surroundings, uniquingKeysWith: { $1 }) {
            try write(text, to: path)
        }
        try FileManager.default.createSymbolicLink(
            atPath: folder.path + "/sys/class/net/eth0/device",
            withDestinationPath: "../../../virtio2")
    }

    func remove() { try? FileManager.default.removeItem(at: folder) }

    func write(_ text: String, to path: String) throws {
        let file = URL(fileURLWithPath: folder.path + path)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data((text + "\n").utf8).write(to: file)
    }

    /// Every setting with what is in its file now.
    func values() throws -> [String: String] {
        try Dictionary(
            uniqueKeysWithValues: Self.settings.keys.map { path in
                (path, String(decoding: try Data(
                    contentsOf: URL(fileURLWithPath: folder.path + path)), as: UTF8.self))
            })
    }
}
