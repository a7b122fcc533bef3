import MarketModel

/// A journal as a table: what `apus journal export` prints.
public struct JournalExport: ~Copyable {
    /// Which records become rows.
    public enum Table: String, CaseIterable, Sendable {
        /// Our executions.
        case fills
        /// Our requests to the venue.
        case orders
        /// The market's trades.
        case trades
        /// The venue's messages as they came, a capture: `nanoseconds message` a line. Messages on
        /// our own orders and account stay out.
        case frames
    }

    /// The texts that say the same as a message in the venue's binary encoding.
    public typealias Wording = (UnsafeRawBufferPointer) -> [String]

    private var reader: JournalReader
    private var text = RecordText()
    private let wording: Wording
    /// Rows of a binary message that are still to be handed out, the first one last.
    private var pending: [String] = []
    public let table: Table

    /// - Parameter wording: puts binary messages into words for a capture; without it they stay out.
    public init(
        directory: String, lane: UInt8? = nil, table: Table,
        wording: @escaping Wording = { _ in [] }
    ) throws(JournalFailure) {
        reader = try JournalReader(directory: directory, lane: lane)
        self.table = table
        self.wording = wording
    }

    /// The names of the columns; `nil` for a capture, which has none.
    public var header: String? {
        switch table {
        case .fills:
            "sequence,time,venue_time,instrument,order,venue_order,trade,side,price,quantity,"
                + "cumulative,commission,commission_asset,maker"
        case .orders:
            "sequence,time,request,kind,order,replaces,instrument,strategy,side,type,"
                + "time_in_force,price,quantity,quote_quantity,reduce_only,"
                + "stop_price,trailing_delta,iceberg_quantity,list,leg"
        case .trades: "sequence,time,venue_time,instrument,id,price,quantity,aggressor"
        case .frames: nil
        }
    }

    /// The next row without its end, or `nil` at the end.
    public mutating func next() throws(JournalFailure) -> String? {
        if let row = pending.popLast() { return row }
        while let record = try reader.next() {
            text.learn(record)
            if table == .frames {
                if let row = captureRow(record) { return row }
                continue
            }
            if let row = row(record) { return row.joined(separator: ",") }
        }
        return nil
    }

    private mutating func captureRow(_ record: JournalRecordView) -> String? {
        let time = record.time.nanoseconds
        if let message = record.binaryMarketMessage {
            pending = wording(message).reversed().map { "\(time) \($0)" }
            return pending.popLast()
        }
        return record.marketMessage.map { "\(time) \($0)" }
    }

    private func row(_ record: JournalRecordView) -> [String]? {
        switch (table, record.type) {
        case (.fills, .executionReport): record.payload(as: ExecutionReport.self).flatMap {
            $0.executionType == .trade ? fill($0, record) : nil
        }
        case (.orders, .decision): record.payload(as: OrderRequest.self).map {
            order($0, record)
        }
        case (.trades, .trade): record.payload(as: Trade.self).map { trade($0, record) }
        default: nil
        }
    }

    private func fill(_ it: ExecutionReport, _ record: JournalRecordView) -> [String] {
        [
            "\(record.sequence)", "\(record.time.nanoseconds)",
            "\(record.venueTime.nanoseconds)", text.name(it.instrument), it.clientOrderID.text,
            "\(it.venueOrderID.raw)", "\(it.tradeID.raw)", "\(it.side)",
            text.price(it.lastPrice, it.instrument), text.quantity(it.lastQuantity, it.instrument),
            text.quantity(it.cumulativeQuantity, it.instrument),
            formatDecimal(it.commission, scale: 8), text.name(it.commissionAsset),
            it.isMaker ? "1" : "0",
        ]
    }

    private func order(_ it: OrderRequest, _ record: JournalRecordView) -> [String] {
        [
            "\(record.sequence)", "\(record.time.nanoseconds)", "\(it.requestID)", "\(it.kind)",
            it.clientOrderID.text, it.replacedOrderID == .none ? "" : it.replacedOrderID.text,
            text.name(it.instrument), text.name(it.strategy), "\(it.side)", "\(it.type)",
            "\(it.timeInForce)", text.price(it.price, it.instrument),
            text.quantity(it.quantity, it.instrument), text.price(it.terms.quoteQuantity, it.instrument),
            it.isReduceOnly ? "1" : "0", text.price(it.terms.stopPrice, it.instrument),
            "\(it.terms.trailingDelta)", text.quantity(it.terms.icebergQuantity, it.instrument),
            it.contingency == .none ? "" : "\(it.contingency)", "\(it.leg)",
        ]
    }

    private func trade(_ it: Trade, _ record: JournalRecordView) -> [String] {
        [
            "\(record.sequence)", "\(record.time.nanoseconds)",
            "\(record.venueTime.nanoseconds)", text.name(it.instrument), "\(it.id.raw)",
            text.price(it.price, it.instrument), text.quantity(it.quantity, it.instrument),
            "\(it.aggressor)",
        ]
    }
}
