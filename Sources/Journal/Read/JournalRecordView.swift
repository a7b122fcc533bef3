import MarketModel

/// One record where it lies; its pointers are valid until the reader's next call.
public struct JournalRecordView {
    /// As written; newer engines may know types that this one does not.
    public let rawType: UInt16
    public let lane: UInt8
    public let sequence: UInt64
    public let time: Timestamp
    /// `unknown` where the venue gave none.
    public let venueTime: Timestamp
    /// The fixed-size part, aligned to 8 bytes.
    public let head: UnsafeRawBufferPointer
    /// What follows it, aligned to 8 bytes.
    public let tail: UnsafeRawBufferPointer
    /// Where it lies: the segment's number, its byte in the file, its length.
    public let segment: UInt32
    public let offset: Int
    public let byteCount: Int

    /// `nil` for a type that this engine does not know.
    public var type: JournalRecordType? { JournalRecordType(rawValue: rawType) }

    /// The name of the type, `type-<n>` for an unknown one.
    public var typeName: String { type?.name ?? "type-\(rawType)" }

    /// The fixed-size part as a record; `nil` when its size or an enumeration in it is not valid.
    @inlinable
    public func payload<Payload: JournalPayload>(as type: Payload.Type) -> Payload? {
        if head.count == MemoryLayout<Payload>.size { return Self.payload(of: head) }
        return formerPayload()
    }

    /// As version 1 laid it out.
    @usableFromInline
    func formerPayload<Payload: JournalPayload>() -> Payload? {
        guard let former = Payload.formerLayout, head.count == former.byteCount else { return nil }
        return withUnsafeTemporaryAllocation(
            byteCount: MemoryLayout<Payload>.size, alignment: MemoryLayout<Payload>.alignment
        ) { present in
            former.translate(head, to: present)
            return Self.payload(of: UnsafeRawBufferPointer(present))
        }
    }

    @inlinable
    static func payload<Payload: JournalPayload>(
        of bytes: UnsafeRawBufferPointer
    ) -> Payload? {
        for choice in Payload.journalChoices where bytes[choice.offset] >= choice.count {
            return nil
        }
        return bytes.loadUnaligned(as: Payload.self)
    }

    /// Which number a `name` record names; `nil` for other records.
    public var name: JournalName? {
        guard type == .name, head.count == MemoryLayout<JournalName>.size else { return nil }
        return head.loadUnaligned(as: JournalName.self)
    }

    /// The levels of a depth record, bids first; `nil` when they are not as its head says.
    public var levels: UnsafeBufferPointer<BookLevel>? {
        guard let header = payload(as: DepthHeader.self) else { return nil }
        guard tail.count == header.levelCount * MemoryLayout<BookLevel>.stride else { return nil }
        return tail.bindMemory(to: BookLevel.self)
    }

    /// The text of a record that is text; bytes that are not UTF-8 are replaced.
    public var text: String { String(decoding: tail.isEmpty ? head : tail, as: UTF8.self) }
}
