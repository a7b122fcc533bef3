import Codec
import Foundation
import MarketModel
import Telemetry

/// The key and the account behind it.
extension VenueCheck {
    /// Whether the key signs, what it may do, what trades cost. Weight 20.
    mutating func checkAccount() -> CheckReport.Section {
        var section = CheckReport.Section("account")
        let found: AccountDetails
        do throws(StartFailure) {
            found = try details(
                of: AccountDetails.self, "/api/v3/account", "omitZeroBalances=true")
        } catch {
            section.problem(configuration.explained(error))
            return section
        }
        section.fine("the venue takes the key and its signature")
        let kind = found.accountType.map { "account \($0)" } ?? "account"
        let permissions = found.permissions.map { ", permissions " + $0.joined(separator: " ") }
        if found.canTrade {
            account = found
            section.fine("\(kind) may trade\(permissions ?? "")")
        } else {
            section.problem("\(kind) may not trade (canTrade is false): allow it for this key at "
                + "the venue, and look whether the account is restricted")
        }
        checkRestrictions(found, &section)
        section.fine("commission: maker \(Self.percent(found.commissionRates.maker)), taker "
            + Self.percent(found.commissionRates.taker))
        return section
    }

    /// What trades in each instrument cost, all commissions together. Weight 20 each.
    mutating func checkCommissions(_ info: BinanceSpotExchangeInfo) -> CheckReport.Section {
        var section = CheckReport.Section("commission")
        for instrument in info.instruments {
            let symbol = instrument.symbol.text
            do throws(StartFailure) {
                let found = try inquiry.commission(symbol, offset)
                let maker = Self.percent(ExactDecimal(raw: Int128(found.makerFee), scale: 8))
                let taker = Self.percent(ExactDecimal(raw: Int128(found.takerFee), scale: 8))
                var text = "\(symbol): maker \(maker), taker \(taker) with special ones and taxes"
                if let discount = found.discount, discount.isEnabled {
                    let rate = ExactDecimal(raw: Int128(discount.rate), scale: 8).shortened()
                    text += "; the standard part is paid in \(discount.asset) while there is enough "
                        + "of it, discount \(rate)"
                }
                section.fine(text)
            } catch {
                section.note("\(symbol): not told, the account's rates count: \(error)")
            }
        }
        return section
    }

    /// Least privilege: a key that trades needs no withdrawals and comes from few addresses.
    private mutating func checkRestrictions(
        _ found: AccountDetails, _ section: inout CheckReport.Section
    ) {
        guard configuration.mode == .live else {
            if found.canWithdraw == true {
                section.note("the account may withdraw, and this venue does not say whether the "
                    + "key may: a key that trades needs no such permission")
            }
            return
        }
        do throws(StartFailure) {
            let key = try details(
                of: KeyRestrictions.self, "/sapi/v1/account/apiRestrictions", "")
            if !key.enableSpotAndMarginTrading {
                section.problem("the key may not trade (enableSpotAndMarginTrading is false): "
                    + "allow spot trading for it at the venue")
            }
            if key.enableWithdrawals {
                section.note("the key may withdraw: a key that trades needs no such permission, "
                    + "and who steals it takes the money; take it away at the venue")
            } else {
                section.fine("the key may not withdraw")
            }
            if key.ipRestrict {
                section.fine("the key is bound to addresses, this one among them")
            } else {
                section.note("the key is good from any address: bind it to this machine's at the "
                    + "venue")
            }
        } catch {
            section.note("what the key may do besides trading is not known: \(error)")
        }
    }

    /// What the engine would find open: its own of earlier runs, and others'. Weight 6 a symbol, 80
    /// at most.
    mutating func checkOpenOrders(_ info: BinanceSpotExchangeInfo) -> CheckReport.Section {
        var section = CheckReport.Section("open orders")
        let directory = InstrumentDirectory(instruments: info.instruments)
        defer { directory.deallocate() }
        do throws(StartFailure) {
            let open = try inquiry.openOrders(of: info.instruments, directory, offset)
            for instrument in info.instruments {
                let symbol = instrument.symbol.text
                let orders = open.filter { $0.instrument == instrument.index }
                let own = orders.count { $0.clientOrderID != .none }
                let foreign = orders.count - own
                if orders.isEmpty { section.fine("\(symbol): none") }
                if own > 0 {
                    section.note("\(symbol): \(own) of earlier runs of this engine; a start "
                        + "cancels them")
                }
                if foreign > 0 {
                    let fate = switch configuration.reconciliation.foreignOrders {
                    case .ignore: "leaves them alone"
                    case .cancel: "cancels them"
                    case .claim: "takes them over"
                    }
                    section.note("\(symbol): \(foreign) of somebody else; a start " + fate
                        + " (reconciliation.foreign_orders)")
                }
            }
        } catch {
            section.problem(error)
        }
        return section
    }

    /// A signed request's answer as JSON.
    mutating func details<Value: Decodable>(
        of type: Value.Type, _ path: String, _ query: String
    ) throws(StartFailure) -> Value {
        let text = try inquiry.body(signed: path, query, offset)
        return try Self.decode(type, text, path)
    }

    static func decode<Value: Decodable>(
        _ type: Value.Type, _ text: [UInt8], _ path: String
    ) throws(StartFailure) -> Value {
        do {
            return try JSONDecoder().decode(type, from: Data(text.prefix { $0 != 0 }))
        } catch {
            throw .unreadable(request: path, cause: "it lacks what the documents promise")
        }
    }

    /// `0.00100000` as `0.1 %`.
    private static func percent(_ rate: String) -> String {
        ExactDecimal(rate).map(percent) ?? rate
    }

    static func percent(_ rate: ExactDecimal) -> String {
        "\(ExactDecimal(raw: rate.raw * 100, scale: rate.scale).shortened()) %"
    }
}
