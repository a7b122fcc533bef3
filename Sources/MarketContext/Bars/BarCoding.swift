import MarketModel

// Bars save their state by synthesis. What would make a division or a loop go wrong is checked
// here: a saved state may be damaged like everything from outside.

extension Timeframe: Codable {
    /// A length in nanoseconds; 0 for weeks, -1 for months.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .every(let length): try container.encode(length.count)
        case .week: try container.encode(Int64(0))
        case .month: try container.encode(Int64(-1))
        }
    }

    public init(from decoder: any Decoder) throws {
        switch try decoder.singleValueContainer().decode(Int64.self) {
        case 0: self = .week
        case -1: self = .month
        case let length where length > 0: self = .every(Nanoseconds(length))
        default: throw ContextFailure.notPositive("length of bars")
        }
    }
}

/// The height of a brick, positive.
@frozen
@usableFromInline
struct BrickHeight: BitwiseCopyable, Sendable, Codable {
    let height: Price

    init(_ height: Price) throws(ContextFailure) {
        if height <= .zero { throw .notPositive("brick height") }
        self.height = height
    }

    @usableFromInline
    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(height)
    }

    @usableFromInline
    init(from decoder: any Decoder) throws {
        try self.init(try decoder.singleValueContainer().decode(Price.self))
    }
}
