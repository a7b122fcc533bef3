import Foundation

/// Where a history's files are, `SYMBOL_tf.csv` each.
public enum HistoryFolder {
    /// A file of a history.
    public struct Entry: Sendable {
        public let series: HistorySeries
        public let path: String
    }

    /// Where downloads go unless they are told otherwise (MD-26).
    public static let standard = "data/historical"

    /// A file by itself, or those of a directory by symbol and length; other files of a directory
    /// are passed over.
    public static func entries(at path: String) throws(HistoryFailure) -> [Entry] {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
            throw .missing(path: path, reason: "No such file or directory")
        }
        if !isDirectory.boolValue {
            let name = URL(fileURLWithPath: path).lastPathComponent
            guard let series = HistorySeries(fileName: name) else {
                throw .content(
                    path: path, line: 1,
                    reason: "the name tells no symbol and timeframe; accepted: such as "
                        + "BTCUSDT_1h.csv")
            }
            return [Entry(series: series, path: path)]
        }
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: path)
        } catch {
            throw .missing(path: path, reason: FileTrouble.words(for: error))
        }
        return names.compactMap { name in
            HistorySeries(fileName: name).map { Entry(series: $0, path: path + "/" + name) }
        }.sorted {
            ($0.series.symbol, $0.series.timeframe.meanLength)
                < ($1.series.symbol, $1.series.timeframe.meanLength)
        }
    }
}
