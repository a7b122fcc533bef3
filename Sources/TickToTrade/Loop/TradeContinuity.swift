import MarketModel

/// Whether all trades of an instrument have come, by their numbers.
struct TradeContinuity: BitwiseCopyable {
    private var last = TradeID.none
    /// Trades up to now may be missing: none has come yet, or the stream was lost since the last.
    private(set) var isInDoubt = true

    @_noLocks
    init() {}

    /// The stream was lost: the next trade tells.
    @_noLocks
    mutating func doubt() { isInDoubt = true }

    /// How many trades right before this one are missing; -1 for an unknown number of them. Without
    /// numbers only a doubt can tell.
    @_noLocks
    mutating func missing(before trade: TradeID) -> Int64 {
        let isNumbered = trade.raw >= 0 && last.raw >= 0
        let count = isNumbered ? trade.raw &- last.raw &- 1 : isInDoubt ? -1 : 0
        last = trade
        isInDoubt = false
        return Swift.max(count, -1)
    }
}
