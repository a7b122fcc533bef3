import Indicators

// The compiler's proof that no update of any indicator allocates, locks or counts references, in
// debug and in release. Never run: CompletenessTests checks that no formula is missing.

/// All that a strategy does with an indicator on the hot path.
@inline(__always)
private func exercise<Formula: IndicatorFormula>(
    _ indicator: inout Indicator<Formula>, _ input: Formula.Input
) -> Bool {
    var answers = 0
    if case .some = indicator.peek(input) { answers += 1 }
    if case .some = indicator.update(input) { answers += 1 }
    if case .some = indicator.value { answers += 1 }
    if indicator.refusedCount > 0 { indicator.reset() }
    return indicator.isReady && answers > indicator.warmUp
}

// MARK: - Of one sample

@_noLocks func prove(_ indicator: inout Indicator<AverageSlope>, _ input: Double) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<BollingerWidth>, _ input: Double) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<ALMA>, _ input: Double) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<AVGDEV>, _ input: Double) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<Autocorrelation>, _ input: Double) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<BBANDS>, _ input: Double) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<CMO>, _ input: Double) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<CMOU>, _ input: Double) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<COPPOCK>, _ input: Double) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<CyclePhasor>, _ input: Double) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<CycleSine>, _ input: Double) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<CycleTrendline>, _ input: Double) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<DEMA>, _ input: Double) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<DPO>, _ input: Double) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<DominantCyclePeriod>, _ input: Double) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<DominantCyclePhase>, _ input: Double) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<EMA>, _ input: Double) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<EWMAVolatility>, _ input: Double) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<EfficiencyRatio>, _ input: Double) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<FOSC>, _ input: Double) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<HMA>, _ input: Double) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<Hurst>, _ input: Double) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<KAMA>, _ input: Double) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<LinearRegression>, _ input: Double) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<MACD>, _ input: Double) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<MACDEXT>, _ input: Double) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<MAMA>, _ input: Double) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<MIDPOINT>, _ input: Double) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<MOM>, _ input: Double) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<MovingAverage>, _ input: Double) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<PERCENTILE>, _ input: Double) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<PERCENTRANK>, _ input: Double) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<PriceOscillator>, _ input: Double) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<RMA>, _ input: Double) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<ROC>, _ input: Double) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<ROCP>, _ input: Double) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<ROCR>, _ input: Double) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<ROCR100>, _ input: Double) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<RSI>, _ input: Double) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<RVI>, _ input: Double) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<RollSpread>, _ input: Double) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<RollingSum>, _ input: Double) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<SMA>, _ input: Double) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<STDDEV>, _ input: Double) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<STOCHRSI>, _ input: Double) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<T3>, _ input: Double) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<TEMA>, _ input: Double) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<TRIMA>, _ input: Double) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<TRIX>, _ input: Double) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<TSI>, _ input: Double) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<TrendMode>, _ input: Double) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<VAR>, _ input: Double) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<VHF>, _ input: Double) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<WMA>, _ input: Double) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<ZLEMA>, _ input: Double) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<ZScore>, _ input: Double) -> Bool {
    exercise(&indicator, input)
}

// MARK: - Of a bar

@_noLocks func prove(_ indicator: inout Indicator<PriorRange>, _ input: PriceBar) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<AC>, _ input: PriceBar) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<ACCBANDS>, _ input: PriceBar) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<AD>, _ input: PriceBar) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<ADOSC>, _ input: PriceBar) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<ADR>, _ input: PriceBar) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<ADX>, _ input: PriceBar) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<ADXR>, _ input: PriceBar) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<AO>, _ input: PriceBar) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<AROON>, _ input: PriceBar) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<AROONOSC>, _ input: PriceBar) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<ATR>, _ input: PriceBar) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<Amihud>, _ input: PriceBar) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<BOP>, _ input: PriceBar) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<CCI>, _ input: PriceBar) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<CMF>, _ input: PriceBar) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<CVI>, _ input: PriceBar) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<CandlestickPattern>, _ input: PriceBar) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<DONCHIAN>, _ input: PriceBar) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<DX>, _ input: PriceBar) -> Bool {
    exercise(&indicator, input)
}
@_noLocks
func prove(_ indicator: inout Indicator<DirectionalIndicator>, _ input: PriceBar) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<DirectionalMovement>, _ input: PriceBar) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<EFI>, _ input: PriceBar) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<ERI>, _ input: PriceBar) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<FRACTAL>, _ input: PriceBar) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<HA>, _ input: PriceBar) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<ChartPattern>, _ input: PriceBar) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<Hikkake>, _ input: PriceBar) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<IMI>, _ input: PriceBar) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<Ichimoku>, _ input: PriceBar) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<KC>, _ input: PriceBar) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<KDJ>, _ input: PriceBar) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<Klinger>, _ input: PriceBar) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<MARKETFI>, _ input: PriceBar) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<MASSI>, _ input: PriceBar) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<MFI>, _ input: PriceBar) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<MIDPRICE>, _ input: PriceBar) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<NATR>, _ input: PriceBar) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<OBV>, _ input: PriceBar) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<PVO>, _ input: PriceBar) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<PVT>, _ input: PriceBar) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<ParabolicStop>, _ input: PriceBar) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<QSTICK>, _ input: PriceBar) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<RVOL>, _ input: PriceBar) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<RealisedVolatility>, _ input: PriceBar) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<RollingVWAP>, _ input: PriceBar) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<SMI>, _ input: PriceBar) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<STOCH>, _ input: PriceBar) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<STOCHF>, _ input: PriceBar) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<SUPERTREND>, _ input: PriceBar) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<TRANGE>, _ input: PriceBar) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<ULTOSC>, _ input: PriceBar) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<VORTEX>, _ input: PriceBar) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<VWAP>, _ input: PriceBar) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<VWMA>, _ input: PriceBar) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<VolumeIndex>, _ input: PriceBar) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<WAD>, _ input: PriceBar) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<WILLR>, _ input: PriceBar) -> Bool {
    exercise(&indicator, input)
}

// MARK: - Of a pair

@_noLocks func prove(_ indicator: inout Indicator<MarketBreadth>, _ input: SymbolClose) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<BETA>, _ input: SamplePair) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<CORREL>, _ input: SamplePair) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<MAVP>, _ input: SamplePair) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<ReturnCorrelation>, _ input: SamplePair) -> Bool {
    exercise(&indicator, input)
}

// MARK: - Of a bar with its time

@_noLocks func prove(_ indicator: inout Indicator<AnchoredVWAP>, _ input: TimedBar) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<PivotPoints>, _ input: TimedBar) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<SessionVWAP>, _ input: TimedBar) -> Bool {
    exercise(&indicator, input)
}

// MARK: - Of best quotes

@_noLocks func prove(_ indicator: inout Indicator<MicroPrice>, _ input: BestQuotes) -> Bool {
    exercise(&indicator, input)
}
@_noLocks
func prove(_ indicator: inout Indicator<OrderFlowImbalance>, _ input: BestQuotes) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<QueueImbalance>, _ input: BestQuotes) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<WeightedMid>, _ input: BestQuotes) -> Bool {
    exercise(&indicator, input)
}

// MARK: - Of a trade

@_noLocks func prove(_ indicator: inout Indicator<CumulativeDelta>, _ input: TradePrint) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<KyleLambda>, _ input: TradePrint) -> Bool {
    exercise(&indicator, input)
}
@_noLocks
func prove(_ indicator: inout Indicator<TradeFlowImbalance>, _ input: TradePrint) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<VPIN>, _ input: TradePrint) -> Bool {
    exercise(&indicator, input)
}

// MARK: - Of a trade with the mid

@_noLocks func prove(_ indicator: inout Indicator<EffectiveSpread>, _ input: QuotedTrade) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<RealisedSpread>, _ input: QuotedTrade) -> Bool {
    exercise(&indicator, input)
}

// MARK: - Of a book

@_noLocks func prove(_ indicator: inout Indicator<BookSlope>, _ input: BookLevels) -> Bool {
    exercise(&indicator, input)
}
@_noLocks func prove(_ indicator: inout Indicator<DepthAtDistance>, _ input: BookLevels) -> Bool {
    exercise(&indicator, input)
}

// MARK: - Plain arithmetic

@_noLocks func prove(_ one: inout Indicator<ACOS>, _ x: Double) -> Bool { exercise(&one, x) }
@_noLocks func prove(_ one: inout Indicator<ASIN>, _ x: Double) -> Bool { exercise(&one, x) }
@_noLocks func prove(_ one: inout Indicator<ATAN>, _ x: Double) -> Bool { exercise(&one, x) }
@_noLocks func prove(_ one: inout Indicator<CEIL>, _ x: Double) -> Bool { exercise(&one, x) }
@_noLocks func prove(_ one: inout Indicator<COS>, _ x: Double) -> Bool { exercise(&one, x) }
@_noLocks func prove(_ one: inout Indicator<COSH>, _ x: Double) -> Bool { exercise(&one, x) }
@_noLocks func prove(_ one: inout Indicator<EXP>, _ x: Double) -> Bool { exercise(&one, x) }
@_noLocks func prove(_ one: inout Indicator<FLOOR>, _ x: Double) -> Bool { exercise(&one, x) }
@_noLocks func prove(_ one: inout Indicator<LN>, _ x: Double) -> Bool { exercise(&one, x) }
@_noLocks func prove(_ one: inout Indicator<LOG10>, _ x: Double) -> Bool { exercise(&one, x) }
@_noLocks func prove(_ one: inout Indicator<SIN>, _ x: Double) -> Bool { exercise(&one, x) }
@_noLocks func prove(_ one: inout Indicator<SINH>, _ x: Double) -> Bool { exercise(&one, x) }
@_noLocks func prove(_ one: inout Indicator<SQRT>, _ x: Double) -> Bool { exercise(&one, x) }
@_noLocks func prove(_ one: inout Indicator<TAN>, _ x: Double) -> Bool { exercise(&one, x) }
@_noLocks func prove(_ one: inout Indicator<TANH>, _ x: Double) -> Bool { exercise(&one, x) }
@_noLocks func prove(_ one: inout Indicator<ADD>, _ x: SamplePair) -> Bool { exercise(&one, x) }
@_noLocks func prove(_ one: inout Indicator<SUB>, _ x: SamplePair) -> Bool { exercise(&one, x) }
@_noLocks func prove(_ one: inout Indicator<MULT>, _ x: SamplePair) -> Bool { exercise(&one, x) }
@_noLocks func prove(_ one: inout Indicator<DIV>, _ x: SamplePair) -> Bool { exercise(&one, x) }
@_noLocks func prove(_ one: inout Indicator<AVGPRICE>, _ x: PriceBar) -> Bool { exercise(&one, x) }
@_noLocks func prove(_ one: inout Indicator<MEDPRICE>, _ x: PriceBar) -> Bool { exercise(&one, x) }
@_noLocks func prove(_ one: inout Indicator<TYPPRICE>, _ x: PriceBar) -> Bool { exercise(&one, x) }
@_noLocks func prove(_ one: inout Indicator<WCLPRICE>, _ x: PriceBar) -> Bool { exercise(&one, x) }
@_noLocks func prove(_ one: inout Indicator<CUMSUM>, _ x: Double) -> Bool { exercise(&one, x) }
@_noLocks func prove(_ one: inout Indicator<MAX>, _ x: Double) -> Bool { exercise(&one, x) }
@_noLocks func prove(_ one: inout Indicator<MIN>, _ x: Double) -> Bool { exercise(&one, x) }
@_noLocks func prove(_ one: inout Indicator<MINMAX>, _ x: Double) -> Bool { exercise(&one, x) }
@_noLocks func prove(_ one: inout Indicator<MAXINDEX>, _ x: Double) -> Bool { exercise(&one, x) }
@_noLocks func prove(_ one: inout Indicator<MININDEX>, _ x: Double) -> Bool { exercise(&one, x) }
@_noLocks func prove(_ one: inout Indicator<MINMAXINDEX>, _ x: Double) -> Bool { exercise(&one, x) }
