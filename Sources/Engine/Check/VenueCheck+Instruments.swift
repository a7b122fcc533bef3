import Codec
import Foundation
import MarketModel
import Telemetry

/// The venue's rules for the configured instruments.
extension VenueCheck {
    /// Whether each instrument exists and trades, and by which rules. Weight 24.
    mutating func checkInstruments() -> (CheckReport.Section, BinanceSpotExchangeInfo?) {
        var section = CheckReport.Section("instruments")
        do throws(StartFailure) {
            let (symbols, text) = try knownRules(&section)
            if symbols.isEmpty { return (section, nil) }
            let info = try inquiry.rules(in: text, of: symbols)
            let permissions = try Self.decode(
                TradingPermissions.self, text, "/api/v3/exchangeInfo")
            try readPrices(info.instruments)
            for refusal in info.refusals {
                section.problem("the venue's rules for \(refusal.symbol) cannot be used: "
                    + refusal.failure.words)
            }
            for instrument in info.instruments {
                let row = permissions.symbols.first { $0.symbol == instrument.symbol.text }
                describe(instrument, row, &section)
            }
            for filter in info.unknownFilters {
                section.note("filter \(filter) is not checked by the engine before it sends")
            }
            return (section, info)
        } catch {
            section.problem(configuration.explained(error))
            return (section, nil)
        }
    }

    /// The rules of the configured symbols without those that the venue does not know, which are
    /// problems.
    private mutating func knownRules(
        _ section: inout CheckReport.Section
    ) throws(StartFailure) -> (symbols: [String], text: [UInt8]) {
        let symbols = configuration.symbols
        do throws(StartFailure) {
            return (symbols, try inquiry.rulesText(symbols))
        } catch {
            guard case .refused(_, _, -1121, _) = error else { throw error }
        }
        let unknown = try inquiry.unknown(among: symbols)
        for problem in configuration.refusal(of: unknown).problems { section.problem("\(problem)") }
        let known = symbols.filter { !unknown.contains($0) }
        return (known, known.isEmpty ? [] : try inquiry.rulesText(known))
    }

    private mutating func readPrices(_ instruments: [Instrument]) throws(StartFailure) {
        let symbols = VenueInquiry.list(instruments.map(\.symbol.text))
        let path = "/api/v3/ticker/bookTicker"
        let rows = try Self.decode(
            [BestPrices].self, inquiry.body("\(path)?symbols=\(symbols)"), path)
        for row in rows {
            guard let instrument = instruments.first(where: { $0.symbol.text == row.symbol }),
                let raw = ExactDecimal(row.bidPrice)?.raw64(atScale: Int(instrument.priceScale)),
                raw > 0
            else { continue }
            prices[row.symbol] = Price(raw: raw)
        }
    }

    private func describe(
        _ instrument: Instrument, _ row: TradingPermissions.Symbol?,
        _ section: inout CheckReport.Section
    ) {
        let symbol = instrument.symbol.text
        let status = row?.status ?? "unknown"
        if instrument.status == .trading {
            section.fine("\(symbol): \(status), \(rules(of: instrument))")
        } else {
            section.problem("\(symbol): \(status), accepted: TRADING; wait until the venue opens "
                + "it, or take it out of the file")
        }
        section.fine("\(symbol): order types \(row?.orderTypes.joined(separator: " ") ?? "-")")
        for (feature, name, use) in Self.needed where !instrument.features.contains(feature) {
            section.note("\(symbol): no \(name) orders, \(use)")
        }
        if let sets = row?.permissionSets, let own = account?.permissions,
            let missing = sets.first(where: { !$0.isEmpty && Set($0).isDisjoint(with: own) })
        {
            section.problem("\(symbol): the account has none of the permissions "
                + "\(missing.joined(separator: " ")), one of which the venue asks for")
        }
        if prices[symbol] == nil { section.note("\(symbol): nobody bids; is the market alive?") }
    }

    /// What the engine and its strategies send.
    private static var needed: [(InstrumentFeatures, String, String)] {
        [
            (.limit, "LIMIT", "which strategies enter and leave with"),
            (.limitMaker, "LIMIT_MAKER", "which market makers quote with"),
            (.market, "MARKET", "which flatten and stops leave with"),
        ]
    }

    private func rules(of instrument: Instrument) -> String {
        func quantity(_ value: Quantity) -> String {
            "\(ExactDecimal(value, of: instrument).shortened())"
        }
        return "tick \(ExactDecimal(instrument.tickSize, of: instrument).shortened()), lot "
            + "\(quantity(instrument.lotSize)), quantity \(quantity(instrument.minQuantity)) to "
            + "\(quantity(instrument.maxQuantity)), worth at least "
            + "\(ExactDecimal(instrument.minNotional, of: instrument).shortened()) "
            + instrument.quoteAssetName.text
    }

    /// The smallest order that the venue takes at its best bid; `nil` without a bid.
    func smallestOrder(_ instrument: Instrument) -> (quantity: Quantity, price: Price)? {
        guard let price = prices[instrument.symbol.text] else { return nil }
        let unit = Int128(price.raw)
        let worth = (max(instrument.minNotional.raw, 0) + unit - 1) / unit
        let least = max(worth, Int128(instrument.minQuantity.raw), 1)
        let lot = Int128(instrument.lotSize.raw)
        guard let raw = Int64(exactly: (least + lot - 1) / lot * lot) else { return nil }
        return (Quantity(raw: raw), price)
    }
}
