import MarketModel

/// An open order that somebody else has placed on the same account.
package struct ForeignOrder: Hashable, Sendable {
    var instrument: InstrumentIndex
    var symbol: String
    /// The venue's number.
    var order: VenueOrderID
    /// How much of it was filled when it was found; `nil`: as the venue says when it is asked.
    var filled: Quantity?
}
