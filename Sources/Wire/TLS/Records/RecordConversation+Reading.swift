import COpenSSL

extension RecordConversation {
    private enum Found {
        /// A whole record: its header, and the length of what follows.
        case record(UnsafePointer<UInt8>, Int)
        case incomplete
        case violation(RecordViolation)
    }

    /// Opens records until one of application data is behind `plaintext`.
    @_noLocks mutating func read(
        into plaintext: inout ByteBuffer, replies outgoing: inout ByteBuffer
    ) -> TLSProgress {
        let progress = readRecord(into: &plaintext, replies: &outgoing)
        if owesKeyUpdate, !isWritingOver, window.pointee.read_pointer == window.pointee.read_end,
            outgoing.room >= Self.keyUpdateRecord
        {
            updateKeys(to: &outgoing)
        }
        return progress
    }

    private mutating func readRecord(
        into plaintext: inout ByteBuffer, replies outgoing: inout ByteBuffer
    ) -> TLSProgress {
        switch readingEnd {
        case .none: break
        case .closed: return .closed
        case .failed: return .failed
        }
        while true {
            switch findRecord() {
            case .incomplete: return .wantsInput
            case .violation(let violation): return fail(violation, &outgoing)
            case .record(let record, let length):
                let innerCount = length &- Self.tag
                guard innerCount <= plaintext.room else { return .noRoom }
                takeRecord(length)
                let inner = plaintext.writable.assumingMemoryBound(to: UInt8.self)
                guard reading.records < .max else { return fail(.internalError, &outgoing) }
                guard reading.open(record, length, into: inner) else {
                    return fail(.badRecord, &outgoing)
                }
                var last = innerCount &- 1
                while last >= 0, inner[last] == 0 { last &-= 1 }
                guard last >= 0 else { return fail(.nothingButPadding, &outgoing) }
                if inner[last] == ContentType.applicationData, !handshake.isInsideMessage {
                    guard last > 0 else { continue }
                    plaintext.commit(last)
                    return .done
                }
                let progress = takeControl(inner, last, of: record, length, replies: &outgoing)
                guard case .done = progress else { return progress }
            }
        }
    }

    /// The next record, in the window if it is whole there and otherwise in `fragment`.
    private mutating func findRecord() -> Found {
        if fragmentCount == 0 {
            guard let start = window.pointee.read_pointer else { return .incomplete }
            let available = window.pointee.read_end - start
            if available >= Self.header {
                let length = Int(start[3]) << 8 | Int(start[4])
                if let violation = check(start, length) { return .violation(violation) }
                if available >= Self.header &+ length { return .record(start, length) }
            }
        }
        guard collect(upTo: Self.header) else { return .incomplete }
        let length = Int(fragment[3]) << 8 | Int(fragment[4])
        if let violation = check(fragment, length) { return .violation(violation) }
        guard collect(upTo: Self.header &+ length) else { return .incomplete }
        return .record(UnsafePointer(fragment), length)
    }

    private func check(_ header: UnsafePointer<UInt8>, _ length: Int) -> RecordViolation? {
        guard header[0] == ContentType.applicationData else { return .unknownType }
        guard length <= Self.longestInner &+ Self.tag else { return .recordTooLong }
        // Shorter than a tag and a type: it cannot be authentic.
        return length > Self.tag ? nil : .badRecord
    }

    /// Moves received bytes behind the fragment until it has `wanted`.
    private mutating func collect(upTo wanted: Int) -> Bool {
        guard fragmentCount < wanted else { return true }
        guard let start = window.pointee.read_pointer else { return false }
        let moved = min(wanted &- fragmentCount, window.pointee.read_end - start)
        UnsafeMutableRawPointer(fragment + fragmentCount).copyMemory(from: start, byteCount: moved)
        fragmentCount &+= moved
        window.pointee.read_pointer = start + moved
        return fragmentCount == wanted
    }

    private mutating func takeRecord(_ length: Int) {
        if fragmentCount > 0 {
            fragmentCount = 0
        } else if let start = window.pointee.read_pointer {
            window.pointee.read_pointer = start + Self.header + length
        }
    }

    /// Anything but application data: `content` with `count` bytes and its type behind them.
    private mutating func takeControl(
        _ content: UnsafeMutablePointer<UInt8>, _ count: Int,
        of record: UnsafePointer<UInt8>, _ length: Int, replies outgoing: inout ByteBuffer
    ) -> TLSProgress {
        let type = content[count]
        if handshake.isInsideMessage, type != ContentType.handshake {
            return fail(.interleaved, &outgoing)
        }
        guard type == ContentType.handshake || type == ContentType.alert else {
            return fail(.unknownType, &outgoing)
        }
        guard count > 0 else { return fail(.emptyFragment, &outgoing) }
        if type == ContentType.alert { return takeAlert(content, count, &outgoing) }
        switch handshake.take(content, count) {
        case .passed: showTickets(record, length)
        case .violation(let violation): return fail(violation, &outgoing)
        case .keyUpdate(let isAnswerWanted):
            session = nil
            if isAnswerWanted { owesKeyUpdate = true }
            guard reading.renew() else { return fail(.internalError, &outgoing) }
        }
        return .done
    }

    /// OpenSSL learns what it needs to resume from tickets that come before anything else.
    private mutating func showTickets(_ record: UnsafePointer<UInt8>, _ length: Int) {
        guard let session else { return }
        guard recordsShown &+ 1 == reading.records,
            copenssl_show(session, window, record, Self.header &+ length) == 1
        else {
            self.session = nil
            return
        }
        recordsShown &+= 1
    }

    private mutating func takeAlert(
        _ content: UnsafeMutablePointer<UInt8>, _ count: Int, _ outgoing: inout ByteBuffer
    ) -> TLSProgress {
        guard count == 2 else { return fail(.malformedAlert, &outgoing) }
        switch content[1] {
        case Self.closeNotify:
            readingEnd = .closed
            return .closed
        case Self.userCanceled: return .done
        case let alert:
            // Every other one is fatal, whatever level it states (RFC 8446 section 6.2).
            window.pointee.error_code = RecordViolation.errorCode(ofPeerAlert: alert)
            readingEnd = .failed
            isWritingOver = true
            return .failed
        }
    }

    private static var closeNotify: UInt8 { 0 }
    private static var userCanceled: UInt8 { 90 }

    private mutating func fail(
        _ violation: RecordViolation, _ outgoing: inout ByteBuffer
    ) -> TLSProgress {
        window.pointee.error_code = violation.errorCode
        readingEnd = .failed
        sendAlert(level: 2, description: violation.alert, to: &outgoing)
        isWritingOver = true
        return .failed
    }
}
