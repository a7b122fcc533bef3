import MarketModel

/// Denials in words, for logs, reports and the journal's reader. Cold.
extension RiskVerdict {
    /// "order_notional: 1200.5 USDT against 1000 USDT; …", every violated rule.
    public func explanation(_ instrument: Instrument) -> String {
        (0..<breachCount).map { breach($0).text(instrument) }.joined(separator: "; ")
    }

    /// The same with raw numbers, where the instrument is not at hand.
    public var explanation: String {
        (0..<breachCount).map { index in
            let breach = breach(index)
            return breach.unit == .none
                ? breach.rule.name : "\(breach.rule.name): \(breach.value) against \(breach.bound)"
        }.joined(separator: "; ")
    }
}

extension RiskBreach {
    /// "rule: value against bound" in the units people use.
    public func text(_ instrument: Instrument) -> String {
        if unit == .none { return rule.name }
        return "\(rule.name): \(text(of: value, instrument)) against \(text(of: bound, instrument))"
    }

    private func text(of number: Int128, _ instrument: Instrument) -> String {
        let priceScale = Int(instrument.priceScale)
        let quantityScale = Int(instrument.quantityScale)
        switch unit {
        case .none: return ""
        case .money:
            let amount = Self.decimal(number, scale: priceScale + quantityScale)
            return amount + " " + instrument.quoteAssetName.text
        case .price: return Self.decimal(number, scale: priceScale)
        case .quantity:
            let amount = Self.decimal(number, scale: quantityScale)
            return amount + " " + instrument.baseAssetName.text
        case .basisPoints: return "\(number) bps"
        case .nanoseconds: return Self.decimal(number, scale: 9) + " s"
        case .count: return "\(number)"
        case .minutes: return "minute \(number)"
        case .hundredths: return Self.decimal(number, scale: 2)
        }
    }

    /// A scaled integer as a decimal without trailing zeros.
    private static func decimal(_ number: Int128, scale: Int) -> String {
        var digits = String(number.magnitude)
        if digits.utf8.count <= scale {
            digits = String(repeating: "0", count: scale + 1 - digits.utf8.count) + digits
        }
        let whole = digits.dropLast(scale)
        var fraction = digits.suffix(scale)
        while fraction.last == "0" { fraction.removeLast() }
        return (number < 0 ? "-" : "") + whole + (fraction.isEmpty ? "" : "." + fraction)
    }
}
