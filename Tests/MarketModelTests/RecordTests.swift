import MarketModel
import Testing

@Suite("Records and ids")
struct RecordTests {
    @Test func `records keep the sizes the rings are sized for`() {
        #expect(MemoryLayout<Trade>.stride == 48)
        #expect(MemoryLayout<TopOfBook>.stride == 64)
        #expect(MemoryLayout<BookLevel>.stride == 16)
        #expect(MemoryLayout<DepthHeader>.stride == 48)
        #expect(MemoryLayout<OrderRequest>.stride == 96)
        #expect(MemoryLayout<ExecutionReport>.stride == 128)
        #expect(MemoryLayout<Command>.stride == 40)
    }

    @Test func `client order ids survive the trip through their text`() {
        var text = [UInt8](repeating: 0, count: 32)
        for raw: UInt64 in [1, 0xABCD_EF01_2345_6789, .max, 1 << 63] {
            let id = ClientOrderID(raw: raw)
            text.withUnsafeMutableBufferPointer { id.writeText(to: $0.baseAddress!) }
            #expect(ClientOrderID.read(text, count: ClientOrderID.textCount) == id)
            #expect(id.text.utf8.count <= 36)
        }
        #expect(ClientOrderID.read(Array("ap-00000000000000zz".utf8), count: 19) == .none)
        #expect(ClientOrderID.read(Array("web_00000000000000a".utf8), count: 19) == .none)
        let parts = ClientOrderID(epoch: 0x12_3456, lane: 7, sequence: 99)
        #expect(parts.epoch == 0x12_3456 && parts.lane == 7 && parts.sequence == 99)
    }

    @Test func `short names compare by their bytes`() {
        #expect(ShortName("BTCUSDT") == ShortName("BTCUSDT"))
        #expect(ShortName("BTCUSDT") != ShortName("BTCUSD"))
        #expect(ShortName("BTCUSDT")?.equals(Array("BTCUSDT".utf8), count: 7) == true)
        #expect(ShortName("这是测试币456")?.text == "这是测试币456")
        #expect(ShortName(String(repeating: "A", count: 24)) == nil)
    }

    @Test func `notional is the exact product`() {
        let price = Price(raw: .max)
        let quantity = Quantity(raw: .max)
        #expect(Notional(price, quantity).raw == Int128(Int64.max) * Int128(Int64.max))
        #expect(Notional(Price(raw: -3), Quantity(raw: 7)).raw == -21)
    }

    @Test func `prices round to the tick away from nothing`() {
        let tick = Price(raw: 25)
        #expect(Price(raw: 101).flooredToMultiple(of: tick).raw == 100)
        #expect(Price(raw: 101).ceiledToMultiple(of: tick).raw == 125)
        #expect(Price(raw: 100).ceiledToMultiple(of: tick).raw == 100)
    }

    @Test func `days are UTC days, also before 1970`() {
        #expect(Timestamp(milliseconds: 1_723_161_599_999).utcDay == 19_943)
        #expect(Timestamp(milliseconds: 1_723_161_600_000).utcDay == 19_944)
        #expect(Timestamp(nanoseconds: -1).utcDay == -1)
        #expect(Timestamp(nanoseconds: .min).utcDay == -106_752)
        #expect(Timestamp(nanoseconds: .min).milliseconds == -9_223_372_036_855)
        #expect(Timestamp(nanoseconds: -1_000_000).milliseconds == -1)
    }
}
