import MarketModel
import Testing
import TickToTrade

@Suite("Halts of single instruments")
struct InstrumentHaltTests {
    private func halt(_ lane: LaneRig, _ cause: InstrumentHalt) {
        lane.command(.haltInstrument, instrument: TestMarket.btc, key: cause.code)
    }

    @Test(arguments: InstrumentHalt.allCases.filter { $0 != .none })
    func `strategies are told, entries are cancelled and exits stay`(cause: InstrumentHalt) throws {
        let lane = LaneRig()
        let first = try lane.resting(.limit(.buy, 100.10, 2))
        lane.fill(first, 2, at: 100, total: 2, .filled, trade: 1)
        let exit = try lane.resting(.limit(.sell, 110, 2, reduceOnly: true))
        let entry = try lane.resting(.limit(.buy, 95, 1))
        let other = try lane.resting(.limit(.buy, 9, 1, in: TestMarket.eth))
        halt(lane, cause)
        #expect(lane.answers().last?.isAccepted == true)
        #expect(lane.script.changes.last == .instrumentHalted(TestMarket.btc, cause))
        let cancels = lane.take()
        #expect(cancels.map(\.kind) == [.cancel] && cancels.first?.clientOrderID == entry)
        #expect(lane.halts.isEmpty, "the others trade on")
        guard case .denied(let violations) = lane.submit(.limit(.buy, 95, 1)) else {
            Issue.record("an entry passed")
            return
        }
        #expect(violations == RiskViolations(.halted))
        #expect(try lane.order(exit).state == .new && lane.order(other).state == .new)
        var mayTrade = (btc: true, eth: false)
        lane.act { mayTrade = ($0.mayTrade(TestMarket.btc), $0.mayTrade(TestMarket.eth)) }
        #expect(!mayTrade.btc && mayTrade.eth)

        halt(lane, .none)
        #expect(lane.script.changes.last == .instrumentResumed(TestMarket.btc))
        _ = try lane.placed(.limit(.buy, 95, 1))
    }

    @Test func `a cancel that the venue refuses while it is halted is repeated`() throws {
        let lane = LaneRig()
        let entry = try lane.resting(.limit(.buy, 95, 1))
        halt(lane, .venueHalted)
        lane.reply(try #require(lane.take().last), .rejected, code: -2010)
        #expect(try lane.order(entry).state == .new && lane.take().isEmpty)
        lane.advance(.seconds(1))
        #expect(lane.take().map(\.kind) == [.cancel])
    }

    @Test func `the operator's limit is such a halt, and ends any`() throws {
        let lane = LaneRig()
        let entry = try lane.resting(.limit(.buy, 95, 1))
        let key = RiskLimitKey.instrumentHalted.rawValue
        lane.command(.setLimit, instrument: TestMarket.btc, key: key, value: 1)
        #expect(lane.take().first?.clientOrderID == entry)
        #expect(lane.script.changes.last == .instrumentHalted(TestMarket.btc, .operatorCommand))
        halt(lane, .delisted)
        lane.command(.setLimit, instrument: TestMarket.btc, key: key, value: 0)
        #expect(lane.script.changes.last == .instrumentResumed(TestMarket.btc))
        #expect(lane.state.pointee.halt(of: TestMarket.btc) == .none)
    }

    @Test func `a strategy that does not trade the instrument is not told`() {
        let lane = LaneRig(strategies: 2)
        lane.command(.stopStrategy, strategy: StrategyIndex(1))
        halt(lane, .venueHalted)
        #expect(lane.scripts[0].changes.contains(.instrumentHalted(TestMarket.btc, .venueHalted)))
        #expect(!lane.scripts[1].changes.contains(.instrumentHalted(TestMarket.btc, .venueHalted)))
    }

    @Test(arguments: [-1, 6, 250] as [Int64])
    func `a cause that does not exist is refused`(key: Int64) {
        let lane = LaneRig()
        lane.command(.haltInstrument, instrument: TestMarket.btc, key: key)
        #expect(lane.answers().last?.isAccepted == false && lane.script.changes.isEmpty == false)
        lane.command(.haltInstrument, instrument: InstrumentIndex(9), key: 1)
        #expect(lane.answers().last?.isAccepted == false)
    }

    // MARK: - Resume

    private func resumes(_ lane: LaneRig) -> Bool {
        lane.command(.resume)
        return lane.answers().last?.isAccepted == true
    }

    @Test func `resume is refused while an instrument does not balance`() {
        let lane = LaneRig()
        lane.command(.halt)
        halt(lane, .notBalanced)
        #expect(!resumes(lane))
        halt(lane, .none)
        #expect(resumes(lane) && lane.halts.isEmpty)
    }

    @Test func `resume is refused from a lost session until the last fate is known`() throws {
        let lane = LaneRig()
        let resting = try lane.resting(.limit(.buy, 99, 1))
        lane.command(.halt)
        lane.take()
        lane.link(.orderSessionDown)
        #expect(!resumes(lane), "nothing is read back yet")
        lane.link(.orderFallbackUp)
        #expect(!resumes(lane), "nobody tells of orders")
        lane.link(.orderSessionDown)
        lane.link(.orderSessionUp)
        let query = try #require(lane.take().last)
        #expect(query.kind == .query && !resumes(lane), "an order's fate is unknown")
        lane.readBack(resting, 0.5, at: 99, trade: 1)
        #expect(!resumes(lane), "its trades are known, its state is not")
        lane.report(resting, .status, .canceled, filled: 0.5, average: 99)
        lane.reply(query, .accepted)
        #expect(resumes(lane))
    }

    @Test func `resume is refused before the account is compared`() {
        let lane = LaneRig(isReady: false)
        lane.link(.orderSessionUp)
        lane.command(.halt)
        #expect(!resumes(lane))
        lane.link(.reconciled)
        #expect(resumes(lane))
    }
}
