extension LinkCloseReason: CustomStringConvertible {
    public var description: String {
        switch self {
        case .peer(let code): "the peer closed the WebSocket with code \(code)"
        case .local(let code): "closed from here with code \(code)"
        case .completed: "the peer's last answer ended the connection"
        case .endOfStream: "the peer ended the connection"
        case .reset: "the peer reset the connection"
        case .transport(let code): "the connection broke: \(words(of: code))"
        case .connectFailed(0): "no connection could be opened"
        case .connectFailed(let code): "no connection: \(words(of: code))"
        case .timeout(let phase): phase.words
        case .tls(let failure): "TLS: \(failure)"
        case .upgradeRefused(let status, let pause):
            "the server refused the WebSocket with HTTP status \(status)"
                + (pause > 0 ? " and asks for a pause of \(pause) s" : "")
        case .upgradeMalformed: "the server's answer to the WebSocket's opening breaks RFC 6455"
        case .webSocket(let violation): "the peer broke the WebSocket protocol: \(violation.words)"
        case .http(let failure): "the peer broke HTTP: \(failure.words)"
        case .overflow: "the peer does not read, or sends more than it may"
        }
    }

    /// The sentence with OpenSSL's words behind it where they tell more than it does.
    public func description(with detail: String) -> String {
        guard case .tls(let failure) = self, failure.needsDetail, !detail.isEmpty else {
            return description
        }
        return "\(description) (\(detail))"
    }
}

extension LinkTimeout {
    fileprivate var words: String {
        switch self {
        case .connect: "no connection in time"
        case .handshake: "the TLS or WebSocket handshake was not done in time"
        case .pong: "a ping was not answered in time"
        case .silence: "the peer was silent for too long"
        case .response: "no answer in time"
        case .close: "the peer did not answer the closing handshake in time"
        }
    }
}

extension WebSocketViolation {
    fileprivate var words: String {
        switch self {
        case .reservedBits: "reserved bits are set"
        case .reservedOpcode: "an opcode that is not defined"
        case .fragmentedControl: "a control frame in fragments"
        case .oversizedControl: "a control frame of more than 125 bytes"
        case .unexpectedContinuation: "a continuation without a beginning"
        case .interleavedMessage: "a message inside another one"
        case .missingMask: "a client's frame without mask"
        case .unexpectedMask: "a server's frame with a mask"
        case .wastefulLength: "a length in more bytes than it needs"
        case .oversizedMessage: "a message larger than is accepted here"
        case .invalidText: "text that is not UTF-8"
        case .invalidClose: "a close frame that cannot be read"
        }
    }
}

extension HTTPFailure {
    fileprivate var words: String {
        switch self {
        case .malformedStartLine: "the first line cannot be read"
        case .unsupportedVersion: "a version other than 1.1"
        case .malformedField: "a header field cannot be read"
        case .foldedField: "a header field goes on in the next line"
        case .bareLineEnding: "a line ends without CR LF"
        case .missingHost: "the Host field is missing"
        case .conflictingLength: "the length is given in two ways"
        case .malformedLength: "the length cannot be read"
        case .unsupportedTransferCoding: "a transfer coding other than chunked"
        case .malformedChunk: "a chunk cannot be read"
        case .lineTooLong: "a line is too long"
        case .headTooLarge: "the header is too large"
        case .tooManyFields: "too many header fields"
        case .bodyTooLarge: "the body is larger than is accepted here"
        case .truncated: "it ends inside a message"
        case .unexpectedResponse: "an answer that nobody asked for"
        }
    }
}
