import Codec
import MarketModel
import TickToTrade
import Venues

/// What one unit of an asset is worth in quote money, in 1e-8.
struct AssetRate: Sendable, Equatable {
    var asset: AssetIndex
    var value: Int64
}

extension VenueInquiry {
    /// Rates of the assets that no instrument trades: of the coin that commissions are paid in.
    ///
    /// One that the venue does not trade against the quote asset is left out: commissions in it
    /// are counted apart.
    mutating func rates(_ facts: VenueFacts) throws(StartFailure) -> [AssetRate] {
        guard let quote = facts.instruments.first?.quoteAssetName else { return [] }
        let known = Set(
            facts.instruments.flatMap { [$0.baseAsset.raw, $0.quoteAsset.raw] })
        var rates: [AssetRate] = []
        for (slot, asset) in facts.assets.enumerated() where !known.contains(UInt16(slot)) {
            let symbol = percentEncoded(asset.text + quote.text)
            do throws(StartFailure) {
                let path = "/api/v3/ticker/price?symbol=\(symbol)"
                let text = try body(path)
                let price = try read(path, text) { text, count throws(DecodeFailure) in
                    try BinanceSpotREST.price(text, count)
                }
                rates.append(AssetRate(asset: AssetIndex(UInt16(slot)), value: price))
            } catch {
                // Invalid symbol.
                guard case .refused(_, _, -1121, _) = error else { throw error }
            }
        }
        return rates
    }
}
