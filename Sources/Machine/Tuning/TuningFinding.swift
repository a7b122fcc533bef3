/// One check of `apus doctor` with what this machine has.
public struct TuningFinding: Sendable, Equatable, Encodable {
    public enum State: String, Sendable, Encodable {
        /// As a lane wants it.
        case good
        /// Costs latency, at the tail at least.
        case poor
        /// This machine has no such setting, or does not show it.
        case unknown
    }

    public let check: TuningCheck
    public let state: State
    /// What is set here, for a reader.
    public let found: String

    init(_ check: TuningCheck, _ state: State, _ found: String) {
        self.check = check
        self.state = state
        self.found = found
    }

    private enum CodingKeys: String, CodingKey {
        case check, state, found, why, tune, engine
    }

    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(check, forKey: .check)
        try fields.encode(state, forKey: .state)
        try fields.encode(found, forKey: .found)
        try fields.encode(check.reason, forKey: .why)
        try fields.encode(check.remedy, forKey: .tune)
        try fields.encode(check.use, forKey: .engine)
    }
}

/// What a configuration asks of the machine.
public struct TuningNeeds: Sendable, Equatable {
    /// Cores that lanes are pinned to; empty: none is named.
    public var laneCores: [Int] = []
    public var realTimePriority: Int?
    public var locksMemory = true
    public var usesHugePages = true

    public init() {}
}
