extension TuningDiagnosis {
    var transparentHugePages: Judgement {
        guard let found = facts.transparentHugePages else { return (.unknown, "the kernel has none") }
        return (found == "madvise" ? .good : .poor, found)
    }

    var hugePages: Judgement {
        guard let pages = facts.hugePages else {
            return (.unknown, "the kernel has none of 2 MiB")
        }
        let text = "\(pages) of 2 MiB reserved, \(facts.freeHugePages ?? 0) free"
        if !needs.usesHugePages { return (.good, "\(text); no lane asks for them") }
        // A running engine holds its own: reserved ones count, free or not.
        return (pages > 0 ? .good : .poor, text)
    }

    var lockedMemory: Judgement {
        guard let limit = facts.lockedMemoryLimit else { return (.good, "no limit") }
        let text = "\(limit >> 10) KiB may be locked"
        return needs.locksMemory ? (.poor, text) : (.good, "\(text); no lane locks any")
    }

    var swap: Judgement {
        guard let total = facts.swapBytes else { return (.unknown, "the kernel does not say") }
        if total == 0 { return (.good, "none") }
        let text = "\(total >> 20) MiB, \(facts.swapUsedBytes >> 20) in use, swappiness "
            + (facts.swappiness.map(String.init) ?? "unknown")
        return (facts.swappiness == 0 ? .good : .poor, text)
    }

    var nodes: Judgement {
        if facts.nodes.count <= 1 { return (.good, "one node") }
        let used = facts.nodes.filter { node in cores.contains(where: node.value.contains) }
            .keys.sorted()
        let text = "\(facts.nodes.count) nodes, lanes on "
            + used.map(String.init).joined(separator: ", ")
        if let balancing = facts.nodeBalancing, balancing != 0 {
            return (.poor, "\(text); pages are migrated (numa_balancing \(balancing))")
        }
        return (.good, text)
    }

    /// Sockets, segments, logs and clients of one engine, with room.
    private static let neededFiles = 1024

    var openFiles: Judgement {
        guard let limit = facts.openFileLimit else { return (.good, "no limit") }
        return (limit >= Self.neededFiles ? .good : .poor, "\(limit) at a time")
    }

    // MARK: - Clock and processor

    var clockSource: Judgement {
        guard let source = facts.clockSource else { return (.unknown, "the kernel does not say") }
        let text = source + (facts.hasInvariantTSC ? ", counter invariant" : ", counter varies")
        return (source == "tsc" && facts.hasInvariantTSC ? .good : .poor, text)
    }

    var mitigations: Judgement {
        if facts.vulnerabilities.isEmpty { return (.unknown, "the kernel does not say") }
        let active = facts.vulnerabilities.filter { $0.value.hasPrefix("Mitigation") }.keys.sorted()
        let word = facts.commandLine["mitigations"].map { "mitigations=\($0); " } ?? ""
        if active.isEmpty { return (.good, word + "none active") }
        return (.poor, word + "active for " + active.joined(separator: ", "))
    }
}
