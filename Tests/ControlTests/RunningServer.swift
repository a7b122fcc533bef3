@testable import Control
import Foundation
import Glibc
import Synchronization

/// A server on a fresh socket with its audit trail, stopped by the test.
struct RunningServer {
    let path: String
    let server: ControlServer
    let target: RecordingTarget
    let trail: Trail

    /// Collects audit records.
    final class Trail: Sendable {
        private let records = Mutex<[AuditRecord]>([])
        var all: [AuditRecord] { records.withLock { $0 } }
        func append(_ record: AuditRecord) { records.withLock { $0.append(record) } }
    }

    static func freshPath() -> String {
        FileManager.default.temporaryDirectory
            .appendingPathComponent("apus-\(UUID().uuidString.prefix(13))/c.sock").path
    }

    init(
        path: String = RunningServer.freshPath(), target: RecordingTarget = RecordingTarget(),
        limits: ControlLimits = ControlLimits()
    ) async throws {
        let trail = Trail()
        self.path = path
        self.target = target
        self.trail = trail
        server = ControlServer(path: path, target: target, limits: limits) { trail.append($0) }
        try await server.start()
    }

    func client(timeoutMilliseconds: Int64 = 10_000) throws -> ControlClient {
        try ControlClient(path: path, timeoutMilliseconds: timeoutMilliseconds)
    }

    /// Sends raw bytes on a connection of its own and returns every message until the end.
    func exchange(_ bytes: [UInt8]) throws -> [JSONValue] {
        var client = try client()
        try client.send(bytes)
        client.finishSending()
        var messages: [JSONValue] = []
        while true {
            do throws(ClientFailure) {
                messages.append(try client.receive(until: monotonicMilliseconds() + 10_000))
            } catch {
                guard error == .disconnected else { throw error }
                return messages
            }
        }
    }

    func exchange(_ text: String) throws -> [JSONValue] { try exchange(Array(text.utf8)) }

    func stop() async {
        await server.stop()
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
        try? FileManager.default.removeItem(at: folder)
    }
}

extension JSONValue {
    subscript(_ key: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members[key]
    }

    var errorCode: Int64? {
        guard case .integer(let code)? = self["error"]?["code"] else { return nil }
        return code
    }
}

extension ControlClient {
    /// Sends without waiting for room; `false` once the server has dropped this client.
    func trySend(_ bytes: [UInt8]) -> Bool {
        let flags = Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)
        let count = bytes.withUnsafeBytes {
            Glibc.send(descriptor, $0.baseAddress, $0.count, flags)
        }
        return count >= 0 || errno == EAGAIN
    }
}
