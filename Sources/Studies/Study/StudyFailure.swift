import Indicators

/// Why a study cannot be made.
public enum StudyFailure: Error, Equatable, Sendable, CustomStringConvertible {
    case unknownIndicator(String, suggestions: [String])
    case unknownParameter(String, of: String, known: [String])
    case parameterText(String, of: String)
    case parameter(IndicatorFailure, of: String)
    case lacksColumn(String, of: String, origin: String)
    /// Needs all levels of a book, which no table of candles has.
    case needsBook(String)

    public var description: String {
        switch self {
        case .unknownIndicator(let name, let suggestions):
            "no indicator is called \(name)"
                + (suggestions.isEmpty
                    ? "; apus indicators list shows all"
                    : "; did you mean \(suggestions.joined(separator: ", "))?")
        case .unknownParameter(let name, let indicator, let known):
            "\(indicator) has no parameter \(name); "
                + (known.isEmpty ? "it has none" : "it has \(known.joined(separator: ", "))")
        case .parameterText(let text, let indicator):
            "\(indicator): '\(text)' is no parameter; wanted name=number or a number"
        case .parameter(let failure, let indicator): "\(indicator): \(Self.words(failure))"
        case .lacksColumn(let column, let indicator, let origin):
            "\(origin) has no column \(column), which \(indicator) needs"
        case .needsBook(let indicator):
            "\(indicator) needs all levels of a book, which a table of candles does not have"
        }
    }

    private static func words(_ failure: IndicatorFailure) -> String {
        switch failure {
        case .parameter(let name, let value, let allowed):
            "\(name) is \(NumberText.shortest(value)); "
                + "wanted within \(NumberText.range(allowed))"
        case .contradiction(let text), .state(let text): text
        case .unknownIndicator(let name): "no indicator is called \(name)"
        case .unknownParameter(let name): "no parameter \(name)"
        }
    }
}
