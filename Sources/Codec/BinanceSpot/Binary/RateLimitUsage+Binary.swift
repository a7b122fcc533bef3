extension RateLimitUsage {
    /// An entry of `rateLimits`; the names are the schema's.
    enum Row: Int, CaseIterable {
        case rateLimitType = 0
        case interval = 1
        case rateLimit = 3
        case current = 11
    }

    enum TypeCode: UInt8, CaseIterable {
        case requestWeight = 2
        case orders = 3
    }

    enum IntervalCode: UInt8, CaseIterable {
        case second = 0
        case day = 3
    }

    /// The counts of a binary answer; `rows` stand behind the last. Limits of other types or
    /// intervals are passed over.
    @_noLocks
    init(_ rows: inout BinaryRows) throws(DecodeFailure) {
        self.init()
        while let fields = try rows.next() {
            let usage = RateLimitCount(
                count: try Self.number(try fields.int64(Row.current.rawValue)),
                limit: try Self.number(try fields.int64(Row.rateLimit.rawValue)))
            switch TypeCode(rawValue: try fields.uint8(Row.rateLimitType.rawValue)) {
            case .requestWeight: requestWeight = usage
            case .orders:
                switch IntervalCode(rawValue: try fields.uint8(Row.interval.rawValue)) {
                case .second: ordersShortTerm = usage
                case .day: ordersDaily = usage
                case nil: break
                }
            case nil: break
            }
        }
    }

    private static func number(_ value: Int64) throws(DecodeFailure) -> Int32 {
        guard let number = Int32(exactly: value) else { throw .overflow }
        return number
    }
}
