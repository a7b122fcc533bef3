import MarketModel
import Testing

@testable import Codec

struct NameTableTests {
    @Test func `finds every name and nothing else`() {
        let names = (0..<3_000).map { "SYM\($0 * 7919)X\(String(repeating: "Z", count: $0 % 12))" }
        let table = NameTable(names.enumerated().map { (Market.name($1), UInt16($0)) })
        defer { table.deallocate() }
        for (index, name) in names.enumerated() {
            let bytes = GuardedBytes(name)
            #expect(table.slot(of: bytes.start, count: bytes.count) == UInt16(index))
            let longer = GuardedBytes(name + "Q")
            #expect(table.slot(of: longer.start, count: longer.count) == NameTable.none)
        }
    }

    @Test(arguments: [
        "", "BTCUSD", "BTCUSDTT", "btcusdt", "BTCUSDT\u{0}", "ABCDEFGHIJKLMNOPQRSTUVWX",
    ])
    func `does not find a stranger`(name: String) {
        let table = NameTable([(Market.name("BTCUSDT"), 3)])
        defer { table.deallocate() }
        let bytes = GuardedBytes(name)
        #expect(table.slot(of: bytes.start, count: bytes.count) == NameTable.none)
    }

    @Test func `keeps the first of equal names and takes bytes beyond ASCII`() {
        let table = NameTable([
            (Market.name("A"), 1), (Market.name("A"), 2), (Market.name("这是测试币456"), 4),
            (Market.name("a\"b"), 5),
        ])
        defer { table.deallocate() }
        for (name, slot) in [("A", 1), ("这是测试币456", 4), ("a\"b", NameTable.none)] {
            let bytes = GuardedBytes(name)
            #expect(table.slot(of: bytes.start, count: bytes.count) == slot)
        }
    }

    @Test func `is found through escapes in JSON`() throws {
        let table = NameTable([(Market.name("BTCUSDT"), 3)])
        defer { table.deallocate() }
        let bytes = GuardedBytes(#""\u0042TC\u0055SDT""#)
        var scanner = JSONScanner(bytes.start, bytes.count)
        #expect(try scanner.value().slot(in: table) == 3)
    }
}
