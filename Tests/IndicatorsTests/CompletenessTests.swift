import Foundation
import Indicators
import Testing

/// That no indicator can be forgotten.
@Suite struct CompletenessTests {
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// The text of all Swift files in a folder, and in those inside it.
    private static func text(in folder: String) throws -> String {
        let start = root.appendingPathComponent(folder)
        let paths = try FileManager.default.subpathsOfDirectory(atPath: start.path)
        return try paths.filter { $0.hasSuffix(".swift") }.sorted()
            .map { try String(contentsOf: start.appendingPathComponent($0), encoding: .utf8) }
            .joined(separator: "\n")
    }

    /// The names of all formulas that users can make.
    private static func formulas() throws -> [String] {
        try text(in: "Sources/Indicators").split(separator: "\n").compactMap { line in
            guard line.contains(": IndicatorFormula"), line.hasPrefix("public ") else { return nil }
            return line.split(separator: " ")[2].split(separator: ":").first.map(String.init)
        }
    }

    @Test func `every formula is proved and in the catalogue`() throws {
        let formulas = try Self.formulas()
        let proof = try Self.text(in: "Tests/IndicatorsTests")
        let catalogue = try Self.text(in: "Sources/Indicators/Catalogue")
        #expect(formulas.count > 120)
        // Generic ones are frames for others.
        for name in formulas where !name.contains("<") {
            #expect(proof.contains("Indicator<\(name)>,"), "\(name) is not in Proof.swift")
            #expect(
                catalogue.contains("\(name)(") || catalogue.contains("\(name)."),
                "\(name) is not in the catalogue")
        }
    }

    @Test func `the catalogue documents every entry`() throws {
        let entries = IndicatorCatalogue.entries
        let names = entries.map(\.name)
        #expect(Set(names).count == names.count)
        for entry in entries {
            #expect(entry.name == entry.name.uppercased())
            #expect(!entry.title.isEmpty && !entry.formula.isEmpty && !entry.source.isEmpty)
            #expect(!entry.outputs.isEmpty && Set(entry.outputs).count == entry.outputs.count)
            #expect(!entry.columns.isEmpty)
            let parameters = entry.parameters.map(\.name)
            #expect(Set(parameters).count == parameters.count, "\(entry.name)")
            for parameter in entry.parameters {
                #expect(parameter.allowed.contains(parameter.standard), "\(entry.name)")
            }
            #expect(try entry.make().warmUp >= 0)
            #expect(try IndicatorCatalogue.entry(entry.name.lowercased()).name == entry.name)
        }
        for family in CatalogueEntry.Family.allCases {
            #expect(entries.contains { $0.family == family }, "nothing in \(family)")
        }
    }

    @Test func `the catalogue holds all of TA-Lib 0.8`() throws {
        let names = Set(IndicatorCatalogue.entries.map(\.name))
        #expect(Self.talib.count == 201)
        for name in Self.talib { #expect(names.contains(name), "\(name)") }
    }

    static let talib: [String] = """
        AC ACCBANDS ACOS AD ADD ADOSC ADR ADX ADXR AO APO AROON AROONOSC ASIN ATAN ATR
        AVGDEV AVGPRICE BBANDS BETA BOP CCI CDL2CROWS CDL3BLACKCROWS CDL3INSIDE
        CDL3LINESTRIKE CDL3OUTSIDE CDL3STARSINSOUTH CDL3WHITESOLDIERS CDLABANDONEDBABY
        CDLADVANCEBLOCK CDLBELTHOLD CDLBREAKAWAY CDLCLOSINGMARUBOZU CDLCONCEALBABYSWALL
        CDLCOUNTERATTACK CDLDARKCLOUDCOVER CDLDOJI CDLDOJISTAR CDLDRAGONFLYDOJI
        CDLENGULFING CDLEVENINGDOJISTAR CDLEVENINGSTAR CDLGAPSIDESIDEWHITE
        CDLGRAVESTONEDOJI CDLHAMMER CDLHANGINGMAN CDLHARAMI CDLHARAMICROSS CDLHIGHWAVE
        CDLHIKKAKE CDLHIKKAKEMOD CDLHOMINGPIGEON CDLIDENTICAL3CROWS CDLINNECK
        CDLINVERTEDHAMMER CDLKICKING CDLKICKINGBYLENGTH CDLLADDERBOTTOM CDLLONGLEGGEDDOJI
        CDLLONGLINE CDLMARUBOZU CDLMATCHINGLOW CDLMATHOLD CDLMORNINGDOJISTAR
        CDLMORNINGSTAR CDLONNECK CDLPIERCING CDLRICKSHAWMAN CDLRISEFALL3METHODS
        CDLSEPARATINGLINES CDLSHOOTINGSTAR CDLSHORTLINE CDLSPINNINGTOP CDLSTALLEDPATTERN
        CDLSTICKSANDWICH CDLTAKURI CDLTASUKIGAP CDLTHRUSTING CDLTRISTAR CDLUNIQUE3RIVER
        CDLUPSIDEGAP2CROWS CDLXSIDEGAP3METHODS CEIL CMF CMO CMOU COPPOCK CORREL COS COSH
        CUMSUM CVI DEMA DIV DONCHIAN DPO DX EFI EMA ER ERI EXP FLOOR FOSC FRACTAL HA HMA
        HT_DCPERIOD HT_DCPHASE HT_PHASOR HT_SINE HT_TRENDLINE HT_TRENDMODE IMI KAMA KC KDJ
        LINEARREG LINEARREG_ANGLE LINEARREG_INTERCEPT LINEARREG_SLOPE LN LOG10 MA MACD
        MACDEXT MACDFIX MAMA MARKETFI MASSI MAVP MAX MAXINDEX MEDPRICE MFI MIDPOINT
        MIDPRICE MIN MININDEX MINMAX MINMAXINDEX MINUS_DI MINUS_DM MOM MULT NATR NVI OBV
        PERCENTILE PERCENTRANK PLUS_DI PLUS_DM PPO PVI PVO PVT QSTICK RMA ROC ROCP ROCR
        ROCR100 RSI RVI RVOL SAR SAREXT SIN SINH SMA SMI SQRT STDDEV STOCH STOCHF STOCHRSI
        SUB SUM SUPERTREND T3 TAN TANH TEMA TRANGE TRIMA TRIX TSF TSI TYPPRICE ULTOSC VAR
        VHF VORTEX VWAP VWMA WAD WCLPRICE WILLR WMA ZLEMA
        """.split { $0 == " " || $0 == "\n" }.map(String.init)
}
