import Journal
import MarketModel

/// Orders that the venue was asked for, as the journals of all lives tell.
struct QueriedOrders {
    private var numbers: [Set<Int64>] = [[], []]

    func contains(_ market: Int, _ order: Int64) -> Bool { numbers[market].contains(order) }

    /// Reads a journal that is still being written.
    mutating func read(_ directory: String) throws(JournalFailure) {
        var reader = try JournalReader(directory: directory)
        while let record = try reader.next() {
            guard record.type == .executionReport,
                let report = record.payload(as: ExecutionReport.self),
                report.executionType == .status, report.instrument.slot < numbers.count
            else { continue }
            numbers[report.instrument.slot].insert(report.venueOrderID.raw)
        }
    }
}
