import Codec
import MarketModel
import Venues

/// What trades cost, symbol by symbol.
extension VenueInquiry {
    /// Puts each instrument's own fee rates in the place of the account's, which know neither the
    /// special commission of a symbol nor taxes. Weight 20 a symbol, when that can be spared: no
    /// start waits for it, and the next one finds room.
    ///
    /// The rates are without the discount for paying in another asset: there may be too little of
    /// it. Where the venue does not tell, the account's rates stay and a remark says so.
    mutating func addCommissions(to facts: inout VenueFacts) throws(StartFailure) {
        let weight = Self.commissionWeight * Int64(facts.instruments.count)
        guard canSpare(weight) else {
            facts.remarks.append(
                "the account's commission rates count: to ask for those of "
                    + "\(facts.instruments.count) instruments is too much request weight, \(weight)")
            return
        }
        var silent: [String] = []
        var cause = ""
        for slot in facts.instruments.indices {
            let symbol = facts.instruments[slot].symbol.text
            do throws(StartFailure) {
                let commission = try commission(symbol, facts.clockOffset)
                facts.instruments[slot].makerFee = commission.makerFee
                facts.instruments[slot].takerFee = commission.takerFee
            } catch {
                guard Self.isRefusal(error) else { throw error }
                if silent.isEmpty { cause = "\(error)" }
                silent.append(symbol)
            }
        }
        if silent.isEmpty { return }
        facts.remarks.append(
            "the commission of \(silent.joined(separator: " ")) is not told, the account's rates "
                + "count: \(cause)")
    }

    private static var commissionWeight: Int64 { 20 }

    /// The rates of one symbol. Weight 20.
    mutating func commission(
        _ symbol: String, _ offset: Int64
    ) throws(StartFailure) -> BinanceSpotREST.Commission {
        let path = "/api/v3/account/commission"
        let text = try body(signed: path, "symbol=\(percentEncoded(symbol))", offset)
        return try read(path, text) { text, count throws(DecodeFailure) in
            try BinanceSpotREST.commission(text, count)
        }
    }

    /// Whether the venue answers and does not tell. One that wants quiet, or does not answer, is not
    /// asked for the next symbol.
    private static func isRefusal(_ failure: StartFailure) -> Bool {
        switch failure {
        case .refused(_, let status, _, _): status != 429 && status != 418 && status != 403
        case .unreadable: true
        default: false
        }
    }
}
