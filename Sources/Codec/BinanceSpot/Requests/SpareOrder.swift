import MarketModel

/// A plain order whose text is begun before the order is known.
///
/// While a lane is idle nobody knows what it will order next, but the request's number and the
/// order's id are known: they follow the last ones. So all that lies before the price is laid out,
/// as JSON and, where requests are signed, as the text to sign; the order itself adds its digits.
/// Used only for exactly these numbers, so one that has been overtaken is never sent. A handle over
/// raw memory; whoever makes it frees it with ``deallocate()``.
public struct SpareOrder: BitwiseCopyable, @unchecked Sendable {
    public let text: UnsafeMutablePointer<UInt8>
    public let signingText: UnsafeMutablePointer<UInt8>
    /// The request it is for; 0, which no request has: none.
    public fileprivate(set) var requestID: UInt64 = 0
    public fileprivate(set) var clientOrderID = ClientOrderID.none
    fileprivate var openingCount = 0
    fileprivate var timeOpening = TimeOpening(.unknown)
    /// Bytes of the signed text that are there; 0 where nothing is signed.
    public fileprivate(set) var signingOpeningCount = 0

    public init() {
        let capacity = BinanceSpotOrderEncoder.maximumCount
        text = .allocate(capacity: 2 * capacity)
        text.initialize(repeating: 0, count: 2 * capacity)
        signingText = text + capacity
    }

    public func deallocate() { text.deallocate() }

    /// Whether it is for these numbers.
    @_noLocks @inline(__always)
    public func isFor(_ requestID: UInt64, _ order: ClientOrderID) -> Bool {
        self.requestID == requestID && clientOrderID == order
    }
}

extension BinanceSpotOrderEncoder {
    /// Begins a spare order for these numbers, which will leave soon after `time`, the venue's.
    @_noLocks
    public func begin(
        _ spare: inout SpareOrder, _ requestID: UInt64, _ order: ClientOrderID, time: Timestamp
    ) {
        spare.timeOpening = TimeOpening(time)
        spare.requestID = requestID
        spare.clientOrderID = order
        spare.openingCount = beginPlainOrder(requestID, order, in: spare.text)
        spare.signingOpeningCount =
            signatureCount > 0 ? beginPlainSigningText(order, in: spare.signingText) : 0
    }

    /// Writes `request` into the spare order begun for it, as ``encode(_:time:into:)`` would.
    ///
    /// Returns the bytes of ``SpareOrder/text`` and, where requests are signed, of
    /// ``SpareOrder/signingText``; 0 when the spare is for another request or this one is not plain.
    @_noLocks
    public func encode(
        _ request: OrderRequest, time: Timestamp, into spare: SpareOrder
    ) -> (count: Int, signingCount: Int) {
        guard spare.isFor(request.requestID, request.clientOrderID), isPlain(request) else {
            return (0, 0)
        }
        let count = finishPlainOrder(
            request, time: time, spare.timeOpening, in: spare.text,
            behind: spare.openingCount)
        if signatureCount == 0 || count == 0 { return (count, 0) }
        return (
            count,
            finishPlainSigningText(
                request, time: time, spare.timeOpening, in: spare.signingText,
                behind: spare.signingOpeningCount)
        )
    }
}
