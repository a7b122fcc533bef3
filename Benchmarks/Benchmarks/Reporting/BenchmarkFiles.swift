import Foundation

extension BenchmarkReport {
    /// Writes the text, JSON, HTML and a .hgrm file for each row into a directory.
    package func write(to directory: String) throws {
        let folder = URL(fileURLWithPath: directory, isDirectory: true)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        var files = [
            ("\(benchmark).txt", Data(text.utf8)), ("\(benchmark).json", try json()),
            ("\(benchmark).html", Data(page.utf8)),
        ]
        for row in rows {
            let name = "\(benchmark)-\(Self.fileName(row.name))"
            files.append(
                ("\(name).hgrm", Data(PercentileFile(distribution: row.values).text.utf8)))
            if row.floor != nil {
                let floor = PercentileFile(distribution: row.floorValues).text
                files.append(("\(name)-floor.hgrm", Data(floor.utf8)))
            }
        }
        for (name, content) in files {
            try content.write(to: folder.appendingPathComponent(name), options: .atomic)
        }
    }

    package func json() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        return try encoder.encode(self) + Data("\n".utf8)
    }

    /// Reads what ``json()`` wrote.
    package init(json: Data) throws {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        self = try decoder.decode(BenchmarkReport.self, from: json)
    }

    /// Letters and digits, everything else one dash.
    static func fileName(_ text: String) -> String {
        text.lowercased().split { !$0.isASCII || !($0.isLetter || $0.isNumber) }
            .joined(separator: "-")
    }
}
