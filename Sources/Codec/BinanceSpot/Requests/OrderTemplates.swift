import MarketModel

/// What never changes about plain orders, rendered once, as JSON and as the text that is signed: all
/// up to the client order id, and for each instrument, side, and time in force (or post-only) what
/// stands between the quantity and the time.
struct OrderTemplates: BitwiseCopyable {
    /// Text, and how much of it; readable up to the next multiple of 32.
    struct Piece: BitwiseCopyable {
        var text = InlineArray<128, UInt8>(repeating: 0)
        var count = 0
        /// Where the strategy is named, between side and symbol.
        var split = 0
    }

    /// The same for what begins with the key.
    struct Opening: BitwiseCopyable {
        var text = InlineArray<224, UInt8>(repeating: 0)
        var count = 0
    }

    /// JSON's pieces, then those of the text that is signed.
    private let pieces: UnsafeMutablePointer<Piece>
    private let openings: UnsafeMutablePointer<Opening>
    private let count: Int
    private static var perInstrument: Int { @_noLocks get { 8 } }

    /// `key` is empty where requests carry none.
    init(instruments count: Int, key: String) {
        self.count = count * Self.perInstrument
        pieces = .allocate(capacity: 2 * self.count)
        pieces.initialize(repeating: Piece(), count: 2 * self.count)
        openings = .allocate(capacity: 2)
        openings.initialize(repeating: Opening(), count: 2)
        let json =
            #","method":"order.place","params":{"#
            + (key.isEmpty ? "" : #""apiKey":"\#(key)","#) + #""newClientOrderId":""#
        let signed = (key.isEmpty ? "" : "apiKey=\(key)&") + "newClientOrderId="
        for (place, text) in [json, signed].enumerated() {
            let bytes = Array(text.utf8)
            precondition(bytes.count <= 224, "a key has at most 128 characters")
            for (offset, byte) in bytes.enumerated() { openings[place].text[offset] = byte }
            openings[place].count = bytes.count
        }
    }

    func deallocate() {
        pieces.deallocate()
        openings.deallocate()
    }

    /// Renders an instrument's pieces; `receiveWindow` in milliseconds.
    func render(_ instrument: Instrument, receiveWindow: UInt64) {
        let symbol = instrument.symbol.text
        for (side, sideText) in ["BUY", "SELL"].enumerated() {
            for (life, lifeText) in ["GTC", "IOC", "FOK", ""].enumerated() {
                let place = index(instrument.index.slot, side, life)
                // Behind the quantity's last digit, which JSON quotes.
                set(
                    place, #"","recvWindow":\#(receiveWindow),"side":"\#(sideText)""#,
                    #","symbol":"\#(symbol)""#
                        + (lifeText.isEmpty ? "" : #","timeInForce":"\#(lifeText)""#)
                        + #","timestamp":"#)
                set(
                    count + place, "&recvWindow=\(receiveWindow)&side=\(sideText)",
                    "&symbol=\(symbol)" + (lifeText.isEmpty ? "" : "&timeInForce=\(lifeText)")
                        + "&timestamp=")
            }
        }
    }

    private func set(_ place: Int, _ head: String, _ rest: String) {
        let bytes = Array((head + rest).utf8)
        precondition(bytes.count <= 128, "a symbol has at most 23 characters")
        for (offset, byte) in bytes.enumerated() { pieces[place].text[offset] = byte }
        pieces[place].count = bytes.count
        pieces[place].split = head.utf8.count
    }

    /// What the client order id stands behind.
    @_noLocks @inline(__always)
    func opening(isSigningText: Bool) -> UnsafeMutablePointer<Opening> {
        openings + (isSigningText ? 1 : 0)
    }

    /// The piece for a limit or post-only order; `nil` for another one.
    @_noLocks @inline(__always)
    func piece(for request: OrderRequest, isSigningText: Bool) -> UnsafeMutablePointer<Piece>? {
        let life: Int
        switch (request.type, request.timeInForce) {
        case (.limit, .gtc): life = 0
        case (.limit, .ioc): life = 1
        case (.limit, .fok): life = 2
        case (.limitMaker, _): life = 3
        default: return nil
        }
        return pieces + (isSigningText ? count : 0)
            + index(request.instrument.slot, request.side == .buy ? 0 : 1, life)
    }

    @_noLocks @inline(__always)
    private func index(_ instrument: Int, _ side: Int, _ life: Int) -> Int {
        instrument &* Self.perInstrument &+ side &* 4 &+ life
    }
}
