import MarketModel
import Testing

@testable import Emulator

/// A client's book, kept by the documented algorithm (sheet section 5) and nothing else.
struct BookMirror {
    private(set) var lastUpdateID: Int64 = -1
    private(set) var bids: [Int64: Int64] = [:]
    private(set) var asks: [Int64: Int64] = [:]
    private(set) var gaps = 0
    private var hasApplied = false

    enum Unreadable: Error { case frame(String) }

    private static func levels(_ value: JSONValue?) throws -> [(Int64, Int64)] {
        try (value?.elements ?? []).map { level in
            guard let price = level.elements[0].string, let quantity = level.elements[1].string
            else { throw Unreadable.frame("level") }
            return (try parseDecimal(price, scale: 8), try parseDecimal(quantity, scale: 8))
        }
    }

    mutating func load(_ snapshot: JSONValue) throws {
        bids = Dictionary(uniqueKeysWithValues: try Self.levels(snapshot["bids"]))
        asks = Dictionary(uniqueKeysWithValues: try Self.levels(snapshot["asks"]))
        lastUpdateID = snapshot["lastUpdateId"]?.integer ?? -1
        hasApplied = false
    }

    mutating func apply(_ diff: JSONValue) throws {
        guard let first = diff["U"]?.integer, let last = diff["u"]?.integer else {
            throw Unreadable.frame("diff")
        }
        guard last > lastUpdateID else { return }
        if first > lastUpdateID + 1 || (hasApplied && first != lastUpdateID + 1) { gaps += 1 }
        hasApplied = true
        lastUpdateID = last
        for (price, quantity) in try Self.levels(diff["b"]) {
            bids[price] = quantity == 0 ? nil : quantity
        }
        for (price, quantity) in try Self.levels(diff["a"]) {
            asks[price] = quantity == 0 ? nil : quantity
        }
    }

    var top: BookTop {
        let bid = bids.max { $0.key < $1.key }
        let ask = asks.min { $0.key < $1.key }
        return BookTop(
            bidPrice: Price(raw: bid?.key ?? 0), bidQuantity: Quantity(raw: bid?.value ?? 0),
            askPrice: Price(raw: ask?.key ?? 0), askQuantity: Quantity(raw: ask?.value ?? 0))
    }

    /// Whether every level equals the venue's own book.
    func equals(_ matcher: any Matcher) -> Bool {
        var count = 0
        var isEqual = true
        for side in Side.allCases {
            matcher.forEachLevel(of: side, limit: .max) { price, quantity in
                count += 1
                let mine = side == .buy ? bids[price.raw] : asks[price.raw]
                isEqual = isEqual && mine == quantity.raw
            }
        }
        return isEqual && count == bids.count + asks.count
    }
}
