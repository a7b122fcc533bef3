import Testing

@testable import Machine

@Suite("Tuning: the diagnosis")
struct TuningDiagnosisTests {
    /// A bare-metal machine with four cores, two of them prepared for lanes.
    static func prepared() -> TuningFacts {
        var facts = TuningFacts()
        facts.commandLine = KernelCommandLine("isolcpus=2-3 nohz_full=2-3 rcu_nocbs=2-3")
        facts.onlineCores = [0, 1, 2, 3]
        facts.isolatedCores = [2, 3]
        facts.ticklessCores = [2, 3]
        facts.governors = [0: "powersave", 1: "powersave", 2: "performance", 3: "performance"]
        facts.idleStates = [
            .init(core: 0, name: "C6", latency: 133, isDisabled: false),
            .init(core: 2, name: "C1", latency: 2, isDisabled: false),
            .init(core: 2, name: "C6", latency: 133, isDisabled: true),
            .init(core: 3, name: "C6", latency: 133, isDisabled: true),
        ]
        facts.simultaneousThreads = "off"
        facts.siblings = [0: [0], 1: [1], 2: [2], 3: [3]]
        facts.transparentHugePages = "madvise"
        facts.hugePages = 64
        facts.freeHugePages = 0
        facts.openFileLimit = 65_536
        facts.realTimePriorityLimit = 50
        facts.realTimeRuntime = -1
        facts.interfaces = [
            .init(
                name: "eth0", receiveQueues: 2, transmitQueues: 2, interrupts: [38: [0], 39: [1]],
                coalescing: .init(receiveMicroseconds: 0, isAdaptive: false))
        ]
        facts.busyPoll = 50
        facts.busyRead = 50
        facts.clockSource = "tsc"
        facts.hasInvariantTSC = true
        facts.vulnerabilities = ["meltdown": "Not affected", "spectre_v2": "Vulnerable"]
        facts.swapBytes = 0
        facts.nodes = [0: [0, 1], 1: [2, 3]]
        facts.nodeBalancing = 0
        return facts
    }

    static func needs() -> TuningNeeds {
        var needs = TuningNeeds()
        needs.laneCores = [2, 3]
        needs.realTimePriority = 50
        return needs
    }

    private func states(_ facts: TuningFacts, _ needs: TuningNeeds = needs())
        -> [TuningCheck: TuningFinding.State]
    {
        let findings = TuningDiagnosis(facts, needs: needs).findings
        #expect(findings.map(\.check) == TuningCheck.allCases)
        return Dictionary(uniqueKeysWithValues: findings.map { ($0.check, $0.state) })
    }

    @Test func `a prepared machine has nothing poor`() {
        for (check, state) in states(Self.prepared()) { #expect(state == .good, "\(check)") }
    }

    typealias Change = @Sendable (inout TuningFacts) -> Void

    /// One change each to the prepared machine, and the only check that may then be poor.
    static let damages: [(TuningCheck, Change)] = [
        (.isolatedCores, { $0.isolatedCores = [2] }),
        (.ticklessCores, { $0.ticklessCores = [3] }),
        (.callbackCores, { $0.commandLine = KernelCommandLine("rcu_nocbs=0-2") }),
        (.governor, { $0.governors[3] = "schedutil" }),
        (.idleStates, { $0.idleStates[2].isDisabled = false }),
        (.simultaneousThreads, { $0.siblings[2] = [0, 2] }),
        (.realTime, { $0.realTimePriorityLimit = 49 }),
        (.realTime, { $0.realTimeRuntime = 950_000 }),
        (.interrupts, { $0.interfaces[0].interrupts[39] = [1, 2] }),
        (.balancer, { $0.balancesInterrupts = true }),
        (.coalescing, { $0.interfaces[0].coalescing?.isAdaptive = true }),
        (.coalescing, { $0.interfaces[0].coalescing?.receiveMicroseconds = 8 }),
        (.queues, { $0.interfaces[0].receiveQueues = 1 }),
        (.busyPoll, { $0.busyRead = 0 }),
        (.transparentHugePages, { $0.transparentHugePages = "always" }),
        (.hugePages, { $0.hugePages = 0 }),
        (.lockedMemory, { $0.lockedMemoryLimit = 8 << 20 }),
        (.swap, { ($0.swapBytes, $0.swappiness) = (1 << 30, 60) }),
        (.nodes, { $0.nodeBalancing = 1 }),
        (.openFiles, { $0.openFileLimit = 256 }),
        (.clockSource, { $0.clockSource = "hpet" }),
        (.clockSource, { $0.hasInvariantTSC = false }),
        (.mitigations, { $0.vulnerabilities["meltdown"] = "Mitigation: PTI" }),
    ]

    @Test(arguments: damages.indices)
    func `one thing wrong makes its own check poor and no other`(index: Int) {
        let (damaged, change) = Self.damages[index]
        var facts = Self.prepared()
        change(&facts)
        for (check, state) in states(facts) {
            #expect((state == .poor) == (check == damaged), "\(damaged): \(check) is \(state)")
        }
    }

    @Test func `every check can be poor`() {
        #expect(Set(Self.damages.map(\.0)) == Set(TuningCheck.allCases))
    }

    @Test func `a bare kernel that shows nothing is not called good where nobody knows`() {
        let found = states(TuningFacts(), TuningNeeds())
        for check in [
            TuningCheck.governor, .idleStates, .simultaneousThreads, .interrupts, .coalescing,
            .queues, .busyPoll, .transparentHugePages, .hugePages, .swap, .clockSource,
            .mitigations,
        ] { #expect(found[check] == .unknown, "\(check)") }
    }

    @Test func `only what the lanes ask for is missed`() {
        var facts = Self.prepared()
        facts.hugePages = 0
        facts.lockedMemoryLimit = 8 << 20
        var needs = Self.needs()
        needs.usesHugePages = false
        needs.locksMemory = false
        let found = states(facts, needs)
        #expect(found[.hugePages] == .good && found[.lockedMemory] == .good)
    }

    @Test func `without lanes' cores the isolated ones are looked at, then all`() {
        var facts = Self.prepared()
        #expect(TuningDiagnosis(facts, needs: TuningNeeds()).cores == [2, 3])
        facts.isolatedCores = []
        #expect(TuningDiagnosis(facts, needs: TuningNeeds()).cores == [0, 1, 2, 3])
        #expect(states(facts, TuningNeeds())[.governor] == .poor)
    }
}
