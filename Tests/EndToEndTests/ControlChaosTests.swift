import Control
import Foundation
import Testing
import Wire

/// The control socket under attack by its own user, while the engine trades.
@Suite("Chaos: control socket", .serialized, .timeLimit(.minutes(3)))
struct ControlChaosTests {
    @Test func `garbage, floods, slow clients and a thousand of them cost no trade`() throws {
        let rig = try ChaosRig(seed: UInt64(ChaosAmount.seed))
        try rig.expectWhole("at the start")
        let path = rig.folder.path(".apus/control.sock")
        let memory = rig.engine.peakMemory

        try talk(garbageTo: path, &rig.random)
        try rig.expectWhole("garbage")

        // Three that send and never read: far more than every buffer between them holds.
        var flooders = try (0..<3).map { _ in try RawClient(path) }
        let requests = Array(String(
            repeating: #"{"jsonrpc":"2.0","id":1,"method":"status"}"# + "\n", count: 2_000).utf8)
        var flooded = 0
        for _ in 0..<200 {
            for flooder in flooders { flooded += flooder.trySend(requests) }
        }
        try rig.expectWhole("a flood")
        #expect(flooded > 100_000)
        // What nobody reads waits outside.
        #expect(rig.engine.peakMemory - memory < 128 << 20)
        flooders = []

        // A byte now and then.
        let slow = try (0..<8).map { _ in try RawClient(path) }
        for byte in Array(#"{"jsonrpc":"2.0","id":1,"me"#.utf8) {
            for client in slow { #expect(client.trySend([byte]) == 1) }
        }
        try rig.expectWhole("slow clients")

        var crowd: [RawClient] = []
        for _ in 0..<1_000 {
            crowd.append(try RawClient(path))
        }
        try rig.expectWhole("\(crowd.count) connections")
        crowd = []
        try rig.end("control socket: \(flooded) bytes of flood, 1000 connections")
    }

    private func talk(garbageTo path: String, _ random: inout SeededRandom) throws {
        let texts = [
            "{}", "[]", "null", "\"", "{\"jsonrpc\":\"2.0\"", "[[[[[[[[[[", "\u{0}\u{0}",
            #"{"jsonrpc":"2.0","id":1,"method":"halt","params":{"reason":7}}"#,
            #"{"jsonrpc":"2.0","id":{},"method":"resume"}"#,
            #"{"jsonrpc":"2.0","id":1,"method":"limits.set","params":{"limit":"order.max_notional","value":"1e999"}}"#,
            String(repeating: "[", count: 100_000), String(repeating: "9", count: 100_000),
        ]
        for text in texts {
            let client = try RawClient(path)
            #expect(client.trySend(Array((text + "\n").utf8)) > 0)
        }
        for _ in 0..<40 {
            let client = try RawClient(path)
            let count = Int.random(in: 1...5_000, using: &random)
            let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
            #expect(client.trySend(bytes) > 0)
        }
    }
}

/// A client that says what it likes and waits for nothing.
private final class RawClient {
    private let descriptor: Int32

    /// Waits for a place among those that the engine has yet to take, ten seconds at most.
    init(_ path: String) throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var patience = timeval(tv_sec: 10, tv_usec: 0)
        setsockopt(
            descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let isConnected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
        if !isConnected {
            let code = POSIXErrorCode(rawValue: errno) ?? .EIO
            close(descriptor)
            throw POSIXError(code)
        }
    }

    deinit { close(descriptor) }

    /// Bytes that the socket took.
    func trySend(_ bytes: [UInt8]) -> Int {
        let flags = Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)
        return max(send(descriptor, bytes, bytes.count, flags), 0)
    }
}
