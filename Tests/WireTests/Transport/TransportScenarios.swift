import CLinuxURing
import Glibc
import Testing

@testable import Wire

/// Numbers for scenarios: xorshift.
struct ScenarioRandom {
    var state: UInt64

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }

    mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8(truncatingIfNeeded: next() >> 32) }
    }
}

/// Bytes of every size come back as they were sent.
struct EchoScenario: TransportScenario {
    let seed: UInt64
    let connections: Int
    let largest: Int
    let rounds: Int

    func run<T: Transport & ~Copyable>(_ net: inout LoopbackNet<T>) throws {
        var random = ScenarioRandom(state: seed | 1)
        net.echoes = true
        var clients: [Int] = []
        for _ in 0..<connections { clients.append(try net.connect()) }
        try net.pump { net in
            net.accepted.count == connections
                && clients.allSatisfy { net.logs[$0]?.isConnected == true }
        }
        var expected = [[UInt8]](repeating: [], count: connections)
        for _ in 0..<rounds {
            for (position, client) in clients.enumerated() {
                let bytes = random.bytes(1 + Int(random.next() % UInt64(largest)))
                expected[position] += bytes
                net.queue(bytes, on: client)
            }
            if random.next() % 2 == 0 { net.cycle() }
        }
        try net.pump { net in
            clients.indices.allSatisfy {
                net.logs[clients[$0]]?.received.count == expected[$0].count
            }
        }
        for (position, client) in clients.enumerated() {
            #expect(net.logs[client]?.received == expected[position], "seed \(seed)")
        }
        for client in clients { net.close(client) }
        let servers = net.accepted
        try net.pump { net in servers.allSatisfy { net.logs[$0]?.endOfStreams == 1 } }
        for server in servers { net.close(server) }
        for _ in 0..<10 { net.cycle() }
        for (slot, log) in net.logs { #expect(log.eventsAfterClose == 0, "slot \(slot)") }
    }
}

/// One direction ends, the other goes on.
struct HalfCloseScenario: TransportScenario {
    func run<T: Transport & ~Copyable>(_ net: inout LoopbackNet<T>) throws {
        let pair = try net.makePair()
        net.queue([1, 2, 3], on: pair.client)
        try net.pump { $0.logs[pair.client]?.sentCount == 3 }
        net.transport.shutdownWrite(pair.client)
        try net.pump { $0.logs[pair.server]?.endOfStreams == 1 }
        #expect(net.logs[pair.server]?.received == [1, 2, 3])
        net.queue([4, 5, 6, 7], on: pair.server)
        try net.pump { $0.logs[pair.client]?.received.count == 4 }
        net.close(pair.server)
        try net.pump { $0.logs[pair.client]?.endOfStreams == 1 }
        #expect(net.logs[pair.client]?.errors == [])
        net.close(pair.client)
    }
}

/// An abort is told as an error, not as an end.
struct ResetScenario: TransportScenario {
    func run<T: Transport & ~Copyable>(_ net: inout LoopbackNet<T>) throws {
        let pair = try net.makePair()
        net.queue([9], on: pair.client)
        try net.pump { $0.logs[pair.server]?.received == [9] }
        net.reset(pair.client)
        try net.pump { $0.logs[pair.server]?.errors.isEmpty == false }
        #expect(net.logs[pair.server]?.errors == [ECONNRESET])
        #expect(net.logs[pair.server]?.endOfStreams == 0)
        // Sending into it fails as well, and says why.
        var byte: UInt8 = 0
        let outcome = net.transport.send(pair.server, &byte, 1)
        #expect(outcome == 0 || outcome == Int(-EPIPE))
        net.cycle()
        net.close(pair.server)
        for _ in 0..<10 { net.cycle() }
        #expect(net.logs[pair.client]?.eventsAfterClose == 0)
        #expect(net.logs[pair.server]?.eventsAfterClose == 0)
    }
}

/// Nobody listens.
struct RefusedScenario: TransportScenario {
    func run<T: Transport & ~Copyable>(_ net: inout LoopbackNet<T>) throws {
        let other = try net.transport.listen(on: .loopback(port: 0), backlog: 1)
        let found = net.transport.localAddress(of: other)
        let gone = try #require(found)
        net.transport.close(other)
        for _ in 0..<3 { net.cycle() }
        let slot = try net.transport.connect(to: gone)
        net.logs[slot] = SocketLog()
        try net.pump { $0.logs[slot]?.connectError != 0 }
        #expect(net.logs[slot]?.connectError == ECONNREFUSED)
        net.close(slot)
        // The slot works for the next one.
        let pair = try net.makePair()
        #expect(net.transport.peerAddress(of: pair.client) == net.address)
        #expect(net.transport.localAddress(of: pair.server) == net.address)
        net.close(pair.client)
        net.close(pair.server)
    }
}

/// A receiver that does not read holds the sender back, and nothing is lost.
struct BackpressureScenario: TransportScenario {
    let seed: UInt64

    func run<T: Transport & ~Copyable>(_ net: inout LoopbackNet<T>) throws {
        var random = ScenarioRandom(state: seed | 1)
        let pair = try net.makePair()
        net.holdsReceived = true
        let total = 2 << 20
        let bytes = random.bytes(total)
        net.queue(bytes, on: pair.client)
        // Runs until the buffers are held and the kernel takes no more for a while.
        var quiet = 0
        var last = -1
        while quiet < 2000 {
            net.cycle()
            let progress = net.held.count + (net.logs[pair.client]?.sentCount ?? 0)
            quiet = progress == last ? quiet + 1 : 0
            last = progress
        }
        let stuck = try #require(net.logs[pair.client])
        #expect(stuck.sentCount < total)
        #expect(stuck.isSending || stuck.refusals > 0)
        #expect(net.transport.statistics.starvations > 0)
        net.holdsReceived = false
        net.releaseHeld()
        try net.pump { $0.logs[pair.server]?.received.count == total }
        #expect(net.logs[pair.server]?.received == bytes, "seed \(seed)")
        #expect(stuck.sentCount == total)
        net.close(pair.client)
        net.close(pair.server)
    }
}

/// Fewer buffers than messages: receiving pauses and goes on.
struct StarvationScenario: TransportScenario {
    func run<T: Transport & ~Copyable>(_ net: inout LoopbackNet<T>) throws {
        let first = try net.makePair()
        let second = try net.makePair()
        net.holdsReceived = true
        let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0) }
        net.queue(bytes, on: first.client)
        net.queue(bytes, on: second.client)
        try net.pump { $0.transport.statistics.starvations > 0 }
        for _ in 0..<100 { net.cycle() }
        while net.logs[first.server]?.received.count != 1000
            || net.logs[second.server]?.received.count != 1000
        {
            net.releaseHeld()
            try net.pump { net in
                !net.held.isEmpty
                    || net.logs[first.server]?.received.count == 1000
                        && net.logs[second.server]?.received.count == 1000
            }
        }
        #expect(net.logs[first.server]?.received == bytes)
        #expect(net.logs[second.server]?.received == bytes)
    }
}

/// A lane that stalls while much happens loses nothing.
struct StallScenario: TransportScenario {
    func run<T: Transport & ~Copyable>(_ net: inout LoopbackNet<T>) throws {
        var pairs: [(client: Int, server: Int)] = []
        for _ in 0..<24 { pairs.append(try net.makePair()) }
        for round in 0..<20 as Range<UInt8> {
            // Everything is started, nothing is looked at.
            for pair in pairs { net.queue([round, UInt8(pair.client & 0xFF)], on: pair.client) }
            net.transport.flush()
            for pair in pairs { net.queue([round], on: pair.server) }
            net.transport.flush()
            try net.pump { net in
                pairs.allSatisfy {
                    net.logs[$0.server]?.received.count == 2 * (Int(round) + 1)
                        && net.logs[$0.client]?.received.count == Int(round) + 1
                }
            }
        }
        for pair in pairs {
            let expected = (0..<20).flatMap { [UInt8($0), UInt8(pair.client & 0xFF)] }
            #expect(net.logs[pair.server]?.received == expected)
        }
    }
}

/// Slots are given out again and again, with data under way, and never mixed up.
struct ReuseScenario: TransportScenario {
    let seed: UInt64

    func run<T: Transport & ~Copyable>(_ net: inout LoopbackNet<T>) throws {
        var random = ScenarioRandom(state: seed | 1)
        for round in 0..<200 {
            let pair = try net.makePair()
            let bytes = random.bytes(1 + Int(random.next() % 200))
            net.queue(bytes, on: pair.client)
            net.transport.flush()
            switch random.next() % 4 {
            case 0: break
            case 1: net.cycle()
            default:
                try net.pump { $0.logs[pair.server]?.received.count == bytes.count }
                #expect(net.logs[pair.server]?.received == bytes, "seed \(seed) round \(round)")
            }
            if random.next() % 2 == 0 {
                net.reset(pair.client)
                net.close(pair.server)
            } else {
                net.close(pair.server)
                net.close(pair.client)
            }
            for (slot, log) in net.logs where log.eventsAfterClose > 0 {
                Issue.record("an event for closed slot \(slot), seed \(seed) round \(round)")
            }
            net.accepted = []
        }
    }
}

/// Connections beyond the slots are refused, counted, and do no harm.
struct FullScenario: TransportScenario {
    func run<T: Transport & ~Copyable>(_ net: inout LoopbackNet<T>) throws {
        // Four slots: the listener, two clients, one server.
        let first = try net.connect()
        let second = try net.connect()
        try net.pump { net in
            net.accepted.count == 1 && net.transport.statistics.refusedConnections == 1
                && [first, second].contains { net.logs[$0]?.errors.isEmpty == false }
        }
        #expect(throws: WireFailure.noFreeSlot) { try net.transport.connect(to: net.address) }
        let refused = net.logs[first]?.errors.isEmpty == false ? first : second
        #expect(net.logs[refused]?.errors == [ECONNRESET])
        net.close(refused)
        for _ in 0..<3 { net.cycle() }
        #expect(try net.transport.connect(to: net.address) >= 0)
    }
}
