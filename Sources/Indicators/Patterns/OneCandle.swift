// Patterns of one candle. Ages count back from the newest candle, 0.

extension CandleView {
    @inlinable
    func judgeOne(_ kind: CandlestickKind) -> Int {
        let candle = self[0]
        let sign = 100 * candle.color
        let isShort = hasShortBody(0)
        switch kind {
        case .beltHold:
            return hasLongBody(0)
                && (candle.isWhite ? hasTinyLowerShadow(0) : hasTinyUpperShadow(0)) ? sign : 0
        case .closingMarubozu:
            return hasLongBody(0)
                && (candle.isWhite ? hasTinyUpperShadow(0) : hasTinyLowerShadow(0)) ? sign : 0
        case .highWave:
            return isShort && candle.upperShadow > 2 * candle.body
                && candle.lowerShadow > 2 * candle.body ? sign : 0
        case .longLine:
            return hasLongBody(0) && hasShortShadows(candle) ? sign : 0
        case .marubozu:
            return hasLongBody(0) && hasTinyUpperShadow(0) && hasTinyLowerShadow(0) ? sign : 0
        case .shortLine:
            return isShort && hasShortShadows(candle) ? sign : 0
        case .spinningTop:
            return isShort && candle.upperShadow > candle.body
                && candle.lowerShadow > candle.body ? sign : 0
        default:
            return isDoji(0) && completesDoji(kind, candle) ? 100 : 0
        }
    }

    @inlinable @inline(__always)
    func hasShortShadows(_ candle: Candle) -> Bool {
        candle.upperShadow < usualShadow(0) && candle.lowerShadow < usualShadow(0)
    }

    @inlinable
    func completesDoji(_ kind: CandlestickKind, _ candle: Candle) -> Bool {
        let tiny = tenthOfRange(0)
        let upper = candle.upperShadow
        let lower = candle.lowerShadow
        switch kind {
        case .dragonflyDoji: return upper < tiny && lower > tiny
        case .gravestoneDoji: return lower < tiny && upper > tiny
        case .longLeggedDoji: return lower > candle.body || upper > candle.body
        case .takuri: return upper < tiny && lower > 2 * candle.body
        case .rickshawMan:
            let middle = candle.low + candle.sizes.range / 2
            return lower > candle.body && upper > candle.body
                && candle.bodyBottom <= middle + near(0) && candle.bodyTop >= middle - near(0)
        default: return true
        }
    }
}
