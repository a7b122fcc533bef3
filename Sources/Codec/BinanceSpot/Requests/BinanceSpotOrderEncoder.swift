import MarketModel

/// Order requests to the text of Binance Spot's WebSocket API (binance-spot.md, sections 7 and 9).
///
/// What never changes is rendered once: symbols and the key as padded bytes, plain orders but for
/// their digits, everything else as literals that compile to immediate stores; per request only
/// digits and ids are written. A handle over raw memory; whoever makes it frees it with ``deallocate()``.
public struct BinanceSpotOrderEncoder: BitwiseCopyable, @unchecked Sendable {
    /// What one instrument needs on the way out.
    struct InstrumentText: BitwiseCopyable {
        /// The symbol's bytes, readable up to 24.
        var symbol: (UInt64, UInt64, UInt64)
        var symbolCount: UInt8
        var priceScale: UInt8
        var quantityScale: UInt8
        var priceDecimals: UInt8
        var quantityDecimals: UInt8
    }

    /// Bytes that every text fits in.
    public static var maximumCount: Int { 2048 }

    let instruments: UnsafeMutablePointer<InstrumentText>
    let instrumentCount: Int
    /// Key bytes, readable up to the next multiple of eight; none in session mode.
    let apiKey: UnsafeMutablePointer<UInt8>
    public let apiKeyCount: Int
    /// Characters of the signature; 0 in session mode.
    public let signatureCount: Int
    let receiveWindow: UInt64
    /// What orders say of the kind of their strategy; 0: neither that nor its number.
    let strategyType: UInt64
    let templates: OrderTemplates

    /// An encoder for these instruments.
    ///
    /// `receiveWindow` is how long after its timestamp a request may reach the venue, in
    /// milliseconds, 1...60000. The key must be letters and digits only, at most 128. With a
    /// `strategyType`, at least 1000000, orders of a strategy carry it and the strategy's number from
    /// 1 on: labels in the venue's records, and 45 bytes more.
    public init(
        instruments list: [Instrument], access: RequestAccess, receiveWindow: Int = 5_000,
        strategyType: UInt32? = nil
    ) {
        precondition(receiveWindow > 0 && receiveWindow <= 60_000, "window within 1...60000 ms")
        var key: [UInt8] = []
        var signature = 0
        if case .signed(let apiKey, let count) = access {
            key = Array(apiKey.utf8)
            signature = count
            precondition(count > 0 && count <= 128, "signature of 1...128 characters")
        }
        precondition(
            key.count <= 128
                && key.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x22 && $0 != 0x5C },
            "a key is plain text of at most 128 characters")
        self.receiveWindow = UInt64(receiveWindow)
        precondition(strategyType ?? 1_000_000 >= 1_000_000, "a smaller type is the venue's own")
        self.strategyType = UInt64(strategyType ?? 0)
        signatureCount = signature
        apiKeyCount = key.count
        apiKey = .allocate(capacity: 136)
        apiKey.initialize(repeating: 0, count: 136)
        for (index, byte) in key.enumerated() { apiKey[index] = byte }
        instrumentCount = (list.map(\.index.slot).max() ?? -1) + 1
        instruments = .allocate(capacity: max(instrumentCount, 1))
        instruments.initialize(repeating: Self.unused, count: max(instrumentCount, 1))
        templates = OrderTemplates(
            instruments: max(instrumentCount, 1), key: String(decoding: key, as: UTF8.self))
        for instrument in list {
            instruments[instrument.index.slot] = Self.text(of: instrument)
            templates.render(instrument, receiveWindow: self.receiveWindow)
        }
    }

    /// Frees the memory of the encoder.
    public func deallocate() {
        instruments.deallocate()
        apiKey.deallocate()
        templates.deallocate()
    }

    /// Writes the request as JSON; `time` is the venue's time of sending. Returns its bytes.
    ///
    /// `target` needs ``maximumCount`` bytes. With signatures the signature's place holds zeros;
    /// it starts at ``signatureOffset(count:)`` and the caller fills it. A failure leaves rubbish
    /// in `target` and must not be sent.
    @_noLocks
    public func encode(
        _ request: OrderRequest, time: Timestamp, into target: UnsafeMutablePointer<UInt8>
    ) throws(EncodeFailure) -> Int {
        let plain = encodePlainOrder(request, time: time, into: target)
        if plain > 0 { return plain }
        return try encodeByParameters(request, time: time, into: target)
    }

    /// The same, a parameter at a time: every request there is.
    @_noLocks
    func encodeByParameters(
        _ request: OrderRequest, time: Timestamp, into target: UnsafeMutablePointer<UInt8>
    ) throws(EncodeFailure) -> Int {
        var text = TextWriter(target)
        text.write("{\"id\":")
        text.write(request.requestID)
        switch request.kind {
        case .place: text.write(",\"method\":\"order.place\",\"params\":{")
        case .cancel: text.write(",\"method\":\"order.cancel\",\"params\":{")
        case .cancelReplace: text.write(",\"method\":\"order.cancelReplace\",\"params\":{")
        case .cancelAll: text.write(",\"method\":\"openOrders.cancelAll\",\"params\":{")
        case .query: text.write(",\"method\":\"order.status\",\"params\":{")
        case .amend: text.write(",\"method\":\"order.amend.keepPriority\",\"params\":{")
        case .placeLeg: throw .unsupportedOrder
        }
        var parameters = ParameterWriter(text, isSigningText: false)
        try write(request, time, to: &parameters)
        finish(&parameters)
        return parameters.text.count
    }

    /// The signature's place, and the end.
    @inline(__always) @_noLocks
    func finish(_ parameters: inout ParameterWriter) {
        if signatureCount > 0 {
            parameters.begin("signature", isQuoted: true)
            var index = 0
            while index < signatureCount {
                parameters.text.write(byte: UInt8(ascii: "0"))
                index &+= 1
            }
            parameters.endQuoted()
        }
        parameters.text.write("}}")
    }

    /// Where the signature starts in a JSON text of `count` bytes.
    @_noLocks @inline(__always)
    public func signatureOffset(count: Int) -> Int { count &- 3 &- signatureCount }

    /// Where the key starts in a JSON text. What lies before it, between it and the signature,
    /// and behind that, is not secret.
    @_noLocks
    public func keyOffset(_ text: UnsafePointer<UInt8>, count: Int) -> Int {
        if apiKeyCount == 0 && signatureCount == 0 { return 0 }
        // "apiKey":" comes first in most requests; eight bytes of it are like nothing else.
        let name = EightBytes.load(("apiKey\":" as StaticString).utf8Start)
        var index = 0
        while index &+ 9 < count {
            if EightBytes.load(text + index) == name { return index &+ 9 }
            index &+= 1
        }
        return count
    }

    /// Writes the text to sign for the same request and time: parameters in the order of their
    /// names, not percent-encoded. Returns its bytes; `target` needs ``maximumCount``.
    @_noLocks
    public func encodeSigningText(
        _ request: OrderRequest, time: Timestamp, into target: UnsafeMutablePointer<UInt8>
    ) throws(EncodeFailure) -> Int {
        let plain = encodePlainSigningText(request, time: time, into: target)
        if plain > 0 { return plain }
        return try encodeSigningTextByParameters(request, time: time, into: target)
    }

    /// The same, a parameter at a time.
    @_noLocks
    func encodeSigningTextByParameters(
        _ request: OrderRequest, time: Timestamp, into target: UnsafeMutablePointer<UInt8>
    ) throws(EncodeFailure) -> Int {
        var parameters = ParameterWriter(TextWriter(target), isSigningText: true)
        try write(request, time, to: &parameters)
        return parameters.text.count
    }

    private static var unused: InstrumentText {
        InstrumentText(
            symbol: (0, 0, 0), symbolCount: 0, priceScale: 0, quantityScale: 0, priceDecimals: 0,
            quantityDecimals: 0)
    }

    private static func text(of instrument: Instrument) -> InstrumentText {
        var text = unused
        withUnsafeMutableBytes(of: &text.symbol) { buffer in
            guard let base = buffer.baseAddress else { return }
            let count = instrument.symbol.write(to: base.assumingMemoryBound(to: UInt8.self))
            text.symbolCount = UInt8(count)
        }
        text.priceScale = instrument.priceScale
        text.quantityScale = instrument.quantityScale
        text.priceDecimals = instrument.priceDecimals
        text.quantityDecimals = instrument.quantityDecimals
        return text
    }
}
