import Foundation
import Testing

@testable import Machine

/// `tuning/tune` against a copy of the kernel's files: this machine stays as it is.
@Suite("Tuning: the script", .timeLimit(.minutes(1)))
struct TuningScriptTests {
    private static let script = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("tuning/tune").path

    private typealias Outcome = (status: Int32, output: String, errors: String)

    private func tune(_ kernel: FakeKernel, _ arguments: [String]) throws -> Outcome {
        try run([Self.script] + arguments + ["--root", kernel.folder.path])
    }

    private func run(_ command: [String]) throws -> Outcome {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = command
        let output = Pipe()
        let errors = Pipe()
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        let text = output.fileHandleForReading.readDataToEndOfFile()
        let trouble = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (
            process.terminationStatus, String(decoding: text, as: UTF8.self),
            String(decoding: trouble, as: UTF8.self)
        )
    }

    private static let wanted = [
        "/proc/sys/vm/nr_hugepages": "64", "/proc/sys/vm/swappiness": "0",
        "/proc/sys/vm/stat_interval": "120", "/proc/sys/kernel/numa_balancing": "0",
        "/proc/sys/kernel/watchdog": "0", "/proc/sys/kernel/sched_rt_runtime_us": "-1",
        "/proc/sys/net/core/busy_read": "50", "/proc/sys/net/core/busy_poll": "50",
        "/proc/sys/net/ipv4/tcp_slow_start_after_idle": "0",
        "/sys/kernel/mm/transparent_hugepage/enabled": "madvise",
        "/sys/devices/system/cpu/cpu2/cpufreq/scaling_governor": "performance",
        // Shallow: left alone. Deep: off.
        "/sys/devices/system/cpu/cpu2/cpuidle/state1/disable": "0",
        "/sys/devices/system/cpu/cpu2/cpuidle/state2/disable": "1",
        // eth0 is virtio2; virtio20 is somebody else's.
        "/proc/irq/38/smp_affinity_list": "0,1", "/proc/irq/39/smp_affinity_list": "0,1",
        "/proc/irq/40/smp_affinity_list": "0-3",
    ]

    @Test func `apply sets what is wanted, a second time nothing, undo restores every byte`() throws {
        let kernel = try FakeKernel()
        defer { kernel.remove() }
        let before = try kernel.values()
        let first = try tune(kernel, ["apply", "--cores", "2-3"])
        #expect(first.status == 0 && first.errors.isEmpty)
        #expect(try kernel.values() == Self.wanted.mapValues { $0 + "\n" })
        let changed = before.filter { Self.wanted[$0.key].map { $0 + "\n" } != $0.value }
        for path in changed.keys {
            #expect(first.output.contains("set \(path): "), "\(path) changed unsaid")
        }
        #expect(first.output.split(separator: "\n").count == changed.count)
        #expect(try tune(kernel, ["check", "--cores", "2-3"]).status == 0)

        let second = try tune(kernel, ["apply", "--cores", "2-3"])
        #expect(second.status == 0 && second.output.isEmpty)
        let undone = try tune(kernel, ["undo"])
        #expect(undone.status == 0 && undone.output.split(separator: "\n").count == changed.count)
        #expect(try kernel.values() == before)
        let again = try tune(kernel, ["undo"])
        #expect(again.status == 0 && again.output.hasPrefix("nothing to undo"))
    }

    @Test func `a dry run changes nothing and says all`() throws {
        let kernel = try FakeKernel()
        defer { kernel.remove() }
        let before = try kernel.values()
        let dry = try tune(kernel, ["apply", "--dry-run"])
        #expect(dry.status == 0 && dry.output.contains(
            "would set /proc/sys/vm/swappiness: 60 -> 0\n"))
        #expect(!dry.output.contains("/proc/irq/"), "no core is named")
        #expect(try kernel.values() == before)
        #expect(try tune(kernel, ["undo"]).output.hasPrefix("nothing to undo"))
        _ = try tune(kernel, ["apply"])
        let applied = try kernel.values()
        #expect(try tune(kernel, ["undo", "--dry-run"]).output.contains(
            "would set /proc/sys/vm/swappiness: 0 -> 60\n"))
        #expect(try kernel.values() == applied)
        #expect(try tune(kernel, ["undo"]).status == 0)
        #expect(try kernel.values() == before)
    }

    @Test func `the machine's own value is remembered over somebody else's`() throws {
        let kernel = try FakeKernel()
        defer { kernel.remove() }
        let before = try kernel.values()
        _ = try tune(kernel, ["apply"])
        try kernel.write("30", to: "/proc/sys/vm/swappiness")
        #expect(try tune(kernel, ["check"]).status == 1)
        #expect(try tune(kernel, ["apply"]).output
            == "set /proc/sys/vm/swappiness: 30 -> 0\n")
        #expect(try tune(kernel, ["undo"]).status == 0)
        #expect(try kernel.values() == before)
    }

    @Test func `what the kernel refuses is said and not remembered`() throws {
        let kernel = try FakeKernel()
        defer { kernel.remove() }
        // A device that takes every byte and keeps none, as a setting a guest may not change.
        let path = kernel.folder.path + "/proc/sys/kernel/watchdog"
        try FileManager.default.removeItem(atPath: path)
        try FileManager.default.createSymbolicLink(
            atPath: path, withDestinationPath: "/dev/null")
        let applied = try tune(kernel, ["apply"])
        #expect(applied.status == 1)
        #expect(applied.errors.contains("cannot set /proc/sys/kernel/watchdog to 0"))
        let undone = try tune(kernel, ["undo"])
        #expect(undone.status == 0 && !undone.output.contains("watchdog"))
    }

    @Test func `without root it refuses, says why and touches nothing`() throws {
        // As root it becomes nobody for the trial, who may not read this folder: hence the copy.
        let user = geteuid() == 0 ? ["setpriv", "--reuid", "65534", "--clear-groups"] : []
        let copy = FileManager.default.temporaryDirectory
            .appendingPathComponent("apus-tune-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: copy) }
        try FileManager.default.copyItem(atPath: Self.script, toPath: copy)
        for action in ["apply", "undo"] {
            let refused = try run(user + ["bash", copy, action])
            #expect(refused.status == 77 && refused.output.isEmpty)
            #expect(refused.errors.contains("run it as root"))
        }
    }

    @Test(arguments: [
        ["polish"], ["apply", "--cores", ""], ["apply", "--cores", "one"], ["apply", "undo"],
        ["check", "--cores", "1-"],
    ])
    func `wrong usage changes nothing and shows the usage`(arguments: [String]) throws {
        let kernel = try FakeKernel()
        defer { kernel.remove() }
        let before = try kernel.values()
        let wrong = try tune(kernel, arguments)
        #expect(wrong.status == 64 && wrong.errors.contains("tuning/tune check"))
        #expect(try kernel.values() == before)
    }

    @Test func `the doctor reads the same files`() throws {
        let kernel = try FakeKernel()
        defer { kernel.remove() }
        let facts = TuningFacts.read(SystemTree(root: kernel.folder.path))
        #expect(facts.onlineCores == [0, 1, 2, 3] && facts.isolatedCores == [2, 3])
        #expect(facts.governors == [2: "powersave"] && facts.siblings == [2: [0, 2]])
        #expect(facts.idleStates.map(\.name) == ["C1", "C6"])
        #expect(facts.interfaces == [
            .init(
                name: "eth0", receiveQueues: 1, transmitQueues: 1,
                interrupts: [38: [0, 1, 2, 3], 39: [2]], coalescing: nil)
        ])
        #expect(facts.balancesInterrupts && facts.swapBytes == 1 << 20)
        #expect(facts.transparentHugePages == "always" && facts.busyRead == 0)
    }
}
