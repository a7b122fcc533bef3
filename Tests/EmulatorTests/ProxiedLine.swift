import Foundation
import Testing

@testable import Emulator

/// A socket of the test that never blocks.
final class ProxiedEnd {
    enum Fate: Equatable, Sendable {
        case open, ended, reset
    }

    private let descriptor: Int32
    private(set) var heard: [UInt8] = []
    private(set) var fate = Fate.open

    init(descriptor: Int32) { self.descriptor = descriptor }

    convenience init(connectingTo port: UInt16) throws {
        let descriptor = LoopbackSocket.connect(to: port)
        try #require(descriptor >= 0)
        self.init(descriptor: descriptor)
    }

    deinit { close(descriptor) }

    func say(_ bytes: [UInt8]) {
        let count = send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
        #expect(count == bytes.count)
    }

    func end() { shutdown(descriptor, Int32(SHUT_WR)) }

    func listen() {
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while fate == .open {
            let count = recv(descriptor, &chunk, chunk.count, 0)
            if count > 0 {
                heard += chunk[..<count]
            } else if count == 0 {
                fate = .ended
            } else if errno == EAGAIN || errno == EINTR {
                return
            } else {
                fate = .reset
            }
        }
    }
}

/// A client and a server with the proxy between them.
final class ProxiedLine {
    let proxy: ChaosProxy
    let client: ProxiedEnd
    /// The newest one.
    private(set) var server: ProxiedEnd
    private var listener: Int32
    private let seed: UInt64

    init(_ plan: ChaosPlan = ProxiedLine.standard) throws {
        seed = plan.seed
        let port: UInt16
        (listener, port) = try LoopbackSocket.listen(on: 0)
        let proxy = try ChaosProxy(port: 0, exchangePort: port, plan: plan)
        let client = try ProxiedEnd(connectingTo: proxy.port)
        (self.proxy, self.client) = (proxy, client)
        var accepted: Int32?
        let deadline = ContinuousClock.now + .seconds(10)
        while accepted == nil, ContinuousClock.now < deadline {
            proxy.turn(atMost: 1)
            accepted = LoopbackSocket.accept(listener)
        }
        server = ProxiedEnd(descriptor: try #require(accepted))
        try turn { proxy.liveConnections == 1 }
    }

    deinit { stopListening() }

    static var standard: ChaosPlan {
        var plan = ChaosPlan()
        plan.seed = .random(in: 1...(.max))
        plan.longest = 300_000_000
        return plan
    }

    /// Turns everything until the condition holds, ten seconds at most.
    func turn(
        _ place: SourceLocation = #_sourceLocation, _ isSo: () -> Bool
    ) throws {
        let deadline = ContinuousClock.now + .seconds(10)
        while !isSo() {
            let isInTime = ContinuousClock.now < deadline
            try #require(isInTime, "seed \(seed): \(proxy.report.text)", sourceLocation: place)
            proxy.turn(atMost: 1)
            client.listen()
            server.listen()
        }
    }

    /// Takes the connection that waits at the server; `false`: none does.
    func acceptNext() -> Bool {
        guard let next = LoopbackSocket.accept(listener) else { return false }
        server = ProxiedEnd(descriptor: next)
        return true
    }

    func stopListening() {
        if listener >= 0 { close(listener) }
        listener = -1
    }
}
