import Machine
import MarketModel
import Rings
import TickToTrade
import Venues

/// The memory of what a lane keeps for its whole life: books, orders and rings.
enum LaneTables {
    static let commandCapacity = 256
    static let answerCapacity = 256
    static let eventCapacity = 16_384
    static let listingCapacity = 8_192
    static let refusalCapacity = 64
    static let historyCapacity = 2_048

    /// One arena in huge pages when the lane asks for them, else the heap.
    static func make(
        _ lane: LaneConfiguration, _ plan: TradingPlan, _ notes: MachineNotes
    ) -> TableMemory {
        guard lane.usesHugePages else { return TableMemory() }
        let bytes =
            ringBytes
            + TradingState.tableBytes(plan.configuration, instrumentCount: plan.instruments.count)
        do throws(OutOfMemory) {
            let tables = try TableMemory(byteCount: bytes, options: lane.memory)
            if let grant = tables.grant { notes.add(grant, of: "books, orders and rings") }
            return tables
        } catch {
            notes.add("no huge pages for books, orders and rings", isRefusal: true)
            return TableMemory()
        }
    }

    private static var ringBytes: Int {
        RingPlace.footprint(of: Command.self, capacity: commandCapacity)
            + RingPlace.footprint(of: CommandAnswer.self, capacity: answerCapacity)
            + RingPlace.footprint(of: LaneEvent.self, capacity: eventCapacity)
            + RingPlace.footprint(of: OrderListing.self, capacity: listingCapacity)
            + RingPlace.footprint(of: VenueRefusal.self, capacity: refusalCapacity)
            + RingPlace.footprint(of: HistoricTrade.self, capacity: historyCapacity)
    }

    /// Where the rings go, so that they lie with the rest.
    static func place(in tables: TableMemory) -> RingPlace {
        RingPlace(owner: tables) { tables.takeFromArena($0) }
    }
}
