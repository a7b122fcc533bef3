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
