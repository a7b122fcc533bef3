import Yams

/// A failing run as it is written to a file: enough to run it again, and to understand it.
public struct FailureRecord: Codable, Sendable {
    public var seed: UInt64
    /// The plan that still fails, made as small as the budget allowed.
    public var plan: SimulationPlan
    public var violation: String
    /// Steps of the world until then.
    public var step: Int
    /// What disturbed the engine, newest last, simulated seconds first.
    public var diary: [String]
    /// The last records of the engine's journal, as `apus journal cat` shows them.
    public var records: [String]

    public var yaml: String {
        let encoder = YAMLEncoder()
        encoder.options.sortKeys = true
        return (try? encoder.encode(self)) ?? ""
    }

    /// Reads what ``yaml`` has written.
    public init(yaml text: String) throws(SimulationFailure) {
        do {
            self = try YAMLDecoder().decode(FailureRecord.self, from: text)
        } catch {
            throw .plan("\(error)")
        }
    }

    init(
        seed: UInt64, plan: SimulationPlan, violation: String, step: Int, diary: [String],
        records: [String]
    ) {
        self.seed = seed
        self.plan = plan
        self.violation = violation
        self.step = step
        self.diary = diary
        self.records = records
    }
}
