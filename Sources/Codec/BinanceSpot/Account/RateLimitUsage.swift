/// A used count and its limit, as the venue reported them; -1 when it did not.
public struct RateLimitCount: BitwiseCopyable, Sendable, Equatable {
    public var count: Int32
    public var limit: Int32

    @_noLocks
    public init(count: Int32, limit: Int32) {
        self.count = count
        self.limit = limit
    }

    /// Not reported.
    @inline(__always)
    public static var unknown: RateLimitCount {
        @_noLocks get { RateLimitCount(count: -1, limit: -1) }
    }
}

/// The venue's own counts beside an answer (binance-spot.md, section 3.3).
public struct RateLimitUsage: BitwiseCopyable, Sendable, Equatable {
    /// Request weight of this address in the current minute.
    public var requestWeight: RateLimitCount = .unknown
    /// Unfilled orders of the account in the current window of seconds (10 s on the main net).
    public var ordersShortTerm: RateLimitCount = .unknown
    /// Unfilled orders of the account in the current UTC day.
    public var ordersDaily: RateLimitCount = .unknown

    /// Nothing reported.
    @_noLocks
    public init() {}

    /// The counts of a `rateLimits` array. Limits of other types or intervals are passed over.
    @_noLocks
    init(_ array: JSONValue) throws(DecodeFailure) {
        guard array.isPresent else { return }
        var scanner = try JSONScanner(array)
        try scanner.enterArray()
        while try scanner.nextElement() {
            try read(&scanner)
        }
    }

    private mutating func read(_ scanner: inout JSONScanner) throws(DecodeFailure) {
        var type = JSONValue.absent
        var interval = JSONValue.absent
        var count = JSONValue.absent
        var limit = JSONValue.absent
        try scanner.enterObject()
        while let key = try scanner.nextKey() {
            let value = try scanner.value()
            if key.equals("count") {
                count = value
            } else if key.equals("limit") {
                limit = value
            } else if key.equals("interval") {
                interval = value
            } else if key.equals("rateLimitType") {
                type = value
            }
        }
        let usage = RateLimitCount(count: try count.code(), limit: try limit.code())
        if type.equals("REQUEST_WEIGHT") {
            requestWeight = usage
        } else if type.equals("ORDERS") {
            if interval.equals("SECOND") { ordersShortTerm = usage }
            if interval.equals("DAY") { ordersDaily = usage }
        }
    }
}

extension JSONValue {
    /// A whole number that must fit 32 bits: codes, counts, limits.
    @_noLocks
    func code() throws(DecodeFailure) -> Int32 {
        let value = try integer()
        guard value >= -2_147_483_648, value <= 2_147_483_647 else { throw .overflow }
        return Int32(truncatingIfNeeded: value)
    }
}
