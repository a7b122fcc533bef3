extension LinkCore {
    /// What reading on brought. Cold.
    enum ReadOutcome {
        case message
        case incomplete
        case ended
    }

    /// Drives TLS; true once the session is established.
    mutating func shakeHands() -> Bool {
        switch channel.handshake(replies: &outgoing) {
        case .done: return true
        case .wantsInput: break
        case .noRoom: end(.overflow)
        case .closed: end(.endOfStream)
        case .failed: end(.tls(channel.handshakeFailure))
        }
        return false
    }

    /// Reads until `http` has a whole message or the received bytes are used up.
    mutating func readMessage(
        _ http: inout HTTPReader, role: HTTPReader.Role
    ) throws(HTTPFailure) -> ReadOutcome {
        while true {
            if try http.advance(&incoming, role: role) { return .message }
            switch takeIn(&http) {
            case .done: continue
            case .wantsInput: return .incomplete
            case .closed:
                if try http.end() { return .message }
                end(.endOfStream)
            case .noRoom: end(.overflow)
            case .failed: end(.tls(channel.failure))
            }
            return .ended
        }
    }

    /// Takes the received bytes over without reading them: requests that wait for their turn.
    mutating func takeInAll(_ http: inout HTTPReader) {
        while true {
            switch takeIn(&http) {
            case .done: continue
            case .wantsInput: return
            case .noRoom: return end(.overflow)
            case .closed: return end(.endOfStream)
            case .failed: return end(.tls(channel.failure))
            }
        }
    }

    private mutating func takeIn(_ http: inout HTTPReader) -> TLSProgress {
        if incoming.room < TLSChannel.readingRoom { http.compact(&incoming) }
        return pull()
    }

    /// Field `name` of the message at the front of `incoming`.
    func field(_ name: String, in head: HTTPHead) -> String? {
        let text = HTTPText(bytes: incoming.readable)
        guard let found = head.fields.first(where: { text.equals($0.name, name) }) else {
            return nil
        }
        return text.string(found.value)
    }

    func string(_ place: HTTPHead.Place) -> String {
        HTTPText(bytes: incoming.readable).string(place)
    }

    func bytes(_ place: HTTPHead.Place) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: incoming.readable + place.start, count: place.count)
    }
}
