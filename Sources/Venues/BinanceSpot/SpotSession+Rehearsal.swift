import Codec
import MarketModel

/// For lanes that keep themselves warm: what is hot, without a trace.
extension SpotSession {
    /// Reads a market message and writes a request into memory of the caller's; neither is counted,
    /// kept, budgeted or sent. Returns the request's bytes, 0 when it cannot be written.
    @_noLocks
    public func rehearse(
        reading message: UnsafePointer<UInt8>, _ count: Int, writing request: OrderRequest,
        at now: Timestamp, into text: UnsafeMutablePointer<UInt8>
    ) -> Int {
        // What only announces the best prices leaves the decoder's levels alone.
        _ = market.decode(message, count, receiveTime: now)
        do throws(EncodeFailure) {
            return try encoder.encode(request, time: now, into: text)
        } catch {
            return 0
        }
    }
}
