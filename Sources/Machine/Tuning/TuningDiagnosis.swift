/// Judges a machine's settings for pinned trading threads; pure.
public struct TuningDiagnosis: Sendable {
    let facts: TuningFacts
    let needs: TuningNeeds
    /// The lanes' cores, or what else could be meant: the isolated ones, then all.
    public let cores: [Int]

    public init(_ facts: TuningFacts, needs: TuningNeeds) {
        self.facts = facts
        self.needs = needs
        cores =
            !needs.laneCores.isEmpty
            ? needs.laneCores
            : !facts.isolatedCores.isEmpty ? facts.isolatedCores : facts.onlineCores
    }

    /// One a check, in the order of ``TuningCheck``.
    public var findings: [TuningFinding] {
        TuningCheck.allCases.map { check in
            let (state, found) = judge(check)
            return TuningFinding(check, state, found)
        }
    }

    typealias Judgement = (TuningFinding.State, String)

    private func judge(_ check: TuningCheck) -> Judgement {
        switch check {
        case .isolatedCores: covering(facts.isolatedCores, "isolated")
        case .ticklessCores: covering(facts.ticklessCores, "without the tick")
        case .callbackCores: callbacks
        case .governor: governor
        case .idleStates: idleStates
        case .simultaneousThreads: simultaneousThreads
        case .realTime: realTime
        case .interrupts: interrupts
        case .balancer: facts.balancesInterrupts ? (.poor, "runs") : (.good, "does not run")
        case .coalescing: coalescing
        case .queues: queues
        case .busyPoll: busyPoll
        case .transparentHugePages: transparentHugePages
        case .hugePages: hugePages
        case .lockedMemory: lockedMemory
        case .swap: swap
        case .nodes: nodes
        case .openFiles: openFiles
        case .clockSource: clockSource
        case .mitigations: mitigations
        }
    }

    // MARK: - Cores

    /// Whether all of the lanes' cores are in `kept`.
    private func covering(_ kept: [Int], _ word: String) -> Judgement {
        if kept.isEmpty { return (.poor, "no core is \(word)") }
        let missing = needs.laneCores.filter { !kept.contains($0) }
        if missing.isEmpty { return (.good, "\(word): \(CoreList.text(kept))") }
        return (
            .poor, "\(word): \(CoreList.text(kept)); a lane is on \(CoreList.text(missing))"
        )
    }

    private var callbacks: Judgement {
        guard let word = facts.commandLine["rcu_nocbs"] else {
            // nohz_full implies it for its own cores.
            return covering(facts.ticklessCores, "without callbacks")
        }
        if word.isEmpty || word == "all" { return (.good, "without callbacks: all") }
        return covering(CoreList.parse(word) ?? [], "without callbacks")
    }

    private var governor: Judgement {
        let found = cores.compactMap { core in facts.governors[core].map { (core, $0) } }
        if found.isEmpty {
            return (.unknown, facts.isVirtual ? "the host decides (virtual machine)" : "none")
        }
        let slow = found.filter { $0.1 != "performance" }
        if slow.isEmpty { return (.good, "performance") }
        return (.poor, "\(slow[0].1) on \(CoreList.text(slow.map(\.0)))")
    }

    /// The longest wake-up that does no harm, in microseconds: C1's.
    private static let shallowLatency = 2

    private var idleStates: Judgement {
        let known = facts.idleStates.filter { cores.contains($0.core) }
        if known.isEmpty { return (.unknown, "the kernel shows no idle states") }
        let deep = known.filter { !$0.isDisabled && $0.latency > Self.shallowLatency }
        guard let deepest = deep.max(by: { $0.latency < $1.latency }) else {
            return (.good, "no state slower than \(Self.shallowLatency) us is enabled")
        }
        let limits = ["intel_idle.max_cstate", "processor.max_cstate", "idle"]
            .compactMap { word in facts.commandLine[word].map { "\(word)=\($0)" } }
        let text = "\(deepest.name), \(deepest.latency) us, on \(CoreList.text(deep.map(\.core)))"
        return (.poor, ([text] + limits).joined(separator: "; "))
    }

    private var simultaneousThreads: Judgement {
        let shared = cores.filter { (facts.siblings[$0]?.count ?? 1) > 1 }
        if shared.isEmpty {
            guard let control = facts.simultaneousThreads, !facts.siblings.isEmpty else {
                return (.unknown, "the kernel does not say")
            }
            // A guest may be shown whole cores that are halves.
            return (.good, "each core alone (\(control))"
                + (facts.isVirtual ? ", as this virtual machine is shown them" : ""))
        }
        let siblings = Set(shared.flatMap { facts.siblings[$0] ?? [] }).subtracting(shared)
        return (
            .poor, "\(CoreList.text(shared)) shared with "
                + (siblings.isEmpty ? "one another" : CoreList.text(Array(siblings)))
        )
    }

    private var realTime: Judgement {
        let limit = facts.realTimePriorityLimit
        let asked = needs.realTimePriority ?? 1
        if limit < asked { return (.poor, "priorities up to \(limit), \(asked) is wanted") }
        if needs.realTimePriority != nil, let runtime = facts.realTimeRuntime, runtime >= 0 {
            return (.poor, "permitted up to \(limit), but stopped after \(runtime) us of each second")
        }
        return (.good, "priorities up to \(limit) are permitted")
    }
}
