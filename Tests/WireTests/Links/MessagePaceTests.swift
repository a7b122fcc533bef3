import Testing

@testable import Wire

/// What a WebSocket may send in a second where the peer counts.
struct MessagePaceTests {
    private static let second: Int64 = 1_000_000_000

    @Test(arguments: 1...8)
    func `no second holds more than the limit`(limit: Int) {
        var pace = MessagePace(limit: limit)
        var times: [Int64] = []
        for step in 0..<4_000 {
            // Steps of 7 ms: no divisor of a second.
            let now = Int64(step) * 7_000_000
            if pace.take(at: now) { times.append(now) }
        }
        let most = times.map { start in
            times.count { $0 >= start && $0 < start + Self.second }
        }.max()
        #expect(most == limit)
        // Nor does it hold back what there is room for.
        #expect(times.count >= limit * 27)
    }

    @Test func `without a limit everything leaves`() {
        var pace = MessagePace(limit: 0)
        for _ in 0..<100 {
            let isTaken = pace.take(at: 5)
            #expect(isTaken)
        }
        #expect(pace.nextTime == .min)
    }

    private func pair() throws -> LinkPair {
        var limits = LinkLimits()
        limits.messagesPerSecond = 4
        limits.pingInterval = 0
        let pair = try LinkPair(limits: limits)
        pair.start()
        return pair
    }

    private func pass(_ pair: LinkPair) {
        pair.client.tick(now: pair.now)
        pair.settle()
    }

    @Test func `of too many pings the last is answered, when the pace allows it`() throws {
        let pair = try pair()
        let answered = { pair.serverEvents.count { $0 == .pong } }
        // The server's own ping waits for its answer; these come without it.
        for _ in 0..<4 {
            pair.server.ping(now: pair.now)
            pair.settle()
        }
        #expect(answered() == 4)
        pair.server.ping(now: pair.now)
        pair.settle()
        #expect(answered() == 4 && pair.clientDeadline == pair.now + Self.second)
        pair.now += Self.second - 1
        pass(pair)
        #expect(answered() == 4)
        pair.now += 1
        pass(pair)
        #expect(answered() == 5)
    }

    @Test func `messages that come too fast are not taken`() throws {
        let pair = try pair()
        func sends() -> Bool {
            let text: [UInt8] = [65]
            let isTaken = text.withUnsafeBytes { buffer in
                buffer.baseAddress.map { pair.client.sendText($0, buffer.count) } ?? false
            }
            pair.settle()
            return isTaken
        }
        for _ in 0..<4 { #expect(sends()) }
        #expect(!sends())
        pair.now += Self.second
        pass(pair)
        #expect(sends())
        #expect(pair.serverEvents.count { $0 == .text("A") } == 5)
    }
}
