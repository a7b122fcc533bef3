import Foundation
import MarketModel

@testable import Emulator

/// The dialect without sockets in virtual time; signatures are the word `good`.
final class DialectHarness {
    let dialect: ExchangeDialect
    var now: Timestamp
    /// Frames received, by session.
    private(set) var inbox: [SessionID: [String]] = [:]
    private(set) var binaryInbox: [SessionID: [[UInt8]]] = [:]
    private(set) var closed: [SessionID: UInt16] = [:]

    static let start = Timestamp(milliseconds: 1_723_161_253_000)

    static var configuration: ExchangeConfiguration {
        var configuration = Venue.configuration
        configuration.symbols[0].maxOpenOrders = 200
        var agents = AgentConfiguration()
        agents.levels = 100
        agents.eventsPerSecond = 0
        configuration.market = .agents(agents)
        configuration.accounts.append(ed25519Account)
        return configuration
    }

    static var ed25519Account: AccountConfiguration {
        var account = AccountConfiguration()
        account.apiKey = "carol"
        account.account = "carol"
        account.credential = .ed25519(publicKey: Array(repeating: 1, count: 32))
        return account
    }

    init(
        _ configuration: ExchangeConfiguration = DialectHarness.configuration,
        records: [StateRecord] = [], now: Timestamp = DialectHarness.start,
        signatureCheck: @escaping SignatureCheck = { _, _, signature in signature == "good" }
    ) throws {
        self.now = now
        dialect = try ExchangeDialect(
            configuration: configuration, now: now, records: records,
            signatureCheck: signatureCheck)
    }

    /// Takes what the dialect wants to send, as the driver does.
    func collect() {
        let bytes = dialect.outbox.text.array
        for frame in dialect.outbox.frames {
            let part = bytes[frame.start..<(frame.start + frame.count)]
            if frame.isBinary {
                binaryInbox[frame.session, default: []].append(Array(part))
                continue
            }
            let text = String(decoding: part, as: UTF8.self)
            inbox[frame.session, default: []].append(text)
        }
        for closing in dialect.outbox.closings { closed[closing.session] = closing.code }
        dialect.outbox.clear()
    }

    /// Takes a session's frames out of its inbox.
    func take(_ session: SessionID) -> [String] {
        collect()
        return inbox.removeValue(forKey: session) ?? []
    }

    /// Takes a session's binary messages out of its inbox.
    func takeBinary(_ session: SessionID) -> [[UInt8]] {
        collect()
        return binaryInbox.removeValue(forKey: session) ?? []
    }

    func connect(_ target: String, isBinary: Bool = false, key: String? = nil) -> SessionID {
        let session = dialect.open(client: 0, now: now)
        _ = dialect.upgrade(session, target: target, isBinary: isBinary, key: key, now: now)
        return session
    }

    func send(_ text: String, on session: SessionID) {
        var copy = text
        copy.withUTF8 {
            dialect.receive(UnsafeRawBufferPointer($0), on: session, now: now)
        }
    }

    @discardableResult
    func advance(milliseconds: Int64, step: Int64 = 10) -> Int {
        var count = 0
        let end = now + .milliseconds(milliseconds)
        while now < end {
            now = now + .milliseconds(step)
            count += dialect.advance(now: now, limit: .max)
        }
        collect()
        return count
    }

    func rest(_ method: String, _ target: String, key: String? = nil) -> RESTResponse {
        let session = dialect.open(client: 0, now: now)
        defer { dialect.close(session) }
        return dialect.respond(
            to: RESTRequest(method: method, target: "/api/v3/" + target, key: key), on: session,
            now: now)
    }

    func signed(_ method: String, _ path: String, _ query: String, key: String = "alice")
        -> RESTResponse
    {
        let parts = [query, "timestamp=\(now.milliseconds)", "signature=good"]
        return rest(
            method, path + "?" + parts.filter { !$0.isEmpty }.joined(separator: "&"), key: key)
    }

    func api(_ method: String, _ parameters: String, on session: SessionID, key: String = "alice") {
        let common = #""apiKey":"\#(key)","timestamp":\#(now.milliseconds),"signature":"good""#
        let all = parameters.isEmpty ? common : parameters + "," + common
        send(#"{"id":1,"method":"\#(method)","params":{\#(all)}}"#, on: session)
    }
}

/// Recorded and documented frames beside the checkout; tests that need them skip without.
enum SharedFiles {
    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("shared")

    static func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: root.appendingPathComponent(path).path)
    }

    static func path(_ path: String) -> String { root.appendingPathComponent(path).path }

    static var hasFrames: Bool { exists("venues/frames/binance-spot") }

    static let captures = [
        "data/ws/binance_spot_btcusdt_20240808.jsonl.gz",
        "data/ws/binance_spot_btcusdt_20240809.jsonl.gz",
    ]
    static var hasCaptures: Bool { captures.allSatisfy(exists) }

    /// The lines of a frame file.
    static func frames(_ name: String) throws -> [JSONValue] {
        let text = try String(
            contentsOfFile: path("venues/frames/binance-spot/\(name).jsonl"), encoding: .utf8)
        return text.split(separator: "\n").compactMap { JSONValue.parse(String($0)) }
    }
}

extension JSONValue {
    /// Names of the members, those of nested objects with their path, in order.
    func keys(without left: Set<String> = [], path: String = "") -> [String] {
        switch self {
        case .object(let members):
            members.filter { !left.contains($0.name) }.flatMap { member in
                [path + member.name]
                    + member.value.keys(without: left, path: path + member.name + ".")
            }
        case .array(let elements):
            elements.first?.keys(without: left, path: path) ?? []
        default: []
        }
    }

    var integer: Int64? {
        if case .number(let text) = self { Int64(text) } else { nil }
    }

    var elements: [JSONValue] {
        if case .array(let elements) = self { elements } else { [] }
    }
}
