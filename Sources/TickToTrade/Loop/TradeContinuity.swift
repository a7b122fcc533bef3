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

    /// Whether trades right before this one are missing. Without numbers only a doubt can tell.
    @_noLocks
    mutating func hasHole(before trade: TradeID) -> Bool {
        let isNumbered = trade.raw >= 0 && last.raw >= 0
        let isNext = isNumbered && trade.raw &- 1 == last.raw
        let hasHole = !isNext && (isNumbered || isInDoubt)
        last = trade
        isInDoubt = false
        return hasHole
    }
}
