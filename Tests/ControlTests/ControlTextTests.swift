import Control
import Telemetry
import Testing

@Suite("Control tables")
struct ControlTextTests {
    let target = RecordingTarget()

    @Test func `orders and positions are aligned tables`() async throws {
        let orders = try await target.openOrders(in: .everything, atMost: 1)
        #expect(
            ControlText.orders(orders) == """
                order                instrument  strategy  side  type        state  price  quantity  filled      age
                ap-0000000000000001  BTCUSDT     maker     buy   limitMaker  new    61000      0.01       0  1.50 ms

                """)
        #expect(
            ControlText.positions(try await target.positions()) == """
                instrument  position  entry  mark  unrealised  realised  fees  asset
                BTCUSDT         -0.5      -     -           -    +12.35     0  USDT

                """)
        #expect(ControlText.orders([]) == "no open orders\n")
        #expect(ControlText.positions([]) == "no positions\n")
    }

    @Test func `a halt says what was cancelled and how fast`() async throws {
        #expect(
            ControlText.cancels(try await target.halt(reason: "x"))
                == "halted: 2 of 2 cancels confirmed, last sent after 84.0 us, last confirmed "
                + "after 912 us\n")
    }

    @Test func `market contexts say which of their figures lack trades`() async throws {
        #expect(
            ControlText.contexts(await target.contexts()) == """
                context       vwap        poc        val        vah       pdl       pdh   delta  regime     sessions
                BTCUSDT  61001.24~  60900.00~  60700.00~  61300.00~  59900.00  62100.00  -1.25~  trend_up~  london new_york
                ~ trades of it are missing

                """)
        #expect(ControlText.contexts([]) == "no strategy looks at a market context\n")
        var snapshot = await target.snapshot()
        #expect(!ControlText.status(snapshot).contains("vwap"))
        snapshot.contexts = await target.contexts()
        #expect(ControlText.status(snapshot).contains("61001.24~"))
    }

    @Test func `status, latency and limits are readable`() async throws {
        let status = ControlText.status(await target.snapshot())
        #expect(status.hasPrefix("test-1  emulated  trading  up 00:00:05\n"))
        #expect(status.contains("denied 3"))
        #expect(status.contains("BTCUSDT     61837.62"))
        let latency = ControlText.latencies(await target.latencies(includingBuckets: false))
        #expect(latency.hasPrefix("stage     p50     p90"))
        #expect(latency.contains("parse  100 ns  100 ns"))
        #expect(ControlText.limits(try await target.limits()).contains("max_exposure"))
    }
}
