/// Where a message of the exchange is bound.
package struct Destination: Sendable {
    /// Number of the connection, never used again.
    package let connection: Int
    /// The WebSocket API rather than a market stream.
    package let isAPI: Bool
    /// The message is a binary one.
    package let isBinary: Bool
}

/// A message that was held back.
package struct HeldMessage: Sendable {
    package let due: Int64
    /// As in ``Destination``.
    package let connection: Int
    package let bytes: [UInt8]
    package let isBinary: Bool

    package init(_ bytes: [UInt8], to destination: Destination, due: Int64) {
        self.due = due
        connection = destination.connection
        self.bytes = bytes
        isBinary = destination.isBinary
    }
}

/// What becomes of a message on its way out.
package enum MessageFate {
    case sent
    /// These instead, in this order and in the same encoding; none: it is lost.
    case replaced([[UInt8]])
    /// These bytes as they are, with no WebSocket frame around them.
    case raw([UInt8])
    /// Nothing, and the connection ends without a goodbye.
    case cut
    /// A close frame with this code instead.
    case closed(UInt16)
}

/// An answer to a REST request as it leaves.
package struct LeavingAnswer: Sendable {
    package var status: Int
    package var fields: [(String, String)]
    package var body: [UInt8]
    /// These bytes instead of all that, whatever they are.
    package var raw: [UInt8]?

    package init(status: Int, fields: [(String, String)], body: [UInt8]) {
        self.status = status
        self.fields = fields
        self.body = body
    }
}

/// Somebody between the exchange and its connections: the faults of a simulation.
///
/// The exchange itself keeps every rule; whoever interferes sees what it says and decides what the
/// clients hear.
package protocol Interference: AnyObject {
    /// A WebSocket message is about to be queued.
    func fate(of message: UnsafeRawBufferPointer, to destination: Destination) -> MessageFate
    /// An answer is about to be queued; `false`: the client waits in vain.
    func change(_ answer: inout LeavingAnswer, to target: String) -> Bool
    /// Messages that were held back and are due at `now`.
    func overdue(now: Int64) -> [HeldMessage]
}
