/// Where a TLS record ends and the next begins in a stream of bytes (RFC 8446, 5.1).
struct RecordBoundaries {
    private static let headerBytes = 5
    private var headerSeen = 0
    private var length = 0
    private var bodyLeft = 0

    /// Follows these bytes; answers the first place in them, or behind them, where a record begins.
    mutating func follow(_ bytes: ArraySlice<UInt8>) -> Int? {
        var first: Int?
        var index = bytes.startIndex
        while index < bytes.endIndex {
            if bodyLeft > 0 {
                let step = min(bodyLeft, bytes.endIndex - index)
                bodyLeft -= step
                index += step
            } else {
                if headerSeen == 0, first == nil { first = index }
                if headerSeen >= 3 { length = length << 8 | Int(bytes[index]) }
                headerSeen += 1
                index += 1
                if headerSeen == Self.headerBytes {
                    (bodyLeft, headerSeen, length) = (length, 0, 0)
                }
            }
        }
        let isBetween = headerSeen == 0 && bodyLeft == 0
        return first ?? (isBetween ? bytes.endIndex : nil)
    }
}
