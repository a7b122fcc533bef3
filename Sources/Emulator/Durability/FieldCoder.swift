import MarketModel

/// A record's bytes end early or hold a value that does not exist.
struct BadField: Error {}

/// Writes fields or reads them back: one list of fields serves both, so they cannot differ.
protocol FieldCoder {
    mutating func code(_ value: inout Int64) throws(BadField)
    mutating func code(_ value: inout String) throws(BadField)
    /// A symbol by its index.
    mutating func code(market: inout Int) throws(BadField)
    mutating func code(_ account: inout AccountIndex) throws(BadField)
    mutating func code(_ asset: inout AssetIndex) throws(BadField)
}

extension FieldCoder {
    mutating func code(_ value: inout Bool) throws(BadField) {
        var number: Int64 = value ? 1 : 0
        try code(&number)
        value = number != 0
    }

    mutating func code<Value: RawRepresentable>(
        _ value: inout Value
    ) throws(BadField) where Value.RawValue: FixedWidthInteger {
        var number = Int64(truncatingIfNeeded: value.rawValue)
        try code(&number)
        guard let raw = Value.RawValue(exactly: number), let read = Value(rawValue: raw) else {
            throw BadField()
        }
        value = read
    }

    mutating func code<Value: RawRepresentable>(
        _ value: inout Value
    ) throws(BadField) where Value.RawValue == String {
        var text = value.rawValue
        try code(&text)
        guard let read = Value(rawValue: text) else { throw BadField() }
        value = read
    }

    mutating func code(_ value: inout Price) throws(BadField) { try code(&value.raw) }
    mutating func code(_ value: inout Quantity) throws(BadField) { try code(&value.raw) }
    mutating func code(_ value: inout Timestamp) throws(BadField) {
        try code(&value.nanoseconds)
    }

    /// A value that may be missing; `blank` is what reading fills in.
    mutating func code<Value>(
        _ value: inout Value?, blank: Value,
        _ each: (inout Value, inout Self) throws(BadField) -> Void
    ) throws(BadField) {
        var exists = value != nil
        try code(&exists)
        guard exists else {
            value = nil
            return
        }
        var inner = value ?? blank
        try each(&inner, &self)
        value = inner
    }

    mutating func code<Element>(
        _ values: inout [Element], blank: Element,
        _ each: (inout Element, inout Self) throws(BadField) -> Void
    ) throws(BadField) {
        var count = Int64(values.count)
        try code(&count)
        guard count >= 0 else { throw BadField() }
        var coded: [Element] = []
        for index in 0..<Int(count) {
            var value = index < values.count ? values[index] : blank
            try each(&value, &self)
            coded.append(value)
        }
        values = coded
    }
}

/// Appends fields: integers in zigzag base 128, which keeps small ones small; text as its length
/// and its bytes.
struct FieldWriter: FieldCoder {
    private(set) var bytes: [UInt8] = []

    mutating func code(_ value: inout Int64) {
        var rest = UInt64(bitPattern: (value << 1) ^ (value >> 63))
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    mutating func code(_ value: inout String) {
        code(number: Int64(value.utf8.count))
        bytes.append(contentsOf: value.utf8)
    }

    mutating func code(market: inout Int) { code(number: Int64(market)) }
    mutating func code(_ account: inout AccountIndex) { code(number: Int64(account.raw)) }
    mutating func code(_ asset: inout AssetIndex) { code(number: Int64(asset.raw)) }

    private mutating func code(number: Int64) {
        var number = number
        code(&number)
    }
}

/// Takes fields off the front; bytes from a file never trap.
struct FieldReader: FieldCoder {
    private var rest: ArraySlice<UInt8>
    private let translation: ExchangeNames.Translation

    init(_ bytes: ArraySlice<UInt8>, _ translation: ExchangeNames.Translation = .init()) {
        rest = bytes
        self.translation = translation
    }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func code(_ value: inout Int64) throws(BadField) {
        var bits: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            guard shift < 64, let byte = rest.popFirst() else { throw BadField() }
            bits |= UInt64(byte & 0x7F) << shift
            shift += 7
            if byte < 0x80 { break }
        }
        value = Int64(bitPattern: bits >> 1) ^ -Int64(bitPattern: bits & 1)
    }

    mutating func code(_ value: inout String) throws(BadField) {
        let length = try number()
        guard length >= 0, length <= rest.count,
            let text = String(validating: rest.prefix(Int(length)), as: UTF8.self)
        else { throw BadField() }
        value = text
        rest = rest.dropFirst(Int(length))
    }

    mutating func code(market: inout Int) throws(BadField) {
        market = try entry(of: translation.markets)
    }

    mutating func code(_ account: inout AccountIndex) throws(BadField) {
        account = try entry(of: translation.accounts)
    }

    mutating func code(_ asset: inout AssetIndex) throws(BadField) {
        asset = try entry(of: translation.assets)
    }

    private mutating func entry<Entry>(of table: [Entry]) throws(BadField) -> Entry {
        let index = try number()
        guard let index = Int(exactly: index), table.indices.contains(index) else {
            throw BadField()
        }
        return table[index]
    }

    private mutating func number() throws(BadField) -> Int64 {
        var number: Int64 = 0
        try code(&number)
        return number
    }
}
