import MarketModel

/// Connections that speak the Simple Binary Encoding (sheet section 15).
extension ExchangeDialect {
    /// The binary market streams are for holders of an Ed25519 key.
    func openBinary(_ session: Session, key: String?) throws(Rejection) {
        guard let key, !key.isEmpty else { throw .badKeyFormat }
        guard case .ed25519? = exchange.keys[key]?.credential else { throw .badKey }
        session.encoding = .binary
        session.unit = .microseconds
    }

    /// `responseFormat=sbe&sbeSchemaId=3&sbeSchemaVersion=5`: answers and events are binary.
    ///
    /// An older version gets the newest, with a mark in its answers.
    func openBinaryAnswers(_ session: Session, _ options: Parameters) throws(Rejection) {
        switch options["responseFormat"]?.lowercased() {
        case nil, "json": return
        case "sbe": break
        default: throw .invalidData("responseFormat")
        }
        let newest = Int64(BinaryLayout.version)
        guard try options.integer("sbeSchemaId") == Int64(BinaryLayout.schema),
            let version = try options.integer("sbeSchemaVersion"), (0...newest).contains(version)
        else { throw .unknownSchema }
        session.encoding = .binary
        session.unit = .microseconds
        session.usesOldSchema = version < newest
    }

    /// Turns the answer written since `start` into the form that the client asked for.
    func encodeAnswer(from start: Int, for session: Session, to answer: BinaryAnswer?) {
        guard session.encoding == .binary, let frame = takeFrame(from: start) else { return }
        var failed: Rejection?
        if let answer, let result = frame["result"], answer.template(of: result) == nil {
            failed = .notBinary
        }
        BinaryFrame.answer(
            failed.map { frame.replaced(by: $0) } ?? frame, to: answer,
            isDeprecated: session.usesOldSchema, to: &outbox.text)
    }

    /// Sends the event written since `start`, in its wrapper, in the form that the client asked for.
    func sendEvent(from start: Int, to session: Session) {
        if session.encoding == .binary, let frame = takeFrame(from: start) {
            BinaryFrame.event(frame, to: &outbox.text)
        }
        outbox.send(from: start, to: session.id, isBinary: session.encoding == .binary)
    }

    private func takeFrame(from start: Int) -> JSONValue? {
        let frame = JSONValue.parse(UnsafeRawBufferPointer(rebasing: outbox.text.bytes[start...]))
        outbox.text.truncate(to: start)
        return frame
    }
}

extension JSONValue {
    /// The answer with an error in place of its result.
    fileprivate func replaced(by rejection: Rejection) -> JSONValue {
        guard case .object(let members) = self else { return self }
        let error = JSONValue.object([
            Member(name: "code", value: .number(String(rejection.code))),
            Member(name: "msg", value: .string(rejection.message)),
        ])
        let kept = members.filter { $0.name != "result" && $0.name != "status" }
        return .object(
            kept + [
                Member(name: "status", value: .number(String(rejection.status))),
                Member(name: "error", value: error),
            ])
    }
}

extension Rejection {
    /// A schema or version that this venue does not have.
    static let unknownSchema = Rejection(-1152, "Invalid SBE schema ID or version.")
    /// A limit of this exchange, not of the venue it emulates.
    static let notBinary = Rejection(
        -1000, "This exchange has no binary form of that answer; ask for it in JSON.")
}
