/// Numbers as people read them, without the C library's locale.
enum NumberText {
    /// Whole numbers without a fraction, others as short as they can be read back.
    static func shortest(_ number: Double) -> String {
        number == number.rounded() && number.magnitude < 1e15 ? "\(Int(number))" : "\(number)"
    }

    /// Both ends allowed; 3·10³⁷, the largest number that indicators take, is no end.
    static func range(_ range: ClosedRange<Double>) -> String {
        let hasStart = range.lowerBound > -3e37
        let hasEnd = range.upperBound < 3e37
        return switch (hasStart, hasEnd) {
        case (true, true): "\(shortest(range.lowerBound))...\(shortest(range.upperBound))"
        case (true, false): "\(shortest(range.lowerBound)) or more"
        case (false, true): "\(shortest(range.upperBound)) or less"
        case (false, false): "any number"
        }
    }

    /// With `places` decimals, 0...12, rounded half away from zero, thousands apart.
    static func decimal(_ number: Double, places: Int, separator: String = ",") -> String {
        var scale = 1.0
        for _ in 0..<places { scale *= 10 }
        let scaled = (number.magnitude * scale).rounded()
        guard scaled < 9e15 else { return "\(number)" }
        let units = Int(scaled)
        let whole = "\(units / Int(scale))"
        var grouped = ""
        for (place, digit) in whole.enumerated() {
            if place > 0 && (whole.count - place) % 3 == 0 { grouped += separator }
            grouped.append(digit)
        }
        let sign = number < 0 && units > 0 ? "-" : ""
        if places == 0 { return sign + grouped }
        let fraction = "\(units % Int(scale))"
        let zeros = String(repeating: "0", count: places - fraction.count)
        return sign + grouped + "." + zeros + fraction
    }
}
