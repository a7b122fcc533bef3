import MarketModel

/// The bytes of a request as it was queued, or why it was not.
public struct EncodedRequest: BitwiseCopyable {
    /// Why nothing left; the code of the reply that the core gets instead of the venue's.
    public enum Obstacle: Int32, BitwiseCopyable, Sendable {
        /// The connection is down, or the request does not fit.
        case notSent = -1
        /// The venue's rate limit is nearly used up, or it wants quiet.
        case heldBack = -2
        /// An order of a list whose last one has not come yet: it leaves with that.
        case awaitsLegs = -3
        /// A dry run: the request was made ready, and stays here.
        case dryRun = -4
    }

    public var bytes: UnsafeMutablePointer<UInt8>
    /// 0: not sent.
    public var count: Int
    /// The timestamp in it, on the venue's clock.
    public var time: Timestamp
    public var obstacle: Obstacle
    /// The bytes are parameters of a REST request, without key and signature; it leaves with the
    /// time of its sending.
    public var isREST: Bool

    @_noLocks
    init(
        bytes: UnsafeMutablePointer<UInt8>, count: Int, time: Timestamp, isREST: Bool = false
    ) {
        self.bytes = bytes
        self.count = count
        self.time = time
        obstacle = .notSent
        self.isREST = isREST
    }

    @_noLocks
    static func nothing(
        _ bytes: UnsafeMutablePointer<UInt8>, _ obstacle: Obstacle
    ) -> EncodedRequest {
        var request = EncodedRequest(bytes: bytes, count: 0, time: .unknown)
        request.obstacle = obstacle
        return request
    }
}
