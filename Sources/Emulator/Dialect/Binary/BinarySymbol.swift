import MarketModel

/// What messages of the binary market streams say of a symbol, made ready once.
struct BinarySymbol {
    let name: [UInt8]
    let price: BinaryScale
    let quantity: BinaryScale

    init(_ symbol: SymbolConfiguration) {
        name = Array(symbol.symbol.utf8)
        price = BinaryScale(step: symbol.tickSize.raw)
        quantity = BinaryScale(step: symbol.lotSize.raw)
    }
}

/// The power of ten that a message writes its numbers of 1e-8 in.
struct BinaryScale: BitwiseCopyable {
    /// -8...0.
    let exponent: Int64
    private let divisor: Int64

    /// All eight digits.
    static var full: BinaryScale { BinaryScale(exponent: -8, divisor: 1) }

    private init(exponent: Int64, divisor: Int64) {
        self.exponent = exponent
        self.divisor = divisor
    }

    /// The digits that multiples of `step` (1e-8) have.
    init(step: Int64) {
        var exponent: Int64 = -8
        var divisor: Int64 = 1
        while exponent < 0, step % (divisor * 10) == 0 {
            exponent += 1
            divisor *= 10
        }
        self.exponent = exponent
        self.divisor = divisor
    }

    /// Two numbers' mantissas: in this scale where it says all of both, else in ``full``.
    @inline(__always)
    func pair(_ first: Int64, _ second: Int64) -> (exponent: Int64, first: Int64, second: Int64) {
        let quotients = (first / divisor, second / divisor)
        let isWhole = quotients.0 &* divisor == first && quotients.1 &* divisor == second
        return isWhole ? (exponent, quotients.0, quotients.1) : (Self.full.exponent, first, second)
    }

    /// This one where it says all of every number, else ``full``.
    func fitting<Element>(_ all: some Sequence<Element>, _ number: (Element) -> Int64) -> BinaryScale {
        all.allSatisfy { number($0) % divisor == 0 } ? self : .full
    }

    func of(_ value: Int64) -> Int64 { value / divisor }
}
