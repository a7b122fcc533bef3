/// A measured stretch of the way from received bytes to a sent order, in the order of the flow.
public enum LatencyStage: UInt8, CaseIterable, Sendable {
    /// Kernel's or interface's stamp on a segment → its receive has returned, from two readings of
    /// the system's clock; only with `receive_timestamps`.
    case kernelToRead
    /// Completion of a receive seen → its bytes taken up.
    case receive
    /// TLS record → plain bytes.
    case decrypt
    /// WebSocket frame → payload.
    case unframe
    /// Payload → record.
    case parse
    /// Record → book updated.
    case book
    /// Indicators updated.
    case indicators
    /// Strategy decided.
    case strategy
    /// Pre-trade checks.
    case risk
    /// Order record → venue text, with its signature.
    case encode
    /// Text → masked frame → TLS record.
    case seal
    /// Record handed to the kernel.
    case submit
    /// Receive seen → order handed to the kernel.
    case tickToOrder
    /// Order handed to the kernel → venue's answer seen.
    case orderToAck
    /// Receive seen → frame completely dealt with, order or not.
    case frameToDone
}
