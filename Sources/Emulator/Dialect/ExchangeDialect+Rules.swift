import MarketModel

/// What the venue says of itself, its symbols and their rules (sheet section 6).
extension ExchangeDialect {
    func performRuleQuery(_ request: Request, to text: inout TextBuffer) throws(Rejection) {
        let parameters = request.parameters
        switch request.operation {
        case .exchangeInfo:
            let markets = try describedMarkets(parameters)
            ExchangeInfoText(exchange: exchange, unit: request.unit).write(
                markets, showsPermissions: parameters.boolean("showPermissionSets") ?? true,
                now: request.now, to: &text)
        case .executionRules:
            try demandOne(of: ["symbol", "symbols", "symbolStatus"], parameters)
            ExchangeInfoText.executionRules(of: try markets(named: parameters), to: &text)
        case .blockTrades:
            // Nothing is traded off the book here.
            _ = try market(of: parameters)
            guard try parameters.integer("fromId") != nil else { throw .missing("fromId") }
            _ = try parameters.limit(default: 500, maximum: 1_000)
            text.raw("[]")
        default:
            // No symbol has a rule that would need one.
            _ = request.operation == .referencePrice
                ? try market(of: parameters) : try marketInStatus(parameters)
            throw .noReferencePrice
        }
    }

    /// The markets that exchangeInfo is asked for, by name or by what they permit.
    private func describedMarkets(_ parameters: Parameters) throws(Rejection) -> [SymbolMarket] {
        try demandOne(of: ["symbol", "symbols", "permissions"], parameters)
        try demandOne(of: ["symbol", "symbols", "symbolStatus"], parameters)
        let markets = try markets(named: parameters)
        guard let text = parameters["permissions"] else { return markets }
        let wanted: [String]
        if case .array(let names)? = JSONValue.parse(text) {
            wanted = names.compactMap(\.string)
        } else {
            wanted = [text]
        }
        return wanted.contains("SPOT") ? markets : []
    }

    private func demandOne(of names: [String], _ parameters: Parameters) throws(Rejection) {
        if names.count(where: { parameters[$0] != nil }) > 1 { throw .badCombination }
    }

    /// The markets of `symbol` or `symbols` (a JSON array), every market when neither is sent; of
    /// several, those in `symbolStatus` when that is sent.
    func markets(named parameters: Parameters) throws(Rejection) -> [SymbolMarket] {
        if parameters["symbol"] != nil { return [try marketInStatus(parameters)] }
        let status = try status(parameters)
        var found = exchange.markets
        if let list = parameters["symbols"] {
            guard case .array(let names)? = JSONValue.parse(list) else {
                throw .illegalCharacters("symbols", range: "^\\[\"[A-Z0-9-_.]{1,20}\"(,…)*\\]$")
            }
            found = []
            for name in names { found.append(try exchange.market(named: name.string ?? "")) }
            if Set(found.map(\.index)).count < found.count { throw .repeatedSymbol }
        }
        return found.filter { status == nil || $0.status == status }
    }

    /// The market of `symbol`, which must be in `symbolStatus` when that is sent.
    func marketInStatus(_ parameters: Parameters) throws(Rejection) -> SymbolMarket {
        let market = try market(of: parameters)
        if let status = try status(parameters), market.status != status {
            throw .otherSymbolStatus
        }
        return market
    }

    private func status(_ parameters: Parameters) throws(Rejection) -> SymbolStatus? {
        switch parameters["symbolStatus"] {
        case nil: return nil
        case "TRADING": return .trading
        case "HALT": return .halt
        case "BREAK": return .pause
        default: throw .badSymbolStatus
        }
    }
}
