import MarketModel

/// Commissions (sheet section 14): standard, special and tax, in what a trade receives or, for
/// accounts that ask for it, in the discount asset as long as there is enough of it.
extension Exchange {
    /// What one trade pays and in which asset. The received amount has been credited.
    func commission(
        on received: Int64, of asset: AssetIndex, account: AccountIndex, isMaker: Bool,
        isBuyer: Bool
    ) -> (amount: Int64, asset: AssetIndex) {
        let standard = configuration.fees.rate(isMaker: isMaker, isBuyer: isBuyer)
        let extra = configuration.specialFees.rate(isMaker: isMaker, isBuyer: isBuyer)
            + configuration.taxFees.rate(isMaker: isMaker, isBuyer: isBuyer)
        if paysInDiscountAsset.contains(account), let discountAsset {
            let factor = configuration.feeDiscount.factor
            let reduced = Money.commission(of: received, rate: standard)
            let due = Money.commission(of: reduced, rate: factor)
                + Money.commission(of: received, rate: extra)
            if let amount = value(of: due, asset, in: discountAsset),
                ledger[account, discountAsset].free >= amount
            {
                return (amount, discountAsset)
            }
        }
        return (min(Money.commission(of: received, rate: standard + extra), received), asset)
    }

    /// An amount in another asset at last prices, rounded down; `nil` when no symbols join them.
    private func value(of amount: Int64, _ asset: AssetIndex, in other: AssetIndex) -> Int64? {
        if asset == other || amount == 0 { return amount }
        for market in markets where market.joins(asset, other) {
            return convert(amount, from: asset, through: market)
        }
        // Through an asset in which both are quoted.
        for first in markets where first.instrument.baseAsset == asset {
            for second in markets where second.instrument.baseAsset == other
                && second.instrument.quoteAsset == first.instrument.quoteAsset
            {
                return convert(amount, from: asset, through: first).flatMap {
                    convert($0, from: first.instrument.quoteAsset, through: second)
                }
            }
        }
        return nil
    }

    private func convert(
        _ amount: Int64, from asset: AssetIndex, through market: SymbolMarket
    ) -> Int64? {
        market.instrument.baseAsset == asset
            ? Money.quote(market.lastPrice, Quantity(raw: amount))
            : Money.quantity(for: amount, at: market.lastPrice)?.raw
    }
}

extension SymbolMarket {
    fileprivate func joins(_ asset: AssetIndex, _ other: AssetIndex) -> Bool {
        instrument.baseAsset == asset && instrument.quoteAsset == other
            || instrument.baseAsset == other && instrument.quoteAsset == asset
    }

    /// What an order of this side spends.
    func spentAsset(_ side: Side) -> AssetIndex {
        side == .buy ? instrument.quoteAsset : instrument.baseAsset
    }
}
