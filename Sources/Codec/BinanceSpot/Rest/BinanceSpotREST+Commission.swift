import MarketModel

extension BinanceSpotREST {
    /// What trades in one symbol cost this account (binance-spot.md, section 14).
    ///
    /// Rates in units of 1e-8 of the received amount. A trade pays maker or taker and buyer or
    /// seller, of the standard, the special and the tax commission together.
    public struct Commission: Sendable, Equatable {
        public struct Rates: Sendable, Equatable {
            public var maker: Int64
            public var taker: Int64
            public var buyer: Int64
            public var seller: Int64
        }

        /// Paying the standard commission in another asset.
        public struct Discount: Sendable, Equatable {
            public var isEnabledForAccount: Bool
            public var isEnabledForSymbol: Bool
            public var asset: String
            /// As the venue writes it, in units of 1e-8: whether it is the part that is paid or the
            /// part that is not, its documents leave open.
            public var rate: Int64

            public var isEnabled: Bool { isEnabledForAccount && isEnabledForSymbol }
        }

        public var standard: Rates
        public var special: Rates
        public var tax: Rates
        public var discount: Discount?

        /// All that a resting order's trade may cost, on the dearer side and without a discount.
        public var makerFee: Int64 { total(\.maker) + dearerSide }
        /// The same of an order that takes.
        public var takerFee: Int64 { total(\.taker) + dearerSide }

        private var dearerSide: Int64 { max(total(\.buyer), total(\.seller)) }

        private func total(_ rate: KeyPath<Rates, Int64>) -> Int64 {
            standard[keyPath: rate] + special[keyPath: rate] + tax[keyPath: rate]
        }
    }

    /// `GET /api/v3/account/commission`. Throws for a rate below 0 or above 1.
    public static func commission(
        _ bytes: UnsafePointer<UInt8>, _ count: Int
    ) throws(DecodeFailure) -> Commission {
        let body = try document(bytes, count)
        return Commission(
            standard: try rates(try body.member("standardCommission")),
            special: try rates(try body.member("specialCommission")),
            tax: try rates(try body.member("taxCommission")),
            discount: try discount(try body.member("discount")))
    }

    private static func rates(_ row: JSONValue) throws(DecodeFailure) -> Commission.Rates {
        Commission.Rates(
            maker: try rate(row, "maker"), taker: try rate(row, "taker"),
            buyer: try rate(row, "buyer"), seller: try rate(row, "seller"))
    }

    private static func rate(
        _ row: JSONValue, _ name: StaticString
    ) throws(DecodeFailure) -> Int64 {
        let rate = try row.member(name).magnitude(scale: 8)
        guard rate <= 100_000_000 else { throw .invalidNumber }
        return rate
    }

    private static func discount(
        _ row: JSONValue
    ) throws(DecodeFailure) -> Commission.Discount? {
        guard row.isPresent else { return nil }
        let asset = try row.member("discountAsset")
        let isKnown = asset.string != nil
        return Commission.Discount(
            isEnabledForAccount: try row.member("enabledForAccount").boolean(),
            isEnabledForSymbol: try row.member("enabledForSymbol").boolean(),
            asset: asset.string ?? "",
            rate: isKnown ? try row.member("discount").magnitude(scale: 8) : 0)
    }
}
