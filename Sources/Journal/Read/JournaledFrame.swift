extension JournalRecordView {
    /// The connection a frame came on; `nil` for other records.
    var frameLink: UInt64? {
        guard type == .frame, head.count == MemoryLayout<UInt64>.size else { return nil }
        return head.loadUnaligned(as: UInt64.self)
    }

    /// A frame that tells of the market rather than of our account; `nil` for everything else.
    ///
    /// Streams are link 0; of REST (link 2) only snapshots are of the market.
    var marketMessage: String? {
        switch frameLink {
        case 0: return text
        case 2:
            let message = text
            return message.hasPrefix("{\"lastUpdateId\"") ? message : nil
        default: return nil
        }
    }
}
