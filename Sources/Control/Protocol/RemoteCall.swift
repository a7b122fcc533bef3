import Foundation

/// One JSON-RPC 2.0 request as it arrived.
struct RemoteCall: Sendable, Equatable {
    var method: String
    var parameters: JSONValue?
    /// Absent for a notification, which gets no answer.
    var id: JSONValue?

    /// Reads one request object; the error carries the id as far as it was readable.
    static func read(_ value: JSONValue) throws(RejectedCall) -> RemoteCall {
        guard case .object(let members) = value else {
            throw RejectedCall(id: .null, error: .invalidRequest("a request is an object"))
        }
        let id = members["id"]
        switch id {
        case nil, .null, .string, .integer: break
        default:
            throw RejectedCall(
                id: .null, error: .invalidRequest("'id' is a string, an integer or null"))
        }
        let echoed = id ?? .null
        guard members["jsonrpc"] == .string("2.0") else {
            throw RejectedCall(id: echoed, error: .invalidRequest("'jsonrpc' must be \"2.0\""))
        }
        guard case .string(let method)? = members["method"] else {
            throw RejectedCall(id: echoed, error: .invalidRequest("'method' must be a string"))
        }
        switch members["params"] {
        case nil, .object, .array: break
        default:
            throw RejectedCall(
                id: echoed, error: .invalidRequest("'params' must be an object or an array"))
        }
        let known: Set = ["jsonrpc", "method", "params", "id"]
        if let extra = members.keys.sorted().first(where: { !known.contains($0) }) {
            throw RejectedCall(id: echoed, error: .invalidRequest("unknown member '\(extra)'"))
        }
        return RemoteCall(method: method, parameters: members["params"], id: id)
    }
}

/// A request that was refused before its method was looked at.
struct RejectedCall: Error {
    let id: JSONValue
    let error: RemoteError
}

/// A JSON-RPC error: the standard's codes and those of this engine (-32000...-32004).
public struct RemoteError: Error, Sendable, Equatable, Codable {
    public var code: Int
    public var message: String

    public init(code: Int, message: String) {
        self.code = code
        self.message = message
    }

    /// Not JSON.
    public static func parseError(_ text: String) -> RemoteError {
        RemoteError(code: -32700, message: "parse error: " + text)
    }
    /// JSON, but no request.
    public static func invalidRequest(_ text: String) -> RemoteError {
        RemoteError(code: -32600, message: "invalid request: " + text)
    }
    public static func methodNotFound(_ name: String, known: [String]) -> RemoteError {
        RemoteError(
            code: -32601,
            message: "unknown method '\(name)'; methods: " + known.joined(separator: ", "))
    }
    /// The message names the parameter and what is accepted.
    public static func invalidParameter(_ name: String, _ text: String) -> RemoteError {
        RemoteError(code: -32602, message: "parameter '\(name)': " + text)
    }
    public static func internalError(_ text: String) -> RemoteError {
        RemoteError(code: -32603, message: "internal error: " + text)
    }
    /// The engine is starting or stopping.
    public static func unavailable(_ text: String) -> RemoteError {
        RemoteError(code: -32000, message: text)
    }
    /// Not in this state.
    public static func refused(_ text: String) -> RemoteError {
        RemoteError(code: -32001, message: text)
    }
    /// Sent to the lane, not confirmed in time.
    public static func timedOut(_ text: String) -> RemoteError {
        RemoteError(code: -32002, message: text)
    }
    /// The peer is neither the engine's user nor root.
    public static func forbidden(_ text: String) -> RemoteError {
        RemoteError(code: -32003, message: text)
    }
    /// Too many clients or subscriptions.
    public static func exhausted(_ text: String) -> RemoteError {
        RemoteError(code: -32004, message: text)
    }

    init(_ failure: ControlFailure) {
        switch failure {
        case .refused(let text): self = .refused(text)
        case .unavailable(let text): self = .unavailable(text)
        case .timedOut(let text): self = .timedOut(text)
        }
    }
}

/// JSON-RPC envelopes as text, one line each, without the newline.
enum Envelope {
    static func result(_ json: String, id: JSONValue) -> String {
        #"{"jsonrpc":"2.0","id":"# + id.text + #","result":"# + json + "}"
    }

    static func error(_ error: RemoteError, id: JSONValue) -> String {
        #"{"jsonrpc":"2.0","id":"# + id.text + #","error":{"code":\#(error.code),"message":"#
            + JSONValue.string(error.message).text + "}}"
    }

    static func notification(_ method: String, _ json: String) -> String {
        #"{"jsonrpc":"2.0","method":"# + JSONValue.string(method).text + #","params":"# + json + "}"
    }

    static func batch(_ replies: [String]) -> String { "[" + replies.joined(separator: ",") + "]" }
}
