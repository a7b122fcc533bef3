import MarketModel

/// Decimals of one exponent to units of 10^-scale, exactly or not at all: what the text
/// "118500.12" becomes, mantissa 11850012 and exponent -2 become too.
struct MantissaScale: BitwiseCopyable {
    /// 10^|exponent + scale|; 0 when that is no Int64, then only 0 fits.
    private let factor: Int64
    private let divides: Bool

    /// `scale` must be within 0...18.
    @_noLocks @inline(__always)
    init(exponent: Int8, scale: UInt8) {
        let shift = Int(exponent) &+ Int(scale)
        divides = shift < 0
        let size = divides ? 0 &- shift : shift
        factor = size > DecimalScale.largest ? 0 : DecimalScale.power(size)
    }

    /// The number, of either sign; the null value is refused.
    @_noLocks @inline(__always)
    func value(_ mantissa: Int64) throws(DecodeFailure) -> Int64 {
        if mantissa == .min { throw .invalidNumber }
        if factor == 0 {
            if mantissa == 0 { return 0 }
            throw divides ? .tooPrecise : .overflow
        }
        if divides {
            let (whole, rest) = mantissa.quotientAndRemainder(dividingBy: factor)
            if rest != 0 { throw .tooPrecise }
            return whole
        }
        let (value, isTooLarge) = mantissa.multipliedReportingOverflow(by: factor)
        if isTooLarge { throw .overflow }
        return value
    }

    /// The number, 0 or more.
    @_noLocks @inline(__always)
    func magnitude(_ mantissa: Int64) throws(DecodeFailure) -> Int64 {
        if mantissa < 0 { throw .invalidNumber }
        return try value(mantissa)
    }
}

extension DecimalScale {
    /// ``maximum`` for the hot path.
    @inline(__always)
    fileprivate static var largest: Int { @_noLocks get { 18 } }
}

extension BinaryBlock {
    /// A time in microseconds since 1970.
    @_noLocks @inline(__always)
    func time(_ offset: Int) throws(DecodeFailure) -> Timestamp {
        let microseconds = try int64(offset)
        guard microseconds >= 0, microseconds <= 9_223_372_036_854_774 else { throw .overflow }
        return Timestamp(nanoseconds: microseconds &* 1_000)
    }

    /// A time that may be null, or missing in an older version: `unknown`.
    @_noLocks @inline(__always)
    func optionalTime(_ offset: Int) throws(DecodeFailure) -> Timestamp {
        if !holds(offset, 8) { return .unknown }
        return try int64(offset) == .min ? .unknown : try time(offset)
    }
}
