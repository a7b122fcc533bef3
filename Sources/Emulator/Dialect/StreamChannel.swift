/// Everyone who subscribed to one stream, by the form in which they want its frames.
final class StreamChannel {
    let name: StreamName
    /// Index of the symbol's market, -1 for a symbol this exchange does not have.
    let market: Int
    let isBinary: Bool
    /// Of that market, for binary messages.
    private let symbol: BinarySymbol?
    private var raw: [SessionID] = []
    private var combined: [SessionID] = []
    private var rawMicroseconds: [SessionID] = []
    private var combinedMicroseconds: [SessionID] = []
    private var binary: [SessionID] = []
    /// What a combined frame begins with.
    private let prefix: [UInt8]

    init(name: StreamName, market: Int, symbol: SymbolConfiguration?) {
        self.name = name
        prefix = Array("{\"stream\":\"\(name.text)\",\"data\":".utf8)
        self.market = market
        isBinary = name.encoding == .binary
        self.symbol = isBinary ? symbol.map { BinarySymbol($0) } : nil
    }

    var isEmpty: Bool {
        binary.isEmpty && raw.isEmpty && combined.isEmpty && rawMicroseconds.isEmpty
            && combinedMicroseconds.isEmpty
    }

    func add(_ session: Session) {
        if isBinary { return binary.append(session.id) }
        switch (session.isCombined, session.unit) {
        case (false, .milliseconds): raw.append(session.id)
        case (true, .milliseconds): combined.append(session.id)
        case (false, .microseconds): rawMicroseconds.append(session.id)
        case (true, .microseconds): combinedMicroseconds.append(session.id)
        }
    }

    func remove(_ session: SessionID) {
        binary.removeAll { $0 == session }
        raw.removeAll { $0 == session }
        combined.removeAll { $0 == session }
        rawMicroseconds.removeAll { $0 == session }
        combinedMicroseconds.removeAll { $0 == session }
    }

    /// Writes a frame once per wanted time unit and addresses it to every subscriber.
    ///
    /// The raw form is the inside of the combined one, so both are sent from the same bytes.
    func publish(
        to outbox: inout Outbox, _ payload: (TimeUnit, inout TextBuffer) -> Void
    ) {
        if !raw.isEmpty || !combined.isEmpty {
            publish(in: .milliseconds, raw, combined, to: &outbox, payload)
        }
        if !rawMicroseconds.isEmpty || !combinedMicroseconds.isEmpty {
            publish(in: .microseconds, rawMicroseconds, combinedMicroseconds, to: &outbox, payload)
        }
    }

    /// Writes a binary message and addresses it to every subscriber; nothing is wrapped round it.
    @inline(__always)
    func publishBinary(
        to outbox: inout Outbox, _ payload: (BinarySymbol, inout TextBuffer) -> Void
    ) {
        guard let symbol else { return }
        let start = outbox.text.count
        payload(symbol, &outbox.text)
        let end = outbox.text.count
        for session in binary { outbox.send(start..<end, to: session, isBinary: true) }
    }

    private func publish(
        in unit: TimeUnit, _ raw: [SessionID], _ combined: [SessionID], to outbox: inout Outbox,
        _ payload: (TimeUnit, inout TextBuffer) -> Void
    ) {
        let start = outbox.text.count
        outbox.text.raw(prefix)
        let inside = outbox.text.count
        payload(unit, &outbox.text)
        let end = outbox.text.count
        outbox.text.raw("}")
        for session in combined { outbox.send(start..<(end + 1), to: session) }
        for session in raw { outbox.send(inside..<end, to: session) }
    }
}
