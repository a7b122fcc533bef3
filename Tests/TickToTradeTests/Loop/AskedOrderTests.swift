import MarketModel
import Testing
import TickToTrade

/// Commands of somebody who has seen that an order is not here as it is at the venue.
@Suite("Orders asked for by command")
struct AskedOrderTests {
    private func ask(_ lane: LaneRig, _ id: ClientOrderID) -> Bool? {
        lane.command(.askOrder, key: Int64(bitPattern: id.raw))
        return lane.answers().last?.isAccepted
    }

    @Test func `an open order is unknown until the venue has told of it`() throws {
        let lane = LaneRig()
        let id = try lane.resting(.limit(.buy, 95, 1))
        #expect(ask(lane, id) == true)
        let query = try #require(lane.take().last)
        #expect(query.kind == .query && query.clientOrderID == id)
        #expect(try lane.order(id).state == .unknown)
        lane.reply(query, .noSuchOrder)
        #expect(try lane.order(id).state.isTerminal, "the venue does not have it any more")
        #expect(ask(lane, id) == false)
    }

    @Test func `an order that nobody has sent is not asked for`() {
        let lane = LaneRig()
        #expect(ask(lane, ClientOrderID(epoch: 9, lane: 0, sequence: 9)) == false)
        #expect(ask(lane, .none) == false)
        #expect(lane.take().isEmpty)
    }

    @Test func `a halt ends for its own cause only when the command names one`() {
        let lane = LaneRig()
        func halt(_ cause: InstrumentHalt, ending: InstrumentHalt = .none) -> Bool? {
            lane.command(
                .haltInstrument, instrument: TestMarket.btc, key: cause.code, value: ending.code)
            return lane.answers().last?.isAccepted
        }
        #expect(halt(.notBalanced) == true && halt(.operatorCommand) == true)
        #expect(halt(.none, ending: .notBalanced) == false)
        #expect(lane.state.pointee.halt(of: TestMarket.btc) == .operatorCommand)
        #expect(halt(.notBalanced) == true && halt(.none, ending: .notBalanced) == true)
        #expect(lane.state.pointee.halt(of: TestMarket.btc) == .none)
    }
}
