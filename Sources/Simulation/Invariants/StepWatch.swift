import Emulator
import Engine
import MarketModel
import TickToTrade
import Venues
import Wire

/// What must hold after every step: the engine's books are the exchange's, as of their own place
/// in the sequence, or marked invalid; what is bounded stays so.
struct StepWatch {
    /// The best levels of a book right after a diff was published.
    private struct Page {
        var updateID: Int64 = -1
        var bids: [BookLevel] = []
        var asks: [BookLevel] = []
    }

    private static let pageCount = 256
    private static let depth = 5
    private var pages: [[Page]]
    private var compared: [Int64]
    private(set) var comparisons = 0
    /// Phases that each connection has been seen in, a bit each.
    private(set) var phases = [UInt64](repeating: 0, count: SpotLink.count)
    /// Stages that the session has been seen in, a bit each.
    private(set) var stages: UInt32 = 0

    init(symbols: Int) {
        pages = Array(repeating: Array(repeating: Page(), count: Self.pageCount), count: symbols)
        compared = Array(repeating: -1, count: symbols)
    }

    /// Writes the books down that a diff has just told of.
    mutating func noteBooks(of exchange: SimulatedExchange<SimulatedTransport>) {
        for market in pages.indices {
            let id = exchange.updateID(of: market)
            let place = Int(id) % Self.pageCount
            if pages[market][place].updateID == id { continue }
            pages[market][place] = Page(
                updateID: id, bids: exchange.levels(of: market, .buy, limit: Self.depth),
                asks: exchange.levels(of: market, .sell, limit: Self.depth))
        }
    }

    /// The first rule that does not hold, in words.
    mutating func look(at lane: World.EngineLane, _ said: FaultyExchange) -> String? {
        stages |= lane.stages
        for link in phases.indices { phases[link] |= 1 << UInt64(lane.phase(of: link).rawValue) }
        let state = lane.state
        if state.pointee.openOrderCount > Surroundings.maximumOpenOrders {
            return "\(state.pointee.openOrderCount) orders are open"
        }
        for market in pages.indices {
            let index = InstrumentIndex(UInt16(market))
            let place = state.pointee.bookPlace(of: index)
            if !place.isValid || place.updateID == compared[market] { continue }
            compared[market] = place.updateID
            let page = pages[market][Int(place.updateID) % Self.pageCount]
            if page.updateID != place.updateID { continue }
            if said.isCrossed(Surroundings.symbols[market], at: place.updateID) {
                // Another announcement may have put it right.
                let quote = state.pointee.quote(index)
                if quote.isValid, quote.bid.price >= quote.ask.price {
                    return "the crossed book of instrument \(market) counts as valid"
                }
                continue
            }
            comparisons += 1
            for (side, levels) in [(Side.buy, page.bids), (.sell, page.asks)] {
                for (depth, wanted) in levels.enumerated() {
                    let found = state.pointee.level(index, side, depth: depth)
                    if found != wanted {
                        return "the book of instrument \(market) at update \(place.updateID), "
                            + "\(side) level \(depth): \(found), the exchange's \(wanted)"
                    }
                }
            }
        }
        return nil
    }
}
