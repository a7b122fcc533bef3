import Foundation
import MarketModel
import Testing
import TickToTrade

/// Against the values of an independent library (`../shared/golden/indicators`, TA-Lib 0.8).
@Suite struct GoldenIndicatorTests {
    static let files = [
        "binance_usdm_BTCUSDT_1h_rows20000_23000",
        "binance_usdm_SOLUSDT_1d_rows0_1312",
        "binance_usdm_NEARUSDT_1m_2023-08_2023-10_rows5000_8000",
    ]

    /// Every defined value within 1e-9 relative of the golden one; undefined where it is undefined.
    private func expectEqual(_ values: [Double], _ golden: [Double?]?, _ name: String) throws {
        let golden = try #require(golden, "column \(name)")
        #expect(values.count == golden.count)
        for (row, (value, expected)) in zip(values, golden).enumerated() {
            guard let expected else {
                #expect(value.isNaN, "\(name) row \(row) should be undefined, is \(value)")
                continue
            }
            let tolerance = 1e-9 * max(1e-3, abs(expected))
            if !(abs(value - expected) <= tolerance) {
                Issue.record("\(name) row \(row): \(value), golden \(expected)")
                return
            }
        }
    }

    private func bars(_ columns: [String: [Double?]]) -> [(time: Timestamp, bar: PriceBar)] {
        func column(_ name: String) -> [Double] { (columns[name] ?? []).compactMap { $0 } }
        let (open, high, low) = (column("open"), column("high"), column("low"))
        let (close, volume) = (column("close"), column("volume"))
        return column("open_time_ms").enumerated().map { index, time in
            (
                Timestamp(milliseconds: Int64(time)),
                PriceBar(
                    open: open[index], high: high[index], low: low[index], close: close[index],
                    volume: volume[index])
            )
        }
    }

    @Test(arguments: files)
    func `EMA, RSI, ATR, VWAP and rolling extremes equal the golden columns`(file: String) throws {
        guard let columns = try SharedData.columns("golden/indicators/\(file).csv.gz")
        else { return }
        let bars = bars(columns)
        var ema = EMA(period: 20)
        var rsi = RSI(period: 14)
        var atr = ATR(period: 14)
        var vwap = SessionVWAP()
        var upper = RollingExtreme<20>(.highest, period: 20)
        var lower = RollingExtreme<32>(.lowest, period: 20)
        var values: [String: [Double]] = [:]
        for (time, bar) in bars {
            let peeks = [
                ema.peek(bar.close), rsi.peek(bar.close), atr.peek(bar), upper.peek(bar.high),
                lower.peek(bar.low),
            ]
            ema.update(bar.close)
            rsi.update(bar.close)
            atr.update(bar)
            vwap.update(price: bar.typicalPrice, volume: bar.volume, at: time)
            upper.update(bar.high)
            lower.update(bar.low)
            let now = [ema.value, rsi.value, atr.value, upper.value, lower.value]
            for (peek, value) in zip(peeks, now) {
                #expect(peek == value || (peek.isNaN && value.isNaN))
            }
            values["ema_20", default: []].append(ema.value)
            values["rsi_14", default: []].append(rsi.value)
            values["tr", default: []].append(atr.trueRange)
            values["atr_14", default: []].append(atr.value)
            values["vwap_session_utc", default: []].append(vwap.value)
            values["donchian_upper_20", default: []].append(upper.value)
            values["donchian_lower_20", default: []].append(lower.value)
        }
        for (name, column) in values { try expectEqual(column, columns[name], name) }
    }

    @Test func `VWAP by trade equals the golden one and starts anew at midnight`() throws {
        let series = "binance_spot_btcusdt_202408"
        guard let trades = try SharedData.rows("data/trades/\(series).csv.gz"),
            let golden = try SharedData.columns("golden/profile/\(series)_vwap_by_trade.csv.gz")
        else { return }
        let scale = UnitScale()
        var vwap = SessionVWAP()
        var values: [Double] = []
        var volumes: [Double] = []
        for row in trades {
            vwap.update(
                price: scale.units(Price(raw: try parseDecimal(row[4], scale: 8))),
                volume: scale.units(Quantity(raw: try parseDecimal(row[5], scale: 8))),
                at: Timestamp(milliseconds: try #require(Int64(row[1]))))
            values.append(vwap.value)
            volumes.append(vwap.volume)
        }
        try expectEqual(values, golden["session_vwap"], "session_vwap")
        try expectEqual(volumes, golden["session_volume"], "session_volume")
    }
}
