import MarketModel

/// What stands between the quantity and the time of a plain order, rendered once: for each
/// instrument, side, and time in force (or post-only).
struct OrderTemplates: BitwiseCopyable {
    /// Text, and how much of it.
    struct Piece: BitwiseCopyable {
        var text = InlineArray<128, UInt8>(repeating: 0)
        var count = 0
        /// Where the strategy is named, between side and symbol.
        var split = 0
    }

    private let pieces: UnsafeMutablePointer<Piece>
    private let count: Int
    private static var perInstrument: Int { @_noLocks get { 8 } }

    init(instruments count: Int) {
        self.count = count * Self.perInstrument
        pieces = .allocate(capacity: self.count)
        pieces.initialize(repeating: Piece(), count: self.count)
    }

    func deallocate() { pieces.deallocate() }

    /// Renders an instrument's pieces; `receiveWindow` in milliseconds.
    func render(_ instrument: Instrument, receiveWindow: UInt64) {
        for (side, sideText) in ["BUY", "SELL"].enumerated() {
            for (life, lifeText) in ["GTC", "IOC", "FOK", ""].enumerated() {
                let head = #"","recvWindow":\#(receiveWindow),"side":"\#(sideText)""#
                let text =
                    head + #","symbol":"\#(instrument.symbol.text)""#
                    + (lifeText.isEmpty ? "" : #","timeInForce":"\#(lifeText)""#)
                    + #","timestamp":"#
                let bytes = Array(text.utf8)
                precondition(bytes.count <= 120, "a symbol has at most 23 characters")
                let place = pieces + index(instrument.index.slot, side, life)
                for (offset, byte) in bytes.enumerated() { place.pointee.text[offset] = byte }
                place.pointee.count = bytes.count
                place.pointee.split = head.utf8.count
            }
        }
    }

    /// The piece for a limit or post-only order; `nil` for another one.
    @_noLocks @inline(__always)
    func piece(for request: OrderRequest) -> UnsafeMutablePointer<Piece>? {
        let life: Int
        switch (request.type, request.timeInForce) {
        case (.limit, .gtc): life = 0
        case (.limit, .ioc): life = 1
        case (.limit, .fok): life = 2
        case (.limitMaker, _): life = 3
        default: return nil
        }
        return pieces + index(request.instrument.slot, request.side == .buy ? 0 : 1, life)
    }

    @_noLocks @inline(__always)
    private func index(_ instrument: Int, _ side: Int, _ life: Int) -> Int {
        instrument &* Self.perInstrument &+ side &* 4 &+ life
    }
}

extension BinanceSpotOrderEncoder {
    /// A plain order of a session that is logged on: digits between pieces that stand ready. 0 for
    /// every other request, and for a number that cannot be printed exactly.
    ///
    /// The text is that of the parameters one by one, byte for byte.
    @_noLocks
    func encodePlainOrder(
        _ request: OrderRequest, time: Timestamp, into target: UnsafeMutablePointer<UInt8>
    ) -> Int {
        if apiKeyCount &+ signatureCount != 0 || request.instrument.slot >= instrumentCount
            || !request.terms.isNone || request.price.raw <= 0 || request.quantity.raw <= 0
        {
            return 0
        }
        guard case .place = request.kind, let piece = templates.piece(for: request) else { return 0 }
        let instrument = instruments + request.instrument.slot
        if piece.pointee.count == 0 { return 0 }
        var text = TextWriter(target)
        text.write("{\"id\":")
        text.write(request.requestID)
        text.write(",\"method\":\"order.place\",\"params\":{\"newClientOrderId\":\"")
        request.clientOrderID.writeText(to: text.position)
        text.position += ClientOrderID.textCount
        text.write("\",\"newOrderRespType\":\"ACK\",\"price\":\"")
        let hasPrice = text.write(
            request.price.raw, scale: instrument.pointee.priceScale,
            decimals: instrument.pointee.priceDecimals)
        text.write("\",\"quantity\":\"")
        let hasQuantity = text.write(
            request.quantity.raw, scale: instrument.pointee.quantityScale,
            decimals: instrument.pointee.quantityDecimals)
        if !hasPrice || !hasQuantity { return 0 }
        let bytes = UnsafeRawPointer(piece).assumingMemoryBound(to: UInt8.self)
        var written = 0
        if strategyType > 0, request.strategy != .none {
            written = piece.pointee.split
            text.write(bytes, count: written)
            text.write(",\"strategyId\":")
            text.write(UInt64(request.strategy.raw) &+ 1)
            text.write(",\"strategyType\":")
            text.write(strategyType)
        }
        text.write(bytes + written, count: piece.pointee.count &- written)
        text.write(UInt64(truncatingIfNeeded: max(time.milliseconds, 0)))
        if case .limit = request.type {
            text.write(",\"type\":\"LIMIT\"}}")
        } else {
            text.write(",\"type\":\"LIMIT_MAKER\"}}")
        }
        return text.count
    }
}
