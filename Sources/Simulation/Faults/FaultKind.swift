/// Everything that can go wrong in a simulation, by where it happens.
public enum FaultKind: String, CaseIterable, Codable, Sendable {
    // The network, per send or connection.
    case disconnectMidMessage, reset, endOfStream, halfOpen, acceptThenSilence, connectRefused
    case connectSilence, jitter, stall, drip, split, merge, shortWrite

    // What the exchange says on a WebSocket, per message.
    case duplicate, drop, reorder, crossedTop, truncated, invalidText, unknownField, wrongType
    case hugeNumber, oversized, corruptFrame, closeCode
    case lostAcknowledgement, lateAcknowledgement, lostReport, duplicateReport, lateReport
    case staleReport, unknownStatus

    // What it answers to REST, per answer.
    case noAnswer, emptyAnswer, pageAnswer, serverError, tooManyRequests, banned, cutAnswer
    case staleSnapshot

    // The exchange as a whole, per second.
    case exchangeRestart, exchangeRestartWithLoss, streamExpiry, venueCancel
    case maintenance, exchangeClockStep, apiOutage

    // The engine, per second.
    case clockStep, clockJump, crash, tornCrash
    case commandHalt, commandCancelAll, commandFlatten, commandLimit, commandRestart

    /// Rolled once a second of simulated time rather than at every occasion.
    var isTimed: Bool {
        switch self {
        case .exchangeRestart, .exchangeRestartWithLoss, .streamExpiry, .venueCancel,
            .maintenance, .exchangeClockStep, .apiOutage, .clockStep, .clockJump, .crash, .tornCrash,
            .commandHalt, .commandCancelAll, .commandFlatten, .commandLimit, .commandRestart:
            true
        default: false
        }
    }
}
