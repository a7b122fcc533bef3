import MarketModel

/// Digits after the point that an instrument's raw numbers hold.
struct InstrumentScales: BitwiseCopyable {
    var price: UInt8
    var quantity: UInt8
}

/// What decoders must know of the instruments: symbols and assets by name, scales by index.
///
/// A handle over raw memory, made once from the venue's instrument list and shared by all decoders
/// of a lane. Whoever makes it frees it with ``deallocate()``.
public struct InstrumentDirectory: BitwiseCopyable, @unchecked Sendable {
    /// Symbols to instrument indexes.
    public let symbols: NameTable
    /// Asset names to asset indexes.
    public let assets: NameTable
    let scales: UnsafeMutablePointer<InstrumentScales>
    let count: Int

    /// A directory of these instruments; `assets` adds names that no instrument has (the coin that
    /// fees are paid in). Indexes must be those of the engine; scales above 18 are a mistake.
    public init(
        instruments: [Instrument], assets extra: [(name: ShortName, index: AssetIndex)] = []
    ) {
        for instrument in instruments {
            precondition(
                instrument.priceScale <= 18 && instrument.quantityScale <= 18,
                "scales must be within 0...18")
        }
        symbols = NameTable(instruments.map { ($0.symbol, $0.index.raw) })
        assets = NameTable(
            instruments.flatMap {
                [($0.baseAssetName, $0.baseAsset.raw), ($0.quoteAssetName, $0.quoteAsset.raw)]
            } + extra.map { ($0.name, $0.index.raw) })
        count = (instruments.map(\.index.slot).max() ?? -1) + 1
        scales = .allocate(capacity: max(count, 1))
        scales.initialize(
            repeating: InstrumentScales(price: 8, quantity: 8), count: max(count, 1))
        for instrument in instruments {
            scales[instrument.index.slot] = InstrumentScales(
                price: instrument.priceScale, quantity: instrument.quantityScale)
        }
    }

    /// Frees the memory of the directory.
    public func deallocate() {
        symbols.deallocate()
        assets.deallocate()
        scales.deallocate()
    }

    /// Scales of the instrument in this slot; 8 and 8, the venue's own, for an unknown one.
    @_noLocks @inline(__always)
    func scales(of slot: UInt16) -> InstrumentScales {
        Int(slot) < count ? scales[Int(slot)] : InstrumentScales(price: 8, quantity: 8)
    }

    /// The instrument of a stream name such as `btcusdt@depth20@100ms`, by the letters before the
    /// `@` in upper case; `NameTable.none` when there is none.
    @_noLocks
    func slot(ofStream name: UnsafePointer<UInt8>, count: Int) -> UInt16 {
        var reader = EscapeReader(name, count)
        var words: (UInt64, UInt64, UInt64) = (0, 0, 0)
        var index = 0
        while let byte = reader.next() {
            if byte == UInt8(ascii: "@") {
                return symbols.slot(of: NameKey(words.0, words.1, words.2, count: index))
            }
            guard index < NameKey.capacity else { return NameTable.none }
            let isLower = byte &- UInt8(ascii: "a") < 26
            let bits = UInt64(isLower ? byte &- 32 : byte) &<< (UInt64(index & 7) &* 8)
            switch index >> 3 {
            case 0: words.0 |= bits
            case 1: words.1 |= bits
            default: words.2 |= bits
            }
            index &+= 1
        }
        return NameTable.none
    }
}
