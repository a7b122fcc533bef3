import MarketModel

@testable import Emulator

/// What the emulated exchange says when it is asked what its own targets ask: seeds for those who read
/// the venue.
enum EmulatedFrames {
    /// Bodies of REST answers.
    static let bodies = Recording().answers(inBinary: false)
    /// The same as binary messages.
    static let binaryBodies = Recording().answers(inBinary: true)
    /// Messages of the WebSocket API: answers and what the account is told.
    static let account = Recording().messages(of: 0)
    static let binaryAccount = Recording().messages(of: 1)
    /// Messages of the market's streams.
    static let market = Recording().messages(of: 2)

    private struct Recording {
        private let exchange = ReusedExchange()

        func answers(inBinary isBinary: Bool) -> [[UInt8]] {
            let dialect = exchange.next()
            let id = dialect.open(client: 0, now: exchange.now)
            return ExchangeSeeds.requests.compactMap { seed in
                let target = String(decoding: seed.dropFirst(), as: UTF8.self)
                let request = RESTRequest(
                    method: ["GET", "POST", "DELETE", "PUT"][Int(seed[0] & 3)],
                    target: "/api/v3/" + target, key: "alice",
                    accept: isBinary ? "application/sbe" : nil, schema: isBinary ? "3:5" : nil)
                let body = dialect.respond(to: request, on: id, now: exchange.now).body
                return body.count < 8_000 ? body : nil
            }
        }

        func messages(of kind: UInt8) -> [[UInt8]] {
            let dialect = exchange.next()
            let targets = [
                "/ws-api/v3", "/ws-api/v3?responseFormat=sbe&sbeSchemaId=3&sbeSchemaVersion=5",
                "/stream?streams=btcusdt@depth@100ms/btcusdt@bookTicker/btcusdt@trade/btcusdt@kline_1m",
            ]
            let id = dialect.open(client: 0, now: exchange.now)
            _ = dialect.upgrade(id, target: targets[Int(kind)], now: exchange.now)
            let trader = dialect.open(client: 1, now: exchange.now)
            _ = dialect.upgrade(trader, target: targets[0], now: exchange.now)
            for seed in ExchangeSeeds.messages where seed[0] < 2 {
                for line in seed.dropFirst().split(separator: UInt8(ascii: "\n")) {
                    Array(line).withUnsafeBytes {
                        dialect.receive($0, on: kind == 2 ? trader : id, now: exchange.now)
                    }
                    exchange.now = exchange.now + .milliseconds(150)
                    _ = dialect.advance(now: exchange.now, limit: 10)
                }
            }
            let bytes = dialect.outbox.text.array
            return dialect.outbox.frames.filter { $0.session == id }
                .map { Array(bytes[$0.start..<$0.start + $0.count]) }.filter { $0.count < 8_000 }
        }
    }
}
