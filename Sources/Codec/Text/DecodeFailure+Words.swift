extension DecodeFailure {
    /// What is wrong, for people: goes on after a message's place or name.
    public var words: String {
        switch self {
        case .truncated: "it ends too early"
        case .invalidJSON: "it is not JSON"
        case .invalidText: "a string in it is not UTF-8 or has a wrong escape"
        case .tooDeep: "it is nested too deeply"
        case .trailingBytes: "something follows behind its end"
        case .missingKey: "a key is missing"
        case .duplicateKey: "a key occurs twice"
        case .wrongType: "a value is of another type than documented"
        case .invalidNumber: "a number in it cannot be read"
        case .tooPrecise: "a number has more digits after the point than its instrument"
        case .overflow: "a number is too large"
        case .unknownSymbol: "it names an unknown symbol"
        case .unknownWord: "it has an unknown word for a side, type, state or time in force"
        case .tooManyLevels: "it has more price levels than are kept here"
        case .wrongSchema: "it is in another binary schema than was asked for"
        }
    }
}
