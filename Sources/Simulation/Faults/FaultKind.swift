/// Everything that can go wrong in a simulation, by where it happens.
public enum FaultKind: Int, CaseIterable, Sendable {
    // The network, per send or connection.
    case disconnectMidMessage, reset, endOfStream, halfOpen, acceptThenSilence, connectRefused
    case connectSilence, jitter, stall, drip, split, merge, shortWrite, unansweredPing

    // What the exchange says on a WebSocket, per message.
    case duplicate, drop, reorder, crossedTop, truncated, invalidText, unknownField, wrongType
    case hugeNumber, oversized, corruptFrame, closeCode, crossedBook
    case lostAcknowledgement, lateAcknowledgement, lostReport, duplicateReport, lateReport
    case staleReport, unknownStatus

    // What it answers to REST, per answer.
    case noAnswer, emptyAnswer, pageAnswer, serverError, tooManyRequests, banned, cutAnswer
    case staleSnapshot, earlySnapshot, corruptHead

    // The exchange as a whole, per second.
    case exchangeRestart, exchangeRestartWithLoss, streamExpiry, venueCancel, ownerCancel
    case maintenance, exchangeClockStep, exchangeDrift, apiOutage, liquidation

    // The engine, per second.
    case clockStep, clockJump, clockDrift, crash, tornCrash, commandFlood, stuckReaders
    case commandHalt, commandCancelAll, commandFlatten, commandLimit, commandRestart

    // Its disk: per second the first three, per segment made or closed the others.
    case diskFull, diskError, diskSlow, diskShortWrite, diskUncut

    // The exchange announces the end of its connections, per second: in good time, or hardly. What
    // is newer comes last, since a kind's place decides its dice.
    case retirement, hastyRetirement

    // The refusal of a new order comes late, behind answers to what was asked after it.
    case lateRefusal

    // The account's owner needs its money for something else, per second.
    case fundsLock

    // What the venue's archive answers, besides what any REST answer may suffer.
    case lateHistory, shortHistory, overlappingHistory

    /// What plans and reports call it.
    public var name: String { "\(self)" }

    /// Whether it strikes the answers of the venue's archive.
    var isOfArchive: Bool {
        switch self {
        case .noAnswer, .emptyAnswer, .pageAnswer, .serverError, .tooManyRequests, .banned, .cutAnswer,
            .corruptHead, .lateHistory, .shortHistory, .overlappingHistory:
            true
        default: false
        }
    }

    /// Rolled once a second of simulated time rather than at every occasion.
    var isTimed: Bool {
        switch self {
        case .exchangeRestart, .exchangeRestartWithLoss, .streamExpiry, .venueCancel,
            .ownerCancel, .maintenance, .exchangeClockStep, .exchangeDrift, .apiOutage, .liquidation, .clockStep,
            .clockJump, .clockDrift, .crash, .tornCrash, .commandFlood, .stuckReaders, .commandHalt,
            .commandCancelAll, .commandFlatten, .commandLimit, .commandRestart, .diskFull, .diskError,
            .diskSlow, .retirement, .hastyRetirement, .fundsLock:
            true
        default: false
        }
    }
}
