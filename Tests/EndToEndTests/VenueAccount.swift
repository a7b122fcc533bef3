import Codec
import Foundation
import Machine
import MarketModel
import Telemetry
import Wire

@testable import Engine

/// The account as the exchange's own ledger has it, asked for over REST like a customer.
struct VenueAccount {
    /// Signed base quantity and cash after every trade, commissions included.
    struct Holding: Equatable {
        var quantity = Decimal(0)
        var cash = Decimal(0)
        var trades = 0
    }

    private let folder: WorkFolder

    init(_ folder: WorkFolder) { self.folder = folder }

    /// What all trades of the account in a symbol come to, added up one by one.
    func holding(of symbol: String) throws -> Holding {
        var inquiry = try inquiry()
        let facts = try inquiry.ask(symbols: [symbol])
        let directory = facts.directory()
        defer { directory.deallocate() }
        let fills = try inquiry.fills(
            symbol, since: Timestamp(nanoseconds: 0), directory, facts.clockOffset)
        let instrument = facts.instruments[0]
        var holding = Holding()
        for fill in fills {
            let quantity = Self.decimal(fill.quantity.raw, Int(instrument.quantityScale))
            let price = Self.decimal(fill.price.raw, Int(instrument.priceScale))
            let sign: Decimal = fill.side == .buy ? 1 : -1
            holding.quantity += sign * quantity
            holding.cash -= sign * quantity * price
            let commission = Self.decimal(fill.commission, 8)
            if fill.commissionAsset == instrument.baseAsset { holding.quantity -= commission }
            if fill.commissionAsset == instrument.quoteAsset { holding.cash -= commission }
            holding.trades += 1
        }
        return holding
    }

    func openOrders(in symbol: String) throws -> Int {
        var inquiry = try inquiry()
        let facts = try inquiry.ask(symbols: [symbol])
        let directory = facts.directory()
        defer { directory.deallocate() }
        return try inquiry.openOrders(of: facts.instruments, directory, facts.clockOffset).count
    }

    private func inquiry() throws -> VenueInquiry {
        let clock = TSCClock.calibrated()
        let tls = try TLSClientContext(authorityFile: folder.path(".apus/ca.pem"))
        let credentials = try Credentials.load(
            CredentialSource(file: folder.path(".apus/demo-credentials.yaml")), environment: [:])
        return VenueInquiry(
            conversation: try RESTConversation(
                endpoint: VenueEndpoint(host: "localhost", port: folder.port), tls: tls,
                clock: clock, timeout: 5_000_000_000, maskSeed: 1),
            clock: clock, apiKey: credentials.key.revealed, signer: try credentials.signer(),
            receiveWindow: 5_000)
    }

    private static func decimal(_ raw: Int64, _ scale: Int) -> Decimal {
        Decimal(sign: .plus, exponent: -scale, significand: Decimal(raw))
    }
}
