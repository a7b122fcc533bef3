import Telemetry

/// One call on the control socket: who, when, what, and what came of it.
public struct AuditRecord: Codable, Sendable, Equatable {
    public var timeNanoseconds: Int64
    public var uid: UInt32
    public var pid: Int32
    public var method: String
    /// Compact JSON, cut at 1024 bytes.
    public var parameters: String
    /// Whether the method may change the engine; the others only read.
    public var isCommand: Bool
    /// `ok`, or the error's code and message.
    public var outcome: String
    public var durationNanoseconds: Int64

    public init(
        timeNanoseconds: Int64, uid: UInt32, pid: Int32, method: String, parameters: String,
        isCommand: Bool, outcome: String, durationNanoseconds: Int64
    ) {
        self.timeNanoseconds = timeNanoseconds
        self.uid = uid
        self.pid = pid
        self.method = method
        self.parameters = parameters
        self.isCommand = isCommand
        self.outcome = outcome
        self.durationNanoseconds = durationNanoseconds
    }

    /// One line for people: `uid 1000 pid 4242 halt {"reason":"drill"}: ok in 84.1 us`.
    public var text: String {
        "uid \(uid) pid \(pid) \(method) \(parameters): \(outcome) in "
            + FigureText.duration(durationNanoseconds)
    }
}
