/// The candlestick patterns that a fixed number of candles decide, under TA-Lib's names.
@frozen
public enum CandlestickKind: String, BitwiseCopyable, Codable, Sendable, CaseIterable {
    case beltHold = "CDLBELTHOLD"
    case closingMarubozu = "CDLCLOSINGMARUBOZU"
    case doji = "CDLDOJI"
    case dragonflyDoji = "CDLDRAGONFLYDOJI"
    case gravestoneDoji = "CDLGRAVESTONEDOJI"
    case highWave = "CDLHIGHWAVE"
    case longLeggedDoji = "CDLLONGLEGGEDDOJI"
    case longLine = "CDLLONGLINE"
    case marubozu = "CDLMARUBOZU"
    case rickshawMan = "CDLRICKSHAWMAN"
    case shortLine = "CDLSHORTLINE"
    case spinningTop = "CDLSPINNINGTOP"
    case takuri = "CDLTAKURI"

    case counterattack = "CDLCOUNTERATTACK"
    case darkCloudCover = "CDLDARKCLOUDCOVER"
    case dojiStar = "CDLDOJISTAR"
    case engulfing = "CDLENGULFING"
    case hammer = "CDLHAMMER"
    case hangingMan = "CDLHANGINGMAN"
    case harami = "CDLHARAMI"
    case haramiCross = "CDLHARAMICROSS"
    case homingPigeon = "CDLHOMINGPIGEON"
    case inNeck = "CDLINNECK"
    case invertedHammer = "CDLINVERTEDHAMMER"
    case kicking = "CDLKICKING"
    case kickingByLength = "CDLKICKINGBYLENGTH"
    case matchingLow = "CDLMATCHINGLOW"
    case onNeck = "CDLONNECK"
    case piercing = "CDLPIERCING"
    case separatingLines = "CDLSEPARATINGLINES"
    case shootingStar = "CDLSHOOTINGSTAR"
    case thrusting = "CDLTHRUSTING"

    case twoCrows = "CDL2CROWS"
    case threeInside = "CDL3INSIDE"
    case threeOutside = "CDL3OUTSIDE"
    case threeStarsInSouth = "CDL3STARSINSOUTH"
    case threeWhiteSoldiers = "CDL3WHITESOLDIERS"
    case abandonedBaby = "CDLABANDONEDBABY"
    case advanceBlock = "CDLADVANCEBLOCK"
    case eveningDojiStar = "CDLEVENINGDOJISTAR"
    case eveningStar = "CDLEVENINGSTAR"
    case gapSideBySideWhite = "CDLGAPSIDESIDEWHITE"
    case identicalThreeCrows = "CDLIDENTICAL3CROWS"
    case morningDojiStar = "CDLMORNINGDOJISTAR"
    case morningStar = "CDLMORNINGSTAR"
    case stalledPattern = "CDLSTALLEDPATTERN"
    case stickSandwich = "CDLSTICKSANDWICH"
    case tasukiGap = "CDLTASUKIGAP"
    case tristar = "CDLTRISTAR"
    case uniqueThreeRiver = "CDLUNIQUE3RIVER"
    case upsideGapTwoCrows = "CDLUPSIDEGAP2CROWS"
    case gapThreeMethods = "CDLXSIDEGAP3METHODS"

    case threeBlackCrows = "CDL3BLACKCROWS"
    case threeLineStrike = "CDL3LINESTRIKE"
    case concealingBabySwallow = "CDLCONCEALBABYSWALL"
    case breakaway = "CDLBREAKAWAY"
    case ladderBottom = "CDLLADDERBOTTOM"
    case matHold = "CDLMATHOLD"
    case risingFallingThreeMethods = "CDLRISEFALL3METHODS"
}

extension CandlestickKind {
    /// Candles that it is made of.
    @usableFromInline
    var candleCount: Int {
        switch self {
        case .beltHold, .closingMarubozu, .doji, .dragonflyDoji, .gravestoneDoji, .highWave,
            .longLeggedDoji, .longLine, .marubozu, .rickshawMan, .shortLine, .spinningTop, .takuri:
            1
        case .counterattack, .darkCloudCover, .dojiStar, .engulfing, .hammer, .hangingMan, .harami,
            .haramiCross, .homingPigeon, .inNeck, .invertedHammer, .kicking, .kickingByLength,
            .matchingLow, .onNeck, .piercing, .separatingLines, .shootingStar, .thrusting:
            2
        case .threeBlackCrows, .threeLineStrike, .concealingBabySwallow: 4
        case .breakaway, .ladderBottom, .matHold, .risingFallingThreeMethods: 5
        default: 3
        }
    }

    /// TA-Lib's lookback: the candles before the first, and those whose sizes are the measure.
    var warmUp: Int {
        switch self {
        case .engulfing, .gapThreeMethods: 2
        case .threeOutside: 3
        case .matchingLow, .gapSideBySideWhite, .stickSandwich, .tasukiGap, .threeLineStrike:
            CandleWindow.shortUsual + candleCount - 1
        default: CandleWindow.usual + candleCount - 1
        }
    }

    /// The share of the first body that a candle must reach back into it, where there is such a
    /// rule.
    var standardPenetration: Double? {
        switch self {
        case .abandonedBaby, .eveningDojiStar, .eveningStar, .morningDojiStar, .morningStar: 0.3
        case .darkCloudCover, .matHold: 0.5
        default: nil
        }
    }
}
