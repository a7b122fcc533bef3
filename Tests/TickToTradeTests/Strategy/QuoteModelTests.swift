import Foundation
import Testing

@testable import TickToTrade

@Suite("Quote model")
struct QuoteModelTests {
    @Test(arguments: [1, 1.000_001, 1.5, 2, 2.718_281_828, 10, 1_000, 1e9])
    func `the logarithm agrees with libm`(x: Double) {
        #expect(abs(naturalLogarithm(x) - log(x)) <= 1e-14 * Swift.max(1, log(x)))
    }

    @Test func `the paper's formulas hold`() {
        let gamma = 0.1
        let kappa = 1.5
        let model = QuoteModel(
            riskAversion: gamma, arrivalDecay: kappa, horizonSeconds: 1, minimumSpread: 0)
        let sigma = 2.0
        let quote = model.quote(inventory: 0.5, variance: sigma * sigma)
        let reservation = -0.5 * gamma * sigma * sigma
        let spread = gamma * sigma * sigma + 2 / gamma * log(1 + gamma / kappa)
        #expect(abs((quote.ask + quote.bid) / 2 - reservation) < 1e-12)
        #expect(abs((quote.ask - quote.bid) - spread) < 1e-12)
    }

    @Test func `long inventory lowers both quotes, short raises them`() {
        let model = QuoteModel(
            riskAversion: 0.05, arrivalDecay: 1, horizonSeconds: 10, minimumSpread: 1)
        let flat = model.quote(inventory: 0, variance: 4)
        let long = model.quote(inventory: 1, variance: 4)
        let short = model.quote(inventory: -1, variance: 4)
        #expect(long.bid < flat.bid && long.ask < flat.ask)
        #expect(short.bid > flat.bid && short.ask > flat.ask)
        #expect(abs(flat.bid + flat.ask) < 1e-12)
    }

    @Test func `the spread never falls below the minimum`() {
        let model = QuoteModel(
            riskAversion: 0.001, arrivalDecay: 1_000, horizonSeconds: 1, minimumSpread: 3)
        let quote = model.quote(inventory: 0, variance: 0)
        #expect(quote.ask - quote.bid == 3)
    }
}
