import MarketModel

/// A client's connection as the dialect numbers it.
typealias SessionID = Int

/// Frames that wait to be sent: their bytes once, and who gets which part of them.
///
/// The dialect only writes here; the server's driver drains it after every step, so nothing in
/// the dialect knows about sockets.
struct Outbox: ~Copyable {
    struct Frame: BitwiseCopyable {
        let session: SessionID
        let start: Int
        let count: Int
        let isBinary: Bool
    }

    /// A connection to end, with the WebSocket close code.
    struct Closing: BitwiseCopyable {
        let session: SessionID
        let code: UInt16
    }

    /// Frames are written here; see ``send(from:to:)``.
    var text = TextBuffer(capacity: 1 << 16)
    private(set) var frames = ContiguousArray<Frame>()
    private(set) var closings: [Closing] = []

    var isEmpty: Bool { frames.isEmpty && closings.isEmpty }

    /// Sends what was written since `start` to one client.
    mutating func send(from start: Int, to session: SessionID, isBinary: Bool = false) {
        send(start..<text.count, to: session, isBinary: isBinary)
    }

    mutating func send(_ range: Range<Int>, to session: SessionID, isBinary: Bool = false) {
        frames.append(
            Frame(
                session: session, start: range.lowerBound, count: range.count,
                isBinary: isBinary))
    }

    mutating func close(_ session: SessionID, code: UInt16) {
        closings.append(Closing(session: session, code: code))
    }

    /// Forgets everything after the driver has taken it.
    mutating func clear() {
        text.clear()
        frames.removeAll(keepingCapacity: true)
        if !closings.isEmpty { closings.removeAll() }
    }
}
