/// What the head of a recorded message says besides the connection it came on.
public enum JournalFrameMark {
    /// The message is in the venue's binary encoding, not a text.
    @inlinable public static var binary: UInt64 { @_noLocks get { 1 << 8 } }
}

extension JournalRecordView {
    private var frameHead: UInt64? {
        guard type == .frame, head.count == MemoryLayout<UInt64>.size else { return nil }
        return head.loadUnaligned(as: UInt64.self)
    }

    /// The connection a frame came on; `nil` for other records.
    var frameLink: UInt64? { frameHead.map { $0 & (JournalFrameMark.binary - 1) } }

    /// Whether a frame is in the venue's binary encoding.
    var isBinaryFrame: Bool { (frameHead ?? 0) & JournalFrameMark.binary != 0 }

    /// A frame in text that tells of the market rather than of our account; `nil` for everything
    /// else.
    ///
    /// Streams are link 0; of REST (link 2) only snapshots are of the market.
    var marketMessage: String? {
        if isBinaryFrame { return nil }
        switch frameLink {
        case 0: return text
        case 2:
            let message = text
            return message.hasPrefix("{\"lastUpdateId\"") ? message : nil
        default: return nil
        }
    }

    /// A binary frame that tells of the market; `nil` for everything else.
    var binaryMarketMessage: UnsafeRawBufferPointer? { frameLink == 0 && isBinaryFrame ? tail : nil }
}
