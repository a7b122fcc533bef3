import MarketModel

/// An answer's status and body.
package struct VenueAnswer: Sendable {
    package var status: Int
    package var body: [UInt8]
    /// Seconds to keep quiet, with 429 and 418.
    package var retryAfter: Int?

    package init(status: Int, body: [UInt8], retryAfter: Int?) {
        self.status = status
        self.body = body
        self.retryAfter = retryAfter
    }
}

/// Answers what an engine asks at its start, in the process and the time of a simulation.
package protocol VenueDesk: AnyObject {
    /// The engine's clock, nanoseconds since 1970.
    var now: Int64 { get }
    /// Time passes until the answer is there.
    func request(_ method: String, _ target: String) throws(StartFailure) -> VenueAnswer
    func pause(_ duration: Nanoseconds)
}
