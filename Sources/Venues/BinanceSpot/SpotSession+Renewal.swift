import Codec
import MarketModel
import Wire

/// Connections are replaced before the venue ends them (binance-spot.md, section 3: 24 hours).
///
/// Market data does not stop for it. A second connection, the relief, is opened and its messages
/// are kept while the first still speaks; after an overlap that is far longer than any delay
/// between the two, the relief becomes the market link: its kept messages are read, without those
/// that are known, and what the first would say from then on is among them.
extension SpotSession {
    /// Where the connection stands that is to follow the market link.
    enum ReliefPhase: BitwiseCopyable {
        case none
        /// It is to be opened, or is being opened.
        case wanted
        /// Open; its messages are kept.
        case keeping
        /// It has been relieved itself, or is not needed: what it still says is dropped.
        case retiring
    }

    /// How long both market connections are listened to.
    private static var overlap: Int64 { 500_000_000 }

    mutating func renewMarketWhenDue(_ now: Int64) {
        let age = configuration.connectionAge
        if case .open = links[SpotLink.market].phase, case .none = relief,
            wantsRestart || now - openedAt[SpotLink.market] >= age
        {
            wantsRestart = false
            relief = .wanted
        }
    }

    /// Whether the relief has just become the market link: the two links have changed places, and
    /// the driver exchanges their transports. Cold; with no record of the market link held.
    public mutating func hasBeenRelieved(now: Int64) -> Bool {
        guard case .keeping = relief, !backlog.isEmpty,
            isBacklogFull || now - openedAt[SpotLink.relief] >= Self.overlap,
            case .open = links[SpotLink.market].phase, case .open = links[SpotLink.relief].phase,
            marketText.count == 0, burst == nil
        else { return false }
        let old = (links + SpotLink.market).move()
        (links + SpotLink.market).moveInitialize(from: links + SpotLink.relief, count: 1)
        (links + SpotLink.relief).initialize(to: old)
        openedAt[SpotLink.market] = openedAt[SpotLink.relief]
        lastData = now
        silences.begin(now)
        relief = .retiring
        remark(.renewed, SpotLink.market, "a second connection has taken over")
        links[SpotLink.relief].close(now: now)
        return true
    }

    /// The relief is open: from here on its messages are kept.
    mutating func startKeeping(_ now: Int64) {
        backlog.removeAll()
        isBacklogFull = false
        relief = .keeping
    }

    /// The relief's link has ended, as it was told to or by itself.
    mutating func reliefEnded(_ now: Int64) {
        if case .retiring = relief {
            relief = .none
            return
        }
        let delay = backoffs[SpotLink.relief].nextDelay()
        nextAttempt[SpotLink.relief] = now + delay
        relief = .wanted
        backlog.removeAll()
        let cause = closeReasons[SpotLink.relief].description(
            with: links[SpotLink.relief].failureText)
        remark(.closed, SpotLink.relief, "\(cause), next attempt in \(delay / 1_000_000) ms")
    }

    /// The market link was lost before the relief took over: one connection is enough.
    mutating func dismissRelief(_ now: Int64) {
        backlog.removeAll()
        switch relief {
        case .none, .retiring: return
        case .wanted, .keeping: break
        }
        switch links[SpotLink.relief].phase {
        case .idle, .closed: relief = .none
        default:
            relief = .retiring
            links[SpotLink.relief].close(now: now)
        }
    }

    /// What the relief's link says. Hot: while it is kept it speaks as much as the market link.
    @_noLocks
    mutating func nextReliefRecord() -> VenueRecord {
        while true {
            switch links[SpotLink.relief].next() {
            case .text(let bytes, let count): keep(MessageText(bytes: bytes, count: count))
            case .binary(let bytes, let count):
                keep(MessageText(bytes: bytes, count: count, isBinary: true))
            case .none: return .none
            case .needsCold: return .needsCold
            case .opened: return .opened
            case .closed(let reason):
                closeReasons[SpotLink.relief] = reason
                return .closed
            case .pong, .response, .request: break
            }
        }
    }

    /// What finds no room is lost: the relief takes over at once, and what is missing behind it
    /// shows as a gap in the books.
    @inline(__always)
    private mutating func keep(_ message: MessageText) {
        guard case .keeping = relief else { return }
        if !isBacklogFull, !backlog.append(message) { isBacklogFull = true }
    }
}
