import Foundation
import Glibc
import Telemetry

/// Why a client got no result.
public enum ClientFailure: Error, Equatable, Sendable {
    /// Nothing listens at the path: no engine is running there.
    case notRunning(path: String)
    case notPermitted(path: String)
    case timedOut(milliseconds: Int64)
    /// The engine went away in the middle.
    case disconnected
    /// The engine answered, and refused.
    case remote(RemoteError)
    /// The engine's answer is not what this version understands.
    case unreadable(String)
    case system(call: String, errno: Int32)
}

extension ClientFailure: CustomStringConvertible {
    public var description: String {
        switch self {
        case .notRunning(let path): "no engine is running at \(path)"
        case .notPermitted(let path): "\(path) belongs to another user"
        case .timedOut(let milliseconds): "no answer within \(milliseconds) ms"
        case .disconnected: "the engine closed the connection"
        case .remote(let error): error.message
        case .unreadable(let text): "unreadable answer: " + text
        case .system(let call, let code): "\(call) failed: \(String(cString: strerror(code)))"
        }
    }
}

/// A blocking client of the control socket, for the command line and for tests.
public struct ControlClient: ~Copyable {
    let descriptor: Int32
    private var lines: LineBuffer
    private var nextIdentifier: Int64 = 1
    /// Notifications that arrived while an answer was awaited.
    private var pending: [JSONValue] = []
    /// How long a call waits for its answer.
    public var timeoutMilliseconds: Int64

    /// The largest answer accepted, in bytes.
    static let maximumAnswer = 64 << 20

    /// Connects at once or throws.
    public init(path: String, timeoutMilliseconds: Int64 = 5_000) throws(ClientFailure) {
        descriptor = try Self.connected(to: path)
        self.timeoutMilliseconds = timeoutMilliseconds
        lines = LineBuffer(limit: Self.maximumAnswer)
    }

    private static func connected(to path: String) throws(ClientFailure) -> Int32 {
        guard path.utf8.count <= SocketFile.maximumPath else { throw .notRunning(path: path) }
        let descriptor = socket(AF_UNIX, blockingStream, 0)
        guard descriptor >= 0 else { throw .system(call: "socket", errno: errno) }
        guard withAddress(of: path, { connect(descriptor, $0, $1) }) == 0 else {
            let code = errno
            close(descriptor)
            switch code {
            case ENOENT, ECONNREFUSED, ENOTDIR: throw .notRunning(path: path)
            case EACCES, EPERM: throw .notPermitted(path: path)
            default: throw .system(call: "connect", errno: code)
            }
        }
        return descriptor
    }

    deinit { close(descriptor) }

    /// Calls a method and decodes its result.
    public mutating func call<Result: Decodable>(
        _ method: String, _ parameters: [String: JSONValue] = [:], as type: Result.Type
    ) throws(ClientFailure) -> Result {
        try decode(try call(method, parameters), as: type)
    }

    /// Calls a method; the result as JSON.
    public mutating func call(
        _ method: String, _ parameters: [String: JSONValue] = [:]
    ) throws(ClientFailure) -> JSONValue {
        let identifier = nextIdentifier
        nextIdentifier += 1
        let request: JSONValue = .object([
            "jsonrpc": .string("2.0"), "id": .integer(identifier), "method": .string(method),
            "params": .object(parameters),
        ])
        try send(Array((request.text + "\n").utf8))
        let deadline = monotonicMilliseconds() + timeoutMilliseconds
        while true {
            let message = try receive(until: deadline)
            guard case .object(let members) = message else {
                throw .unreadable("not an object")
            }
            if members["method"] != nil {
                pending.append(message)
                continue
            }
            if case .object(let error)? = members["error"],
                members["id"] == .integer(identifier) || members["id"] == .null
            {
                throw .remote(Self.remoteError(error))
            }
            if members["id"] == .integer(identifier), let result = members["result"] {
                return result
            }
            throw .unreadable("an answer to something else")
        }
    }

    /// Waits for the next pushed snapshot of a subscription.
    public mutating func nextSnapshot(
        timeoutMilliseconds: Int64
    ) throws(ClientFailure) -> EngineSnapshot {
        let deadline = monotonicMilliseconds() + timeoutMilliseconds
        while true {
            let message = pending.isEmpty ? try receive(until: deadline) : pending.removeFirst()
            if case .object(let members) = message, members["method"] == .string("snapshot"),
                let body = members["params"]
            {
                return try decode(body, as: EngineSnapshot.self)
            }
        }
    }

    /// Sends bytes as they are: the framing is the caller's.
    mutating func send(_ bytes: [UInt8]) throws(ClientFailure) {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count > 0 {
                sent += count
            } else if errno == EPIPE || errno == ECONNRESET {
                // The engine may have said why before it closed.
                return
            } else if errno != EINTR {
                throw .system(call: "send", errno: errno)
            }
        }
    }

    /// The next message, whatever it is.
    mutating func receive(until deadline: Int64) throws(ClientFailure) -> JSONValue {
        while true {
            switch lines.next() {
            case .line(let line):
                guard let value = try? JSONDecoder().decode(JSONValue.self, from: Data(line)) else {
                    throw .unreadable("not JSON")
                }
                return value
            case .tooLong: throw .unreadable("longer than \(Self.maximumAnswer) bytes")
            case .none: try readMore(until: deadline)
            }
        }
    }

    private mutating func readMore(until deadline: Int64) throws(ClientFailure) {
        let left = deadline - monotonicMilliseconds()
        guard left > 0 else { throw .timedOut(milliseconds: timeoutMilliseconds) }
        var ready = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        let count = poll(&ready, 1, Int32(min(left, Int64(Int32.max))))
        if count == 0 { throw .timedOut(milliseconds: timeoutMilliseconds) }
        if count < 0 {
            if errno == EINTR { return }
            throw .system(call: "poll", errno: errno)
        }
        var chunk: [UInt8] = Array(repeating: 0, count: 65_536)
        let received = recv(descriptor, &chunk, chunk.count, 0)
        if received > 0 {
            lines.append(chunk[..<received])
        } else if received == 0 || errno == ECONNRESET {
            throw .disconnected
        } else if errno != EINTR, errno != EAGAIN {
            throw .system(call: "recv", errno: errno)
        }
    }

    /// Ends the sending half: the server answers what it has and closes.
    mutating func finishSending() { shutdown(descriptor, Int32(SHUT_WR)) }

    private func decode<Result: Decodable>(
        _ value: JSONValue, as type: Result.Type
    ) throws(ClientFailure) -> Result {
        do {
            return try SnapshotJSON.decoder().decode(type, from: Data(value.text.utf8))
        } catch {
            throw .unreadable(Self.words(for: error))
        }
    }

    /// Where an answer is not what this version expects.
    private static func words(for error: any Error) -> String {
        guard let failure = error as? DecodingError else { return error.localizedDescription }
        let (context, what): (DecodingError.Context, String) =
            switch failure {
            case .keyNotFound(let key, let context): (context, "'\(key.stringValue)' is missing")
            case .valueNotFound(_, let context): (context, "a value is missing")
            case .typeMismatch(_, let context): (context, "a value is of another type")
            case .dataCorrupted(let context): (context, "a value cannot be read")
            @unknown default: (DecodingError.Context(codingPath: [], debugDescription: ""), "odd")
            }
        let path = context.codingPath.map(\.stringValue).joined(separator: ".")
        return what + (path.isEmpty ? "" : " in \(path)") + "; is the engine of another version?"
    }

    private static func remoteError(_ members: [String: JSONValue]) -> RemoteError {
        guard case .integer(let code)? = members["code"],
            case .string(let message)? = members["message"]
        else { return .internalError("an error without code and message") }
        return RemoteError(code: Int(code), message: message)
    }
}
