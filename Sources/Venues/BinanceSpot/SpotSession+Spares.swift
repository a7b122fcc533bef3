import Codec
import MarketModel

/// Orders begun before they are known, while the lane has nothing to do.
extension SpotSession {
    /// Begins one of the next two orders, the two sides of a quote: the request's text up to its
    /// price and, where it is signed, the blocks of the signature that do not depend on the rest.
    ///
    /// `request` and `order` are the numbers that come next. A spare order is used for its numbers
    /// only, and its digits are written by the rules of that moment: whatever has changed meanwhile,
    /// the bytes are those of an order that nobody prepared. Nothing to do costs two comparisons.
    @_noLocks
    public mutating func prepareOrders(
        _ request: UInt64, _ order: ClientOrderID, now: Int64
    ) {
        var ahead: UInt64 = 0
        while ahead < 2 {
            let number = request &+ ahead
            let place = Int(truncatingIfNeeded: number & 1)
            let id = ClientOrderID(raw: order.raw &+ ahead)
            if !spares[place].isFor(number, id) {
                let time = Timestamp(nanoseconds: now &+ clockOffset)
                encoder.begin(&spares[place], number, id, time: time)
                if logsOn { return }
                signer.prime(
                    place, opening: spares[place].signingText, spares[place].signingOpeningCount)
                return
            }
            ahead &+= 1
        }
    }

    /// The text of an order that was begun before, signed where needed; `nil` for every other
    /// request.
    @_noLocks
    mutating func encodeSpare(_ request: OrderRequest, _ time: Timestamp) -> EncodedRequest? {
        let place = Int(truncatingIfNeeded: request.requestID & 1)
        let (count, signingCount) = encoder.encode(request, time: time, into: spares[place])
        if count == 0 { return nil }
        let text = spares[place].text
        if !logsOn {
            let signature = text + encoder.signatureOffset(count: count)
            let written = signer.signText(spares[place].signingText, signingCount, into: signature)
            if written != encoder.signatureCount { return nil }
        }
        return EncodedRequest(bytes: text, count: count, time: time)
    }
}
