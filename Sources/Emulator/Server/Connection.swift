import Wire

/// One accepted connection: its socket's slot, its protocol state and its dialect session.
final class Connection {
    let slot: Int
    let session: SessionID
    let openedAt: Int64
    /// Came in on the port of the binary market streams.
    let isBinary: Bool
    /// Has become a connection of the WebSocket API.
    var isAPI = false
    var link: ServerLink
    /// Something was queued since the last seal.
    var hasQueued = false
    /// Market data messages sent, for the disconnect fault.
    var messageCount = 0
    /// The connection has ended or is to be cut off.
    var isDead = false
    var deadSince: Int64 = 0

    init(
        slot: Int, session: SessionID, isBinary: Bool, link: consuming ServerLink, now: Int64
    ) {
        self.slot = slot
        self.isBinary = isBinary
        self.session = session
        self.link = link
        openedAt = now
    }
}
