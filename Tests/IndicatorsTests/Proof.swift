import Indicators

struct Proof: ~Copyable {
    var sma: Indicator<SMA>
    var ema: Indicator<EMA>
}

@_noLocks
func prove(_ proof: UnsafeMutablePointer<Proof>, _ sample: Double) -> Double {
    proof.pointee.sma.update(sample)
    proof.pointee.sma.reset()
    return (proof.pointee.sma.peek(sample) ?? 0) + (proof.pointee.ema.update(sample) ?? 0) + (proof.pointee.ema.value ?? 0)
}
