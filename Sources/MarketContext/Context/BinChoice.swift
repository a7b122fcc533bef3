import MarketModel

/// Finds the size of a context's price bins when its first trade tells what prices are like.
struct BinChoice: BitwiseCopyable {
    private let tickSize: Int64
    /// The whole window less a bin at either end, which prices share with what lies outside.
    private let bins: Int64
    /// The settings leave the size open.
    let isOpen: Bool

    init(_ settings: ContextSettings, _ instrument: Instrument) {
        tickSize = max(instrument.tickSize.raw, 1)
        bins = Int64(max(settings.profileBins, 16) - 2)
        isOpen = settings.binTicks == nil
    }

    /// 1, 2 or 5 with zeros: the smallest with which the window is a fifth of `price`.
    @_noLocks
    func ticks(near price: Price) -> Int64 {
        let window = price.raw / 5
        let wanted = window / tickSize / bins &+ 1
        var power: Int64 = 1
        while power <= wanted / 10 { power = power &* 10 }
        if power >= wanted { return power }
        if power &* 2 >= wanted { return power &* 2 }
        if power &* 5 >= wanted { return power &* 5 }
        return power &* 10
    }

    @_noLocks
    func size(near price: Price) -> Price {
        Price(raw: ticks(near: price).multipliedReportingOverflow(by: tickSize).partialValue)
    }

    /// Whether some price chooses bins of this size.
    func accepts(_ size: Price) -> Bool {
        if size <= .zero || size.raw % tickSize != 0 { return false }
        var ticks = size.raw / tickSize
        while ticks % 10 == 0 { ticks /= 10 }
        return [1, 2, 5].contains(ticks)
    }
}
