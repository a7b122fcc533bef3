extension TuningDiagnosis {
    var interrupts: Judgement {
        let all = facts.interfaces.flatMap { interface in
            interface.interrupts.map { (interface.name, $0.key, $0.value) }
        }
        if all.isEmpty { return (.unknown, "no interface's interrupts are to be seen") }
        let own = dedicatedCores
        if own.isEmpty {
            return (.unknown, "\(all.count) of \(names), and no core is named for a lane (--config)")
        }
        let meeting = all.filter { !own.isDisjoint(with: $0.2) }.map(\.1).sorted()
        if meeting.isEmpty {
            return (.good, "\(all.count) of \(names), none on \(CoreList.text(Array(own)))")
        }
        return (
            .poor, "\(CoreList.text(meeting)) of \(names) may come to "
                + CoreList.text(Array(own))
        )
    }

    /// Cores that are a lane's alone: without a name for one there is nothing to keep clear.
    private var dedicatedCores: Set<Int> {
        Set(needs.laneCores.isEmpty ? facts.isolatedCores : needs.laneCores)
    }

    private var names: String { facts.interfaces.map(\.name).joined(separator: ", ") }

    var coalescing: Judgement {
        let known = facts.interfaces.compactMap { interface in
            interface.coalescing.map { (interface.name, $0) }
        }
        if known.isEmpty { return (.unknown, "no interface says") }
        let text = known.map { name, setting in
            "\(name) \(setting.receiveMicroseconds) us"
                + (setting.isAdaptive ? ", adaptive" : "")
        }.joined(separator: "; ")
        let holds = known.contains { $0.1.isAdaptive || $0.1.receiveMicroseconds > 0 }
        return (holds ? .poor : .good, text)
    }

    var queues: Judgement {
        if facts.interfaces.isEmpty { return (.unknown, "no interface with a device behind it") }
        let text = facts.interfaces.map {
            "\($0.name) \($0.receiveQueues) in, \($0.transmitQueues) out"
        }.joined(separator: "; ")
        let needed = min(2, facts.onlineCores.count)
        return (facts.interfaces.allSatisfy { $0.receiveQueues >= needed } ? .good : .poor, text)
    }

    var busyPoll: Judgement {
        guard let read = facts.busyRead, let poll = facts.busyPoll else {
            return (.unknown, "the kernel cannot")
        }
        return (read > 0 && poll > 0 ? .good : .poor, "busy_read \(read), busy_poll \(poll) us")
    }
}
