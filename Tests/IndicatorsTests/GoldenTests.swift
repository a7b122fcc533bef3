import Indicators
import Testing

/// Recorded bars against the numbers of independent libraries.
@Suite struct GoldenTests {
    /// A golden column and the output that must equal it, to `tolerance`.
    struct Column {
        let name: String
        let indicator: String
        let parameters: [Double]
        let output: Int
        let tolerance: Double
        init(
            _ name: String, _ indicator: String, _ parameters: [Double] = [], output: Int = 0,
            tolerance: Double = 1e-12
        ) {
            self.name = name
            self.indicator = indicator
            self.parameters = parameters
            self.output = output
            self.tolerance = tolerance
        }
    }

    static let columns: [Column] = [
        Column("sma_20", "SMA", [20]), Column("ema_20", "EMA", [20]), Column("wma_20", "WMA", [20]),
        Column("dema_20", "DEMA", [20]), Column("tema_20", "TEMA", [20]),
        Column("rsi_14", "RSI", [14]),
        Column("macd_talib", "MACD"), Column("macd_talib_signal", "MACD", output: 1),
        Column("macd_talib_hist", "MACD", output: 2),
        Column("macd_indep_signal", "MACD", [12, 26, 9, 0], output: 1, tolerance: 1e-9),
        Column("bb_upper_20_2", "BBANDS", [20, 2, 2]),
        Column("bb_middle_20_2", "BBANDS", [20, 2, 2], output: 1),
        Column("bb_lower_20_2", "BBANDS", [20, 2, 2], output: 2),
        Column("stddev_20", "STDDEV", [20]), Column("tr", "TRANGE"), Column("atr_14", "ATR", [14]),
        Column("adx_14", "ADX", [14]), Column("plus_di_14", "PLUS_DI", [14]),
        Column("minus_di_14", "MINUS_DI", [14]),
        Column("stoch_slowk_14_3_3", "STOCH", [14, 3, 0, 3, 0]),
        Column("stoch_slowd_14_3_3", "STOCH", [14, 3, 0, 3, 0], output: 1),
        Column("stochf_fastk_14", "STOCHF", [14, 3]),
        Column("stochf_fastd_14_3", "STOCHF", [14, 3], output: 1),
        Column("obv", "OBV"), Column("cci_20", "CCI", [20]), Column("roc_10", "ROC", [10]),
        Column("mfi_14", "MFI", [14]), Column("willr_14", "WILLR", [14]),
        Column("aroon_down_25", "AROON", [25]), Column("aroon_up_25", "AROON", [25], output: 1),
        Column("sar_002_02", "SAR", [0.02, 0.2]),
        Column("vwap_session_utc", "VWAP_SESSION", output: 1),
        Column("vwap_rolling_20", "VWAP_ROLLING", [20], output: 1),
        Column("keltner_upper_20_10_2", "KC", [20, 10, 2, 1]),
        Column("keltner_middle_20", "KC", [20, 10, 2, 1], output: 1),
        Column("keltner_lower_20_10_2", "KC", [20, 10, 2, 1], output: 2),
        Column("donchian_upper_20", "DONCHIAN", [20]),
        Column("donchian_middle_20", "DONCHIAN", [20], output: 1),
        Column("donchian_lower_20", "DONCHIAN", [20], output: 2),
        Column("supertrend_10_3", "SUPERTREND", [10, 3, 0]),
        Column("supertrend_dir", "SUPERTREND", [10, 3, 0], output: 1),
    ]

    @Test(.enabled(if: !GoldenFile.all.isEmpty, "needs ../shared/golden/indicators"),
        arguments: GoldenFile.all)
    func `indicators equal the golden columns at every bar`(file: GoldenFile) throws {
        let golden = try file.columns()
        let samples = GoldenFile.samples(golden)
        for column in Self.columns {
            let expected = try #require(golden[column.name], "\(column.name)")
            let running = try IndicatorCatalogue.entry(column.indicator).make(column.parameters)
            let values = running.values(over: samples).map { $0?[column.output] }
            var worst = 0.0
            for (row, (value, expected)) in zip(values, expected).enumerated() {
                guard let expected else {
                    // The file leaves out what comes before all outputs of a function are there.
                    let isEarly = value == nil || row < 40
                    #expect(isEarly, "\(column.name) row \(row): \(value ?? .nan), none expected")
                    continue
                }
                guard let value else {
                    Issue.record("\(column.name) row \(row): none, \(expected) expected")
                    break
                }
                worst = max(worst, abs(value - expected) / max(abs(expected), 1e-3))
            }
            #expect(worst <= column.tolerance, "\(column.name): up to \(worst)")
        }
    }
}
