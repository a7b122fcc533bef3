/// Why a part of the market context could not be made.
public enum ContextFailure: Error, Equatable, Sendable {
    /// The named size, length or count must be above zero.
    case notPositive(String)
    /// A bin is not a whole number of the instrument's ticks (both raw prices).
    case notWholeTicks(binSize: Int64, tickSize: Int64)
    /// A number outside its range, both ends allowed.
    case outside(String, value: Int64, allowed: ClosedRange<Int64>)
    /// Two settings that exclude each other.
    case contradiction(String)
    /// A time zone file that is not what the system's database holds, and where it stops to be.
    /// A saved state that no context with these settings can have had; the text says which part.
    case unsound(String)
    case timeZone(String)
}
