import Foundation
import Journal
import MarketModel
import Testing
import TickToTrade

@testable import Engine
@testable import Simulation

/// The model that judges the gate must itself see what is wrong: given tighter limits than the
/// engine had, it finds every one of them broken by what the engine did.
@Suite("Naive risk model", .serialized)
struct NaiveRiskTests {
    /// The journals of some calm trading, kept for as long as `read` takes.
    private func withJournals(_ read: ([String]) throws -> Void) throws {
        let folder = Simulator.standardFolder + "-risk"
        let own = folder + "/world-1"
        try FileManager.default.createDirectory(
            atPath: own, withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let fixtures = try SimulationFixtures(
            instrumentCount: Surroundings.symbols.count, folder: folder)
        let world = try World(
            .calm(seconds: 12), seed: 11, fixtures: fixtures, folder: own)
        while world.now < Surroundings.start + 12_000_000_000 { world.step() }
        world.closeBooks()
        try read(world.journals)
    }

    private func violation(
        _ limits: [RiskLimitKey: Int64], in journals: [String]
    ) throws -> String? {
        for journal in journals {
            var risk = NaiveRisk(limits, windows: Surroundings.windows)
            var reader = try JournalReader(directory: journal)
            while let record = try reader.next() {
                risk.learn(record)
                guard record.type == .decision, let request = record.payload(as: OrderRequest.self)
                else { continue }
                if let broken = risk.check(request) { return broken }
            }
        }
        return nil
    }

    /// Values so tight that twelve seconds of trading break them.
    private static let tight: [(key: RiskLimitKey, with: [RiskLimitKey: Int64])] = [
        (.orderMaxNotional, [.orderMaxNotional: 2_000_000_000]), (.orderPriceBand, [.orderPriceBand: 1]),
        (.orderFatFinger, [.orderFatFinger: 1]),
        (.orderDuplicateWindow, [.orderDuplicateWindow: 5_000_000_000]),
        (.orderDuplicateTicks, [.orderDuplicateWindow: 200_000_000, .orderDuplicateTicks: 100_000]),
        (.orderMaxSizeMultiple, [.orderMaxSizeMultiple: 50]),
        (.orderRequiresProtection, [.orderRequiresProtection: 1]),
        (.orderHoursStart, [.orderHoursStart: 600]), (.orderHoursEnd, [.orderHoursEnd: 600]),
        (.instrumentMaxOrderQuantity, [.instrumentMaxOrderQuantity: 100_000]),
        (.instrumentMaxPosition, [.instrumentMaxPosition: 100_000]),
        (.instrumentMaxExposure, [.instrumentMaxExposure: 1_000_000_000]),
        (.instrumentMaxOpenOrders, [.instrumentMaxOpenOrders: 1]),
        (.instrumentMaxMove, [.instrumentMaxMove: 1]),
        (.instrumentOrderRate, [.instrumentOrderRate: 1]),
        (.instrumentCancelRate, [.instrumentCancelRate: 1]), (.instrumentHalted, [.instrumentHalted: 1]),
        (.strategyMaxExposure, [.strategyMaxExposure: 1_000_000_000]),
        (.strategyMaxOpenOrders, [.strategyMaxOpenOrders: 1]),
        (.strategyMaxDailyLoss, [.strategyMaxDailyLoss: 1]),
        (.strategyOrderRate, [.strategyOrderRate: 1]), (.strategyOnePosition, [.strategyOnePosition: 1]),
        (.globalMaxExposure, [.globalMaxExposure: 1_000_000_000]),
        (.globalMaxPositions, [.globalMaxPositions: 1]), (.globalMaxOpenOrders, [.globalMaxOpenOrders: 1]),
        (.globalMaxDailyLoss, [.globalMaxDailyLoss: 1]),
        (.globalOrderRate, [.globalOrderRate: 1]), (.globalCancelRate, [.globalCancelRate: 1]),
    ]

    @Test func `every limit that the engine did not have is found broken, and none that it had`() throws {
        try withJournals { journals in
            let held = try violation(Surroundings.limits, in: journals)
            #expect(held == nil, "\(held ?? "")")
            for (key, limits) in Self.tight {
                let found = try violation(limits, in: journals)
                #expect(found?.contains(key.scope + ".") ?? false, "\(key.path): \(found ?? "unseen")")
            }
        }
        // Strategies act on data as they arrive, and equity is a hundred times what is ever open.
        let unbroken: Set<RiskLimitKey> = [.instrumentStaleData, .globalMaxLeverage]
        #expect(Set(Self.tight.map(\.key)).union(unbroken) == Set(Surroundings.binding.map(\.key)))
    }

    @Test func `an entry that calls itself closing is found out, and what really closes is not`() throws {
        try withJournals { journals in
            var closing = 0
            var lies: [OrderRequest] = []
            for journal in journals {
                var risk = NaiveRisk(Surroundings.limits, windows: Surroundings.windows)
                var reader = try JournalReader(directory: journal)
                while let record = try reader.next() {
                    risk.learn(record)
                    guard record.type == .decision,
                        let request = record.payload(as: OrderRequest.self)
                    else { continue }
                    if request.kind == .place, !request.isReduceOnly {
                        var lie = request
                        lie.isReduceOnly = true
                        // Ten coins are more than anybody holds.
                        lie.quantity = Quantity(raw: 10 * 100_000_000)
                        var doubting = risk
                        let found = doubting.check(lie)
                        #expect(found?.hasPrefix("reduce only") ?? false, "\(found ?? "unseen")")
                        lies.append(lie)
                    } else if request.kind == .place {
                        closing += 1
                    }
                    let broken = risk.check(request)
                    #expect(broken == nil, "\(broken ?? "")")
                }
            }
            #expect(lies.count > 30 && closing > 2, "\(lies.count) lies, \(closing) that close")
        }
    }

    /// With `rest_closes` only what closes may leave over REST.
    @Test func `an entry while orders go over REST to close only is found`() throws {
        try withJournals { journals in
            for (event, isFound) in [
                (LinkEvent.orderFallbackUp, true), (.orderFallbackPlacing, false),
            ] {
                var rules = NaiveRules(behind: NaiveProfit())
                var ids: Set<UInt64> = []
                var reader = try JournalReader(directory: journals[0])
                var violation: String?
                var entries = 0
                while let record = try reader.next(), violation == nil {
                    let isUp = record.payload(as: LinkState.self)?.event == .orderSessionUp
                    if record.type == .linkState, isUp {
                        rules.learn(LinkState(event: event, time: record.time))
                        continue
                    }
                    let request = record.payload(as: OrderRequest.self)
                    if record.type == .decision, request?.kind == .place { entries += 1 }
                    violation = rules.take(record, &ids)
                }
                #expect((violation?.contains("to close only") ?? false) == isFound, "\(violation ?? "")")
                #expect(isFound || violation == nil && entries > 30)
            }
        }
    }

    @Test func `the limits that commands may set are those of the configuration and no others`() {
        let unreachable: Set<RiskLimitKey> = [.globalMaxCorrelated]
        let all = Set(RiskLimitKey.allCases).subtracting(unreachable)
        #expect(Set(Surroundings.binding.map(\.key)) == all)
        for (key, values) in Surroundings.binding { #expect(key.range.contains(values.upperBound)) }
    }
}
