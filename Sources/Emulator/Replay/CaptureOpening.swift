import MarketModel

/// What a capture begins with: its first moment and the recorded depth snapshot.
struct CaptureOpening {
    /// Frames searched for the snapshot.
    private static let searchedFrames = 10_000

    let firstTime: Timestamp
    /// The REST answer as recorded; `nil` when the capture has none near its start.
    private(set) var snapshot: [UInt8]?
    private(set) var snapshotLevels: DepthDiff?
    /// Upper-case symbol of the snapshot: that of the diffs around it.
    private(set) var symbol: String?
    private(set) var firstPrice: Price?

    init(paths: [String]) throws(CaptureFailure) {
        let reader = try CaptureReader(paths: paths)
        guard let first = reader.next() else {
            throw reader.failure ?? .noFrames(path: paths.first ?? "")
        }
        firstTime = first.time
        read(first)
        var count = 1
        while count < Self.searchedFrames, snapshot == nil || symbol == nil,
            let line = reader.next()
        {
            read(line)
            count += 1
        }
    }

    /// The configuration with the captured symbol's market at the capture's price.
    func adjusted(_ configuration: ExchangeConfiguration) -> ExchangeConfiguration {
        var adjusted = configuration
        guard let firstPrice,
            let index = adjusted.symbols.firstIndex(where: { $0.symbol == symbol })
        else { return adjusted }
        let rules = adjusted.symbols[index]
        let price = firstPrice.flooredToMultiple(of: rules.tickSize)
        if price >= rules.minPrice, price <= rules.maxPrice {
            adjusted.symbols[index].startPrice = price
        }
        return adjusted
    }

    private mutating func read(_ line: CaptureLine) {
        if let framed = FramedPayload(line.message) {
            if symbol == nil, framed.stream.contains("@depth") {
                symbol = framed.stream.split(separator: "@").first.map { $0.uppercased() }
            }
        } else if snapshot == nil,
            case .snapshot(let levels)? = CaptureFrame.parse(line.message)
        {
            snapshot = Array(line.message)
            snapshotLevels = levels
            firstPrice = levels.bids.first?.price
        }
    }
}

/// A combined frame's stream name and the payload inside.
struct FramedPayload {
    let stream: String
    let payload: UnsafeRawBufferPointer

    /// `nil` when the message is not of the form `{"stream":"…","data":…}`.
    init?(_ message: UnsafeRawBufferPointer) {
        guard let name = Self.streamBytes(of: message) else { return nil }
        stream = String(decoding: name, as: UTF8.self)
        payload = Self.payload(of: message, after: name)
    }

    static func streamBytes(of message: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        let prefix: StaticString = "{\"stream\":\""
        let start = prefix.utf8CodeUnitCount
        guard message.count > start + 12 else { return nil }
        for offset in 0..<start where message[offset] != prefix.utf8Start[offset] { return nil }
        var end = start
        while end < message.count, message[end] != UInt8(ascii: "\"") { end += 1 }
        guard end + 10 < message.count else { return nil }
        return UnsafeRawBufferPointer(rebasing: message[start..<end])
    }

    /// What stands behind `","data":`, without the closing brace of the frame.
    static func payload(
        of message: UnsafeRawBufferPointer, after name: UnsafeRawBufferPointer
    ) -> UnsafeRawBufferPointer {
        let end = message.count - 1
        let start = min(11 + name.count + 9, end)
        return UnsafeRawBufferPointer(rebasing: message[start..<end])
    }
}
