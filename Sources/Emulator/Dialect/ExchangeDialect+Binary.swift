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
        let formats = options.entries.filter { $0.name == "responseFormat" }
        switch formats.map({ $0.value.lowercased() }) {
        case [], ["json"]: return
        case ["sbe"]: break
        default: throw .invalidData("responseFormat")
        }
        guard let schema = try options.integer("sbeSchemaId"),
            let version = try options.integer("sbeSchemaVersion"),
            let isOld = Self.isOldSchema(schema, version)
        else { throw .unknownSchema }
        session.encoding = .binary
        session.unit = .microseconds
        session.usesOldSchema = isOld
    }

    /// Whether a schema is older than the newest, which answers are written in; `nil`: not served.
    private static func isOldSchema(_ schema: Int64, _ version: Int64) -> Bool? {
        let newest = Int64(BinaryLayout.version)
        guard schema == Int64(BinaryLayout.schema), (0...newest).contains(version) else {
            return nil
        }
        return version < newest
    }

    /// How a REST request wants its answer: `Accept: application/sbe` and `X-MBX-SBE: 3:5`.
    ///
    /// Who takes JSON as well gets it when the schema's name is missing or wrong; who does not
    /// gets the error in binary (the venue's SBE page).
    enum AnswerForm: Equatable {
        case json
        case binary(isOld: Bool)
        /// Binary, refused for its schema.
        case unreadable(Rejection)

        init(accept: String?, schema: String?) {
            let types = (accept ?? "").lowercased().split(separator: ",").map {
                $0.prefix { $0 != ";" }.filter { $0 != " " }
            }
            guard types.contains("application/sbe") else {
                self = .json
                return
            }
            let numbers = (schema ?? "").split(separator: ":", omittingEmptySubsequences: false)
                .map { Int64($0) }
            let isMalformed = numbers.count != 2 || numbers.contains(nil)
            if !isMalformed, let isOld = isOldSchema(numbers[0] ?? -1, numbers[1] ?? -1) {
                self = .binary(isOld: isOld)
            } else if types.contains("application/json") {
                self = .json
            } else {
                self = .unreadable(isMalformed ? .badSchemaField : .unknownSchemaField)
            }
        }
    }

    /// Turns the answer written since `start` into the form that the client asked for.
    func encodeAnswer(from start: Int, for session: Session, to answer: BinaryAnswer?) {
        guard session.encoding == .binary, let frame = takeFrame(from: start) else { return }
        BinaryFrame.answer(
            frame, to: answer, isDeprecated: session.usesOldSchema, to: &outbox.text)
    }

    /// Turns a REST answer in JSON into the form that its request asked for.
    func encode(_ response: inout RESTResponse, _ answer: BinaryAnswer?, in form: AnswerForm) {
        guard form != .json, let body = response.body.withUnsafeBytes({ JSONValue.parse($0) })
        else { return }
        var text = TextBuffer()
        BinaryFrame.body(body, to: response.status == 200 ? answer : nil, to: &text)
        response.body = text.array
        response.fields.removeAll { $0.0 == "Content-Type" }
        response.fields.append(("Content-Type", "application/sbe"))
        if form == .binary(isOld: true) {
            response.fields.append(("X-MBX-SBE-DEPRECATED", "true"))
        }
    }

    /// Sends the event written since `start`, in its wrapper, as the client asked for it.
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

extension Rejection {
    /// A schema or version that this venue does not have.
    static let unknownSchema = Rejection(-1153, "Invalid SBE schema ID or version specified.")
    static let badSchemaField = Rejection(
        -1152, "Invalid `X-MBX-SBE` header; expected `<SCHEMA_ID>:<VERSION>`.")
    static let unknownSchemaField = Rejection(
        -1153, "Unsupported SBE schema ID or version specified in the `X-MBX-SBE` header.")
}
