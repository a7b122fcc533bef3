import Foundation
import Testing

@testable import Emulator

/// Each fault between a client and a server on loopback, both driven by the test's thread.
@Suite("Chaos proxy", .serialized)
struct ChaosProxyTests {
    @Test func `bytes and goodbyes pass both ways`() throws {
        let line = try ProxiedLine()
        line.client.say(Array("request".utf8))
        try line.turn { line.server.heard == Array("request".utf8) }
        line.server.say(Array("answer".utf8))
        try line.turn { line.client.heard == Array("answer".utf8) }
        line.client.end()
        try line.turn { line.server.fate == .ended }
        line.server.say([7])
        line.server.end()
        try line.turn { line.client.fate == .ended && line.client.heard.last == 7 }
        try line.turn { line.proxy.liveConnections == 0 }
        #expect(line.proxy.report.bytesToExchange == 7)
        #expect(line.proxy.report.bytesToEngine == 7)
    }

    @Test(arguments: [
        (ChaosFault.disconnect, ProxiedEnd.Fate.ended, ProxiedEnd.Fate.ended),
        (.reset, .reset, .reset), (.halfClose, .ended, .open), (.silence, .open, .open),
    ])
    func `an end comes as it is meant, at some byte or without one`(
        fault: ChaosFault, client: ProxiedEnd.Fate, server: ProxiedEnd.Fate
    ) throws {
        for isTalking in [true, false] {
            let line = try ProxiedLine()
            #expect(line.proxy.strike(fault, everywhere: false) == 1)
            if isTalking { line.server.say([UInt8](repeating: 9, count: 10_000)) }
            if isTalking { line.client.say([UInt8](repeating: 9, count: 10_000)) }
            try line.turn { line.proxy.report.faults[fault] == 1 }
            try line.turn { line.client.fate == client && line.server.fate == server }
            // At a byte of one of the two ways; after a half-close the other one goes on.
            let heard = line.client.heard.count + line.server.heard.count
            #expect(heard < 20_000 || fault == .halfClose)
            #expect(line.proxy.liveConnections == 0)
        }
    }

    @Test func `after a half-close requests still arrive`() throws {
        let line = try ProxiedLine()
        line.proxy.strike(.halfClose, everywhere: true)
        try line.turn { line.client.fate == .ended }
        line.client.say([1, 2, 3])
        try line.turn { line.server.heard == [1, 2, 3] }
        line.client.end()
        try line.turn { line.server.fate == .ended }
    }

    @Test func `nothing passes a silent connection, and its end ends the other half`() throws {
        let line = try ProxiedLine()
        line.proxy.strike(.silence, everywhere: true)
        try line.turn { line.proxy.report.faults[.silence] == 1 }
        line.client.say([1])
        line.server.say([2])
        line.client.end()
        try line.turn { line.server.fate != .open }
        #expect(line.server.heard.isEmpty && line.client.heard.isEmpty)
    }

    @Test(arguments: [ChaosFault.stall, .delay, .drip])
    func `what passes later passes whole and in order`(fault: ChaosFault) throws {
        let line = try ProxiedLine()
        line.proxy.strike(fault, everywhere: true)
        let sent = (0..<400).map { UInt8(truncatingIfNeeded: $0) }
        for start in stride(from: 0, to: 400, by: 40) {
            line.client.say(Array(sent[start..<start + 40]))
            line.server.say(Array(sent[start..<start + 40]))
            line.proxy.turn(atMost: 1)
        }
        try line.turn { line.client.heard == sent && line.server.heard == sent }
        #expect(line.proxy.report.faults == [fault: 1])
    }

    @Test func `corruption changes one bit`() throws {
        let line = try ProxiedLine()
        line.proxy.strike(.corrupt, everywhere: true)
        let sent = [UInt8](repeating: 0, count: 100)
        line.client.say(sent)
        line.server.say(sent)
        try line.turn { line.client.heard.count == 100 && line.server.heard.count == 100 }
        let bits = (line.client.heard + line.server.heard).reduce(0) { $0 + $1.nonzeroBitCount }
        #expect(bits == 1)
    }

    @Test func `an alert stands between two records, however they are cut`() throws {
        let line = try ProxiedLine()
        let record: [UInt8] = [23, 3, 3, 0, 4, 1, 2, 3, 4]
        // In the middle of the first one.
        line.server.say(Array(record[..<6]))
        try line.turn { line.client.heard.count == 6 }
        line.proxy.strike(.alert, everywhere: true)
        line.server.say(Array(record[6...]) + Array(record[..<3]))
        try line.turn { line.client.heard.count == 19 }
        line.server.say(Array(record[3...]))
        try line.turn { line.client.heard.count == 25 }
        #expect(Array(line.client.heard[..<9]) == record)
        #expect(Array(line.client.heard[9..<14]) == [21, 3, 3, 0, 2])
        #expect(Array(line.client.heard[16...]) == record)
    }

    @Test func `new connections are refused or never answered until it calms down`() throws {
        let line = try ProxiedLine()
        line.proxy.strike(.mute, everywhere: true)
        let unheard = try ProxiedEnd(connectingTo: line.proxy.port)
        unheard.say([1])
        try line.turn { line.proxy.report.faults[.mute] == 1 }
        line.proxy.calm()
        line.proxy.strike(.refuse, everywhere: true)
        let refused = try ProxiedEnd(connectingTo: line.proxy.port)
        try line.turn {
            refused.listen()
            return refused.fate == .reset
        }
        #expect(unheard.fate == .open)
        line.proxy.calm()
        let welcome = try ProxiedEnd(connectingTo: line.proxy.port)
        welcome.say([5])
        try line.turn { line.acceptNext() }
        try line.turn { line.server.heard == [5] }
        #expect(line.proxy.report.connections == 4)
    }

    @Test func `a connection that the exchange does not take is reset`() throws {
        let line = try ProxiedLine()
        line.stopListening()
        let late = try ProxiedEnd(connectingTo: line.proxy.port)
        try line.turn {
            late.listen()
            return late.fate == .reset
        }
        #expect(line.proxy.report.unreachable == 1)
    }

    @Test func `a plan strikes by itself, every kind it names`() throws {
        var plan = ChaosPlan()
        plan.interval = 1_000_000
        plan.longest = 1_000_000
        plan.faults = [.stall, .delay]
        let line = try ProxiedLine(plan)
        try line.turn {
            line.proxy.report.faults[.stall, default: 0] > 2
                && line.proxy.report.faults[.delay, default: 0] > 2
        }
        #expect(line.proxy.report.faults.count == 2)
    }

    @Test func `the bound of connections holds`() throws {
        let line = try ProxiedLine()
        var ends: [ProxiedEnd] = []
        for _ in 0..<280 {
            ends.append(try ProxiedEnd(connectingTo: line.proxy.port))
            line.proxy.turn(atMost: 0)
        }
        try line.turn {
            for end in ends { end.listen() }
            return ends.count { $0.fate == .reset } == 25
        }
    }
}
