/// What faults need to know of the encoding of the exchange's messages.
protocol MessageForm {
    /// A diff of a book.
    static func isDiff(_ message: UnsafeRawBufferPointer) -> Bool
    /// A top of book.
    static func isTop(_ message: UnsafeRawBufferPointer) -> Bool
    /// The symbol of a diff and the number of its last update.
    static func place(ofDiff message: [UInt8]) -> (symbol: String, updateID: Int64)?

    /// A field that nobody has heard of.
    static func unknownField(_ message: [UInt8]) -> [UInt8]
    /// A byte that no UTF-8 text has, where there is text.
    static func invalidText(_ message: [UInt8], at place: Int) -> [UInt8]
    /// Something else than what belongs there; `nil` when there is no place for it.
    static func wrongType(_ message: [UInt8]) -> [UInt8]?
    /// A number beyond all range; `nil` when it has none.
    static func hugeNumber(_ message: [UInt8]) -> [UInt8]?
    /// A best bid above the best ask: the two prices of a top of book, exchanged.
    static func crossedTop(_ message: [UInt8]) -> [UInt8]?
    /// A diff with one bid more, far above every ask, or without it again.
    static func withHighBid(_ message: [UInt8], isTakenAway: Bool) -> [UInt8]?
}
