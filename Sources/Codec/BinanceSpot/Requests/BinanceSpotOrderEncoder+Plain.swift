import MarketModel

// Plain orders: digits between pieces that stand ready. Each text is that of the parameters one by
// one, byte for byte.

extension BinanceSpotOrderEncoder {
    /// Whether an order is made of pieces: limit or post-only, without special terms.
    @_noLocks @inline(__always)
    func isPlain(_ request: OrderRequest) -> Bool {
        guard case .place = request.kind else { return false }
        return request.instrument.slot < instrumentCount && request.terms.isNone
            && request.price.raw > 0 && request.quantity.raw > 0
    }

    /// A plain order; 0 for every other request, and for a number that cannot be printed exactly.
    @_noLocks
    func encodePlainOrder(
        _ request: OrderRequest, time: Timestamp, into target: UnsafeMutablePointer<UInt8>
    ) -> Int {
        if !isPlain(request) { return 0 }
        return finishPlainOrder(
            request, time: time, TimeOpening(time), in: target,
            behind: beginPlainOrder(request.requestID, request.clientOrderID, in: target))
    }

    /// The text to sign of a plain order, or 0.
    @_noLocks
    func encodePlainSigningText(
        _ request: OrderRequest, time: Timestamp, into target: UnsafeMutablePointer<UInt8>
    ) -> Int {
        if !isPlain(request) { return 0 }
        return finishPlainSigningText(
            request, time: time, TimeOpening(time), in: target,
            behind: beginPlainSigningText(request.clientOrderID, in: target))
    }

    /// A plain order up to its price, which only its numbers decide. Returns its bytes.
    @_noLocks
    func beginPlainOrder(
        _ requestID: UInt64, _ order: ClientOrderID, in target: UnsafeMutablePointer<UInt8>
    ) -> Int {
        var text = TextWriter(target)
        text.write("{\"id\":")
        text.write(requestID)
        let opening = templates.opening(isSigningText: false)
        text.write(prepared: opening, count: opening.pointee.count)
        order.writeText(to: text.position)
        text.position += ClientOrderID.textCount
        text.write("\",\"newOrderRespType\":\"ACK\",\"price\":\"")
        return text.count
    }

    /// The same of the text to sign.
    @_noLocks
    func beginPlainSigningText(
        _ order: ClientOrderID, in target: UnsafeMutablePointer<UInt8>
    ) -> Int {
        var text = TextWriter(target)
        let opening = templates.opening(isSigningText: true)
        text.write(prepared: opening, count: opening.pointee.count)
        order.writeText(to: text.position)
        text.position += ClientOrderID.textCount
        text.write("&newOrderRespType=ACK&price=")
        return text.count
    }

    /// Price, quantity, time and what lies between and behind them, `count` bytes into the text.
    /// Returns the whole text's bytes, or 0.
    @_noLocks
    func finishPlainOrder(
        _ request: OrderRequest, time: Timestamp, _ opening: TimeOpening,
        in target: UnsafeMutablePointer<UInt8>, behind count: Int
    ) -> Int {
        guard let piece = templates.piece(for: request, isSigningText: false),
            piece.pointee.count > 0
        else { return 0 }
        let instrument = instruments + request.instrument.slot
        var text = TextWriter(target)
        text.position += count
        guard text.write(request.price, of: instrument) else { return 0 }
        text.write("\",\"quantity\":\"")
        guard text.write(request.quantity, of: instrument) else { return 0 }
        write(piece, request.strategy, isSigningText: false, to: &text)
        text.write(time, opening)
        if case .limit = request.type {
            text.write(",\"type\":\"LIMIT\"")
        } else {
            text.write(",\"type\":\"LIMIT_MAKER\"")
        }
        if signatureCount > 0 {
            text.write(",\"signature\":\"")
            text.writeZeros(signatureCount)
            text.write("\"}}")
        } else {
            text.write("}}")
        }
        return text.count
    }

    /// The same of the text to sign.
    @_noLocks
    func finishPlainSigningText(
        _ request: OrderRequest, time: Timestamp, _ opening: TimeOpening,
        in target: UnsafeMutablePointer<UInt8>, behind count: Int
    ) -> Int {
        guard let piece = templates.piece(for: request, isSigningText: true),
            piece.pointee.count > 0
        else { return 0 }
        let instrument = instruments + request.instrument.slot
        var text = TextWriter(target)
        text.position += count
        guard text.write(request.price, of: instrument) else { return 0 }
        text.write("&quantity=")
        guard text.write(request.quantity, of: instrument) else { return 0 }
        write(piece, request.strategy, isSigningText: true, to: &text)
        text.write(time, opening)
        if case .limit = request.type {
            text.write("&type=LIMIT")
        } else {
            text.write("&type=LIMIT_MAKER")
        }
        return text.count
    }
}

extension BinanceSpotOrderEncoder {
    /// What stands between quantity and time; the strategy is named in it where that is asked for.
    @_noLocks @inline(__always)
    private func write(
        _ piece: UnsafeMutablePointer<OrderTemplates.Piece>, _ strategy: StrategyIndex,
        isSigningText: Bool, to text: inout TextWriter
    ) {
        if strategyType == 0 || strategy == .none {
            return text.write(prepared: piece, count: piece.pointee.count)
        }
        let bytes = UnsafeRawPointer(piece).assumingMemoryBound(to: UInt8.self)
        let split = piece.pointee.split
        text.write(bytes, count: split)
        text.write(isSigningText ? "&strategyId=" : ",\"strategyId\":")
        text.write(UInt64(strategy.raw) &+ 1)
        text.write(isSigningText ? "&strategyType=" : ",\"strategyType\":")
        text.write(strategyType)
        text.write(bytes + split, count: piece.pointee.count &- split)
    }
}

/// The first eight of a time's thirteen digits, which stay for a hundred seconds.
struct TimeOpening: BitwiseCopyable {
    /// Milliseconds without their last five digits.
    let count: UInt64
    let digits: UInt64

    @_noLocks
    init(_ time: Timestamp) {
        count = UInt64(truncatingIfNeeded: max(time.milliseconds, 0)) / 100_000
        digits = EightBytes.digits(count % 100_000_000) | EightBytes.zeros
    }
}

extension TextWriter {
    /// Adds a time in milliseconds, of which `opening` may be the opening.
    @_noLocks @inline(__always)
    fileprivate mutating func write(_ time: Timestamp, _ opening: TimeOpening) {
        let milliseconds = UInt64(truncatingIfNeeded: max(time.milliseconds, 0))
        let rest = milliseconds &- opening.count &* 100_000
        // From 2001 to 2286 a time has thirteen digits.
        if rest >= 100_000 || opening.count < 10_000_000 || opening.count >= 100_000_000 {
            return write(milliseconds)
        }
        EightBytes.store(opening.digits, to: position)
        EightBytes.store(EightBytes.digits(rest &* 1_000) | EightBytes.zeros, to: position + 8)
        position += 13
    }

    @_noLocks @inline(__always)
    fileprivate mutating func write(
        _ price: Price, of instrument: UnsafePointer<BinanceSpotOrderEncoder.InstrumentText>
    ) -> Bool {
        write(
            price.raw, scale: instrument.pointee.priceScale,
            decimals: instrument.pointee.priceDecimals)
    }

    @_noLocks @inline(__always)
    fileprivate mutating func write(
        _ quantity: Quantity, of instrument: UnsafePointer<BinanceSpotOrderEncoder.InstrumentText>
    ) -> Bool {
        write(
            quantity.raw, scale: instrument.pointee.quantityScale,
            decimals: instrument.pointee.quantityDecimals)
    }

    /// Adds what lies at `source`, 32 bytes at a time: readable up to the next multiple of that, and
    /// so far the target may be written.
    @_noLocks @inline(__always)
    fileprivate mutating func write(prepared source: UnsafeRawPointer, count: Int) {
        let target = UnsafeMutableRawPointer(position)
        var index = 0
        while index < count {
            target.storeBytes(
                of: source.loadUnaligned(fromByteOffset: index, as: SIMD32<UInt8>.self),
                toByteOffset: index, as: SIMD32<UInt8>.self)
            index &+= 32
        }
        position += count
    }

    /// Adds so many `0`, eight at a time.
    @_noLocks @inline(__always)
    fileprivate mutating func writeZeros(_ count: Int) {
        var index = 0
        while index < count {
            EightBytes.store(EightBytes.zeros, to: position + index)
            index &+= 8
        }
        position += count
    }
}
