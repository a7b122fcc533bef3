import Foundation
import MarketModel
import Testing
import Wire

@testable import Emulator

/// The exchange as clients meet it: a real socket, TLS 1.3, a verified certificate.
@Suite("Exchange server", .serialized)
struct ExchangeServerTests {
    static func configuration(_ transport: ExchangeConfiguration.TransportChoice)
        -> ExchangeConfiguration
    {
        var configuration = ExchangeConfiguration()
        configuration.transport = transport
        configuration.symbols = Array(SymbolConfiguration.defaults.prefix(2))
        var agents = AgentConfiguration()
        agents.eventsPerSecond = 2_000
        agents.levels = 100
        configuration.market = .agents(agents)
        return configuration
    }

    private func hmac(_ payload: String) throws -> String {
        let verifier = SignatureVerifier()
        return verifier.hexadecimalHMAC("apus-demo-secret", Array(payload.utf8))
    }

    @Test func `a client's trust outlives a restart, and who cannot listen leaves it alone`() throws {
        let folder = NSTemporaryDirectory() + "apus-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var configuration = Self.configuration(.direct)
        configuration.authorityPath = folder + "/ca.pem"
        let first = try ExchangeServer(configuration: configuration)
        try first.start()
        let trusted = try #require(FileManager.default.contents(atPath: folder + "/ca.pem"))
        configuration.port = first.port
        let second = try ExchangeServer(configuration: configuration)
        #expect(throws: ExchangeFailure.self) { try second.start() }
        #expect(FileManager.default.contents(atPath: folder + "/ca.pem") == trusted)
        first.stop()

        let third = try ExchangeServer(configuration: configuration)
        try third.start()
        defer { third.stop() }
        #expect(FileManager.default.contents(atPath: folder + "/ca.pem") == trusted)
        let rest = try LoopbackClient(.http, port: third.port, authority: folder + "/ca.pem")
        #expect(try rest.request("GET", "/api/v3/ping").status == 200)

        // Another name needs another certificate.
        third.stop()
        configuration.hostNames = ["localhost", "exchange.test"]
        let fourth = try ExchangeServer(configuration: configuration)
        try fourth.start()
        defer { fourth.stop() }
        #expect(FileManager.default.contents(atPath: folder + "/ca.pem") != trusted)
    }

    @Test(arguments: [ExchangeConfiguration.TransportChoice.ring, .direct])
    func `a client reads the market, trades and sees its fill over TLS`(
        _ transport: ExchangeConfiguration.TransportChoice
    ) throws {
        let server = try ExchangeServer(configuration: Self.configuration(transport))
        try server.start()
        defer { server.stop() }
        let rest = try LoopbackClient(.http, port: server.port, authority: server.authorityPath)
        let info = try rest.request("GET", "/api/v3/exchangeInfo?symbol=BTCUSDT")
        #expect(info.status == 200 && info.body.contains(#""symbol":"BTCUSDT""#))
        let ping = try rest.request(
            "GET", "/api/v3/ping",
            fields: [("Accept", "application/sbe"), ("X-MBX-SBE", "3:5")])
        #expect(Array(ping.body.utf8) == [0, 0, 101, 0, 3, 0, 5, 0], "a message without fields")

        let streams = try LoopbackClient(
            .webSocket(path: "/stream", fields: []), port: server.port,
            authority: server.authorityPath)
        streams.send(#"{"method":"SUBSCRIBE","params":["btcusdt@depth@100ms","btcusdt@trade"],"id":1}"#)
        let arrived = streams.run(until: { client in
            client.frames.contains { $0.contains("depthUpdate") }
                && client.frames.contains { $0.contains(#""e":"trade""#) }
        })
        #expect(arrived)
        #expect(streams.frames.first == #"{"result":null,"id":1}"#)

        let api = try LoopbackClient(
            .webSocket(path: "/ws-api/v3", fields: []), port: server.port,
            authority: server.authorityPath)
        func signed(_ parameters: [(String, String)]) throws -> String {
            let all = parameters + [
                ("apiKey", "apus-demo-key"), ("timestamp", String(api.milliseconds)),
            ]
            let payload = all.sorted { $0.0 < $1.0 }.map { "\($0.0)=\($0.1)" }
            let members = all.map { #""\#($0.0)":\#($0.0 == "timestamp" ? $0.1 : "\"\($0.1)\"")"# }
            let signature = try hmac(payload.joined(separator: "&"))
            return "{" + members.joined(separator: ",") + #","signature":"\#(signature)"}"#
        }
        let subscription = try signed([])
        api.send(#"{"id":"s","method":"userDataStream.subscribe.signature","params":\#(subscription)}"#)
        let order = try signed([
            ("symbol", "BTCUSDT"), ("side", "BUY"), ("type", "MARKET"), ("quantity", "0.01000"),
            ("newClientOrderId", "first"),
        ])
        api.send(#"{"id":"o","method":"order.place","params":\#(order)}"#)
        let filled = api.run(until: { client in
            client.frames.contains { $0.contains(#""x":"TRADE","X":"FILLED""#) }
                && client.frames.contains { $0.contains("outboundAccountPosition") }
        })
        #expect(filled, "\(api.frames)")
        #expect(api.frames.contains { $0.hasPrefix(#"{"id":"o","status":200"#) })
        #expect(server.statistics.protocolFailures == 0)
    }

    @Test func `stopping says goodbye to every WebSocket`() throws {
        let server = try ExchangeServer(configuration: Self.configuration(.ring))
        try server.start()
        let streams = try LoopbackClient(
            .webSocket(path: "/ws/btcusdt@bookTicker", fields: []), port: server.port,
            authority: server.authorityPath)
        #expect(streams.run(until: { !$0.frames.isEmpty }))
        let stopper = Thread { server.stop() }
        stopper.start()
        #expect(!streams.run(until: { _ in false }))
        #expect(streams.closeReason == .peer(code: 1001))
        #expect(streams.frames.last?.contains("serverShutdown") == true)
        server.stop()
        #expect(server.isStopped)
        #expect(!FileManager.default.fileExists(atPath: server.authorityPath))
    }

    @Test func `the disconnect fault cuts a stream after so many messages`() throws {
        var configuration = Self.configuration(.ring)
        configuration.faults.disconnectAfterMessages = 50
        let server = try ExchangeServer(configuration: configuration)
        try server.start()
        defer { server.stop() }
        let streams = try LoopbackClient(
            .webSocket(path: "/ws/btcusdt@bookTicker", fields: []), port: server.port,
            authority: server.authorityPath)
        #expect(!streams.run(until: { _ in false }))
        #expect(streams.closeReason != nil)
        #expect(streams.frames.count <= 50)
    }

    @Test func `an unknown path is refused and bad configurations do not start`() throws {
        let server = try ExchangeServer(configuration: Self.configuration(.direct))
        try server.start()
        defer { server.stop() }
        let rest = try LoopbackClient(.http, port: server.port, authority: server.authorityPath)
        #expect(try rest.request("GET", "/api/v3/nothing").status == 404)

        var configuration = Self.configuration(.ring)
        configuration.fees.maker = -1
        #expect(throws: ExchangeFailure.self) { try ExchangeServer(configuration: configuration) }
        configuration = Self.configuration(.ring)
        configuration.market = .replay(ReplayConfiguration(files: ["/nowhere"]))
        let broken = try ExchangeServer(configuration: configuration)
        #expect(throws: ExchangeFailure.capture(.cannotOpen(path: "/nowhere"))) {
            try broken.start()
        }
    }

    /// The main job's market: every recorded frame arrives, unthrottled, bytes unchanged.
    @Test(.enabled(if: SharedFiles.hasCaptures))
    func `an unthrottled replay delivers every recorded frame over TLS`() throws {
        var configuration = Self.configuration(.ring)
        var replay = ReplayConfiguration(files: [SharedFiles.path(SharedFiles.captures[0])])
        replay.pace = .unthrottled
        configuration.market = .replay(replay)
        let server = try ExchangeServer(configuration: configuration)
        try server.start()
        defer { server.stop() }
        let streams = try LoopbackClient(
            .webSocket(
                path: "/stream?streams=btcusdt@depth@100ms/btcusdt@bookTicker/btcusdt@trade",
                fields: []), port: server.port, authority: server.authorityPath)
        let rest = try LoopbackClient(.http, port: server.port, authority: server.authorityPath)
        let snapshot = try rest.request("GET", "/api/v3/depth?symbol=BTCUSDT&limit=5000")
        #expect(snapshot.body.hasPrefix(#"{"lastUpdateId":50093239218,"#))
        #expect(!streams.run(atMost: 60, until: { _ in false }))
        #expect(streams.closeReason == .peer(code: 1000))
        let reader = try CaptureReader(paths: replay.files)
        var expected: [String] = []
        while let line = reader.next() {
            let text = String(decoding: line.message, as: UTF8.self)
            if text.hasPrefix(#"{"stream""#) { expected.append(text) }
        }
        #expect(streams.frames.count == expected.count + 1)
        #expect(streams.frames.dropLast().elementsEqual(expected))
    }
}
