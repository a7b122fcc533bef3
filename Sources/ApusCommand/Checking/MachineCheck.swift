import Engine
import Foundation
import Machine
import Telemetry
import Wire

/// What this machine and this kernel permit, found by trying, and what follows when not.
enum MachineCheck {
    static func sections(_ configuration: RunConfiguration) -> [CheckReport.Section] {
        let report = MachineReport.read()
        return [
            kernel(configuration), threads(configuration, report), memory(configuration, report),
            machine(report), clock(report),
        ]
    }

    private static func kernel(_ configuration: RunConfiguration) -> CheckReport.Section {
        var section = CheckReport.Section("kernel")
        let found = WireCapabilities.probe()
        let wanting = configuration.lanes.filter { $0.transport == .uring }
        // As a run does it: what a small ring gets, a lane's may be refused.
        for lane in wanting {
            guard let refusal = lane.ringRefusal() else { continue }
            section.note("Linux \(found.kernel): \(refusal); in use instead: "
                + "non-blocking recv and send")
            return section
        }
        guard found.hasIoUring else {
            section.fine("Linux \(found.kernel): no io_uring, and no lane uses it")
            return section
        }
        section.fine("Linux \(found.kernel): io_uring works"
            + (wanting.isEmpty ? ", no lane uses it" : ""))
        let used = found.inUse(disabling: [])
        for line in found.lines {
            let name = "\(line.name) (Linux \(line.minimumKernel))"
            if used.contains(line.feature) {
                section.fine("\(name): in use")
            } else if line.isAvailable {
                section.fine("\(name): available, a better one is in use")
            } else {
                section.note("\(name): absent; instead: \(line.fallback)")
            }
        }
        return section
    }

    private static func threads(
        _ configuration: RunConfiguration, _ report: MachineReport
    ) -> CheckReport.Section {
        var section = CheckReport.Section("threads")
        for lane in configuration.lanes {
            guard let thread = try? PinnedThread.start(
                name: "apus-check", core: lane.core, realTimePriority: lane.realTimePriority, {})
            else {
                section.problem("\(lane.name): the kernel refuses a thread")
                continue
            }
            thread.join()
            describe(thread.placement, lane.name, report, &section)
        }
        if report.isolatedCores.isEmpty {
            section.note("no core is isolated (isolcpus): other work may share the lane's core")
        } else {
            section.fine("isolated cores: \(report.isolatedCores)")
        }
        if !report.governor.isEmpty, report.governor != "performance" {
            section.note("governor \(report.governor): the core's clock may be low after a pause")
        }
        return section
    }

    private static func describe(
        _ placement: ThreadPlacement, _ lane: String, _ report: MachineReport,
        _ section: inout CheckReport.Section
    ) {
        if let core = placement.core {
            section.fine("\(lane): pinned to core \(core)")
        } else if let core = placement.requestedCore {
            section.note("\(lane): core \(core) is not ours (ours: "
                + "\(report.allowedCores.map(String.init).joined(separator: " "))); it runs on any")
        } else {
            section.note("\(lane): no core configured; it runs on any")
        }
        if let priority = placement.realTimePriority {
            section.fine("\(lane): real-time priority \(priority)")
        } else if let priority = placement.requestedPriority {
            section.note("\(lane): real-time priority \(priority) refused (limit "
                + "\(report.realTimePriorityLimit)); it runs at ordinary priority")
        } else {
            section.fine("\(lane): ordinary priority, as configured (real-time up to "
                + "\(report.realTimePriorityLimit) is permitted)")
        }
    }

    private static func memory(
        _ configuration: RunConfiguration, _ report: MachineReport
    ) -> CheckReport.Section {
        var section = CheckReport.Section("memory")
        var wishes: MemoryOptions = .populated
        if configuration.lanes.contains(where: \.usesHugePages) { wishes.insert(.hugePages) }
        guard let trial = try? AlignedMemory(byteCount: 2 << 20, options: wishes) else {
            section.problem("the kernel has no memory")
            return section
        }
        if configuration.lanes.contains(where: \.locksMemory) {
            do throws(ProcessMemory.LockRefusal) {
                try ProcessMemory.lock()
                section.fine("locking permitted")
            } catch {
                section.note("\(error)")
            }
        }
        if wishes.contains(.hugePages) {
            if trial.grant.granted.contains(.hugePages) {
                section.fine("huge pages granted (\(report.hugePages) reserved)")
            } else if trial.grant.askedForTransparentHugePages {
                section.note("no huge pages reserved (vm.nr_hugepages); transparent ones asked for "
                    + "(\(report.transparentHugePages))")
            } else {
                section.note("no huge pages: ordinary pages are used")
            }
        }
        if section.lines.isEmpty { section.fine("ordinary pages, not locked, as configured") }
        return section
    }

    private static func machine(_ report: MachineReport) -> CheckReport.Section {
        var section = CheckReport.Section("machine")
        section.fine("\(report.processor), \(report.coreCount) cores"
            + (report.isVirtual ? ", virtual" : "") + ", "
            + FigureText.bytes(Int64(report.memoryBytes)))
        if !report.missingInstructionSets.isEmpty {
            section.problem("this build needs "
                + report.missingInstructionSets.joined(separator: ", "))
        }
        if report.coreCount < 2 {
            section.note("one core: the exchange and the engine take turns")
        }
        return section
    }

    private static func clock(_ report: MachineReport) -> CheckReport.Section {
        var section = CheckReport.Section("clock")
        if report.hasInvariantTSC {
            section.fine("time stamp counter, invariant; the kernel uses \(report.clockSource)")
        } else {
            section.note("the time stamp counter is not invariant: latencies are not to be trusted "
                + "(the kernel uses \(report.clockSource))")
        }
        if let error = SystemClock.maximumError {
            section.fine("the kernel's clock is synchronised, within "
                + FigureText.duration(error))
        } else {
            section.note("the kernel's clock is not synchronised: let chrony or ntpd set it, or it "
                + "drifts away from the venue's")
        }
        return section
    }
}
