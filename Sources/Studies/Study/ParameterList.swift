import Indicators

/// The parameters of one indicator as text.
struct ParameterList {
    private let entry: CatalogueEntry

    init(of entry: CatalogueEntry) { self.entry = entry }

    /// By parameter; `nil` for those that no list mentions.
    func parse(_ lists: [String]) throws(StudyFailure) -> [Double?] {
        var values: [Double?] = entry.parameters.map { _ in nil }
        for list in lists {
            for (place, text) in list.split(separator: ",").enumerated() {
                let sides = text.split(separator: "=", omittingEmptySubsequences: false)
                    .map { $0.drop { $0 == " " } }
                guard sides.count <= 2 else {
                    throw .parameterText(String(text), of: entry.name)
                }
                let index = sides.count == 2 ? try index(of: String(sides[0])) : place
                guard index < entry.parameters.count else {
                    throw .unknownParameter(
                        "number \(index + 1)", of: entry.name, known: entry.parameters.map(\.name))
                }
                values[index] = try value(entry.parameters[index], String(sides[sides.count - 1]))
            }
        }
        return values
    }

    private func index(of name: String) throws(StudyFailure) -> Int {
        let wanted = name.lowercased().filter { $0 != "_" && $0 != "-" && $0 != " " }
        guard let index = entry.parameters.firstIndex(where: { $0.name.lowercased() == wanted })
        else {
            throw .unknownParameter(name, of: entry.name, known: entry.parameters.map(\.name))
        }
        return index
    }

    private func value(
        _ parameter: IndicatorParameter, _ text: String
    ) throws(StudyFailure) -> Double {
        if let choice = parameter.choices.first(where: { $0.name == text.lowercased() }) {
            return choice.value
        }
        guard let number = Double(text) else {
            let known = parameter.choices.map(\.name)
            throw .parameterText(
                "\(parameter.name)=\(text)" + (known.isEmpty ? "" : ", none of \(known)"),
                of: entry.name)
        }
        return number
    }

    /// A value as `parse` takes it.
    func text(_ parameter: IndicatorParameter, _ value: Double) -> String {
        parameter.choices.first { $0.value == value }?.name ?? NumberText.shortest(value)
    }

    /// What may be given.
    func range(_ parameter: IndicatorParameter) -> String {
        parameter.choices.isEmpty
            ? NumberText.range(parameter.allowed)
            : parameter.choices.map(\.name).joined(separator: " ")
    }
}
