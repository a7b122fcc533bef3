@testable import Control
import Foundation
import Glibc
import Telemetry
import Testing

@Suite("Control connections", .blockingCalls)
struct ConnectionTests {
    @Test func `many clients at a time each get their own answers`() async throws {
        let running = try await RunningServer()
        let path = running.path
        try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<32 {
                group.addTask {
                    var client = try ControlClient(path: path, timeoutMilliseconds: 30_000)
                    for _ in 0..<20 {
                        let reason = "client \(number)"
                        let outcome = try client.call(
                            "halt", ["reason": .string(reason)], as: CancelOutcome.self)
                        guard outcome.cancelsSent == 2 else { return 0 }
                    }
                    return 20
                }
            }
            var total = 0
            for try await count in group { total += count }
            #expect(total == 640)
        }
        let recorded = running.target.recorded
        for number in 0..<32 {
            #expect(recorded.filter { $0 == "halt client \(number)" }.count == 20)
        }
        await running.stop()
    }

    @Test func `clients beyond the limit are turned away with a reason`() async throws {
        var limits = ControlLimits()
        limits.clients = 2
        let running = try await RunningServer(limits: limits)
        var first = try running.client()
        var second = try running.client()
        _ = try first.call("resume")
        _ = try second.call("resume")
        var third = try running.client()
        do throws(ClientFailure) {
            _ = try third.call("resume")
            Issue.record("accepted")
        } catch {
            #expect(error == .remote(RemoteError(code: -32004, message: "at most 2 clients")))
        }
        await running.stop()
    }

    @Test func `a client that does not read is dropped and costs nobody else`() async throws {
        var limits = ControlLimits()
        limits.outputBytes = 64 << 10
        let running = try await RunningServer(limits: limits)
        let slow = try running.client(timeoutMilliseconds: 30_000)
        // Answers pile up unread: 4000 snapshots are far beyond every buffer between.
        let line = Array((#"{"jsonrpc":"2.0","id":1,"method":"status"}"# + "\n").utf8)
        var isDropped = false
        for _ in 0..<4000 where !isDropped { isDropped = !slow.trySend(line) }
        var other = try running.client()
        #expect(try other.call("resume", as: StateOutcome.self).state == .trading)
        while !isDropped { isDropped = !slow.trySend(line) }
        await running.stop()
    }

    @Test func `stopping answers what is in work and closes every client`() async throws {
        let gate = Gate()
        let running = try await RunningServer(target: RecordingTarget(gate: gate))
        let path = running.path
        var idle = try running.client()
        let answer = Task {
            var client = try ControlClient(path: path, timeoutMilliseconds: 30_000)
            return try client.call("halt", as: CancelOutcome.self)
        }
        await gate.awaitArrival()
        let stop = Task { await running.server.stop() }
        await gate.open()
        #expect(try await answer.value.state == .halted)
        await stop.value
        #expect(throws: ClientFailure.disconnected) { try idle.call("resume") }
        #expect(!FileManager.default.fileExists(atPath: path))
        #expect(throws: ClientFailure.notRunning(path: path)) { _ = try ControlClient(path: path) }
        await running.stop()
    }

    @Test func `a command is obeyed although its client is gone`() async throws {
        let running = try await RunningServer()
        do {
            var client = try running.client()
            let lines = (1...3).map {
                #"{"jsonrpc":"2.0","id":\#($0),"method":"halt","params":{"reason":"\#($0)"}}"# + "\n"
            }
            try client.send(Array(lines.joined().utf8))
        }
        var observer = try running.client()
        while running.target.recorded.count < 3 { _ = try observer.call("status") }
        #expect(running.target.recorded == ["halt 1", "halt 2", "halt 3"])
        await running.stop()
    }

    @Test func `a client gives up after its timeout`() async throws {
        let gate = Gate()
        let running = try await RunningServer(target: RecordingTarget(gate: gate))
        var client = try running.client(timeoutMilliseconds: 50)
        #expect(throws: ClientFailure.timedOut(milliseconds: 50)) { try client.call("halt") }
        await gate.open()
        await running.stop()
    }

    @Test func `lines that are sent ahead wait outside`() throws {
        var ends: [Int32] = [0, 0]
        try #require(socketpair(AF_UNIX, nonBlockingStream, 0, &ends) == 0)
        defer { ends.forEach { close($0) } }
        let peer = try #require(PeerCredentials(of: ends[0]))
        var client = ClientConnection(descriptor: ends[0], peer: peer, limits: ControlLimits())
        let line = Array("[]\n".utf8)
        let flood = (0..<20_000).flatMap { _ in line }
        #expect(send(ends[1], flood, flood.count, 0) > 0)
        var taken = 0
        var reads = 0
        while client.interest & Int16(POLLIN) != 0, reads < 100 {
            client.receive()
            reads += 1
            // As the server does: one line, then whatever the socket has.
            guard case .line = client.lines.next() else { break }
            taken += 1
        }
        #expect(reads == 1)
        #expect(taken == 1)
        while case .line = client.lines.next() { taken += 1 }
        #expect(taken > 1_000)
        #expect(client.interest & Int16(POLLIN) != 0)
    }
}
