import MarketModel

/// An answer's status and body.
package struct VenueAnswer: Sendable {
    package var status: Int
    package var body: [UInt8]
    /// Seconds to keep quiet, with 429 and 418.
    package var retryAfter: Int?
    /// Request weight of this minute and address, this request included.
    package var usedWeight: Int64?

    package init(status: Int, body: [UInt8], retryAfter: Int?, usedWeight: Int64? = nil) {
        self.status = status
        self.body = body
        self.retryAfter = retryAfter
        self.usedWeight = usedWeight
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
