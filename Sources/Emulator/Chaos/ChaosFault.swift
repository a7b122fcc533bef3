/// What the proxy can do to connections.
public enum ChaosFault: String, CaseIterable, Sendable {
    case disconnect
    case reset
    case halfClose = "half-close"
    case silence
    case stall
    case delay
    case drip
    case corrupt
    case alert
    case refuse
    case mute

    /// What it does, one clause.
    public var summary: String {
        switch self {
        case .disconnect: "ends a connection at any byte, with a goodbye of TCP's (FIN)"
        case .reset: "ends a connection at any byte without one (RST)"
        case .halfClose: "ends only what comes from the exchange; requests still arrive"
        case .silence: "keeps a connection open and passes nothing on any more"
        case .stall: "passes nothing on for a while, then everything"
        case .delay: "adds latency and jitter for a while"
        case .drip: "passes a few hundred bytes a second on for a while"
        case .corrupt: "changes one bit, which TLS must refuse"
        case .alert: "puts an alert between two TLS records, which nobody has sealed"
        case .refuse: "resets new connections for a while"
        case .mute: "accepts new connections for a while and never answers them"
        }
    }

    /// Whether it is for connections that come, rather than for those that are there.
    public var isForNewConnections: Bool { self == .refuse || self == .mute }
}

/// What a proxy does by itself.
public struct ChaosPlan: Sendable {
    /// Same seed, same choices; when bytes come is the machine's.
    public var seed: UInt64 = 1
    /// On average between two faults, nanoseconds; `nil`: only those it is told to.
    public var interval: Int64?
    /// The kinds it chooses from, all equally often.
    public var faults = ChaosFault.allCases
    /// Of a fault that passes, nanoseconds; it takes half of that on average.
    public var longest: Int64 = 2_000_000_000

    public init() {}
}

/// What a proxy has done.
public struct ChaosReport: Sendable, Equatable {
    public var faults: [ChaosFault: Int] = [:]
    public var connections = 0
    /// Connections that the exchange did not take.
    public var unreachable = 0
    public var bytesToExchange = 0
    public var bytesToEngine = 0

    /// All faults, in the order of their kinds.
    public var text: String {
        let struck = ChaosFault.allCases.map { "\($0.rawValue) \(faults[$0, default: 0])" }
        return "connections \(connections), exchange unreachable \(unreachable), "
            + "bytes \(bytesToExchange) to the exchange, \(bytesToEngine) to the engine; faults: "
            + struck.joined(separator: ", ")
    }
}

/// Why a proxy did not start.
public enum ChaosFailure: Error, Equatable, CustomStringConvertible {
    case cannotListen(port: UInt16, reason: String)

    public var description: String {
        switch self {
        case .cannotListen(let port, let reason): "cannot listen on 127.0.0.1:\(port): \(reason)"
        }
    }
}
