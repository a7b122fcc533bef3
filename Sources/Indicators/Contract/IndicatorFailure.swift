/// Why an indicator could not be made.
public enum IndicatorFailure: Error, Equatable, Sendable {
    /// A parameter outside its range, both ends allowed.
    case parameter(String, value: Double, allowed: ClosedRange<Double>)
    /// Two parameters that contradict each other.
    case contradiction(String)
    /// No indicator of that name in the catalogue.
    case unknownIndicator(String)
    /// The indicator has no parameter of that name.
    case unknownParameter(String)
    /// A saved state that does not fit the formula it claims to be of.
    case state(String)
}

extension Int {
    /// The longest window TA-Lib accepts.
    static let longestPeriod = 100_000

    /// Itself, or the failure that names the parameter.
    func checked(
        _ name: String, in allowed: ClosedRange<Int> = 1...longestPeriod
    ) throws(IndicatorFailure) -> Int {
        if allowed.contains(self) { return self }
        throw .parameter(
            name, value: Double(self),
            allowed: Double(allowed.lowerBound)...Double(allowed.upperBound))
    }
}

extension Double {
    /// Itself, or the failure that names the parameter.
    func checked(
        _ name: String, in allowed: ClosedRange<Double>
    ) throws(IndicatorFailure) -> Double {
        if allowed.contains(self) { return self }
        throw .parameter(name, value: self, allowed: allowed)
    }
}
