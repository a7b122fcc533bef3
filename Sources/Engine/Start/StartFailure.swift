import Wire

/// What kept the engine from starting; every case says what to look at.
public enum StartFailure: Error, Equatable, Sendable, CustomStringConvertible {
    case unreachable(endpoint: String, cause: String)
    case refused(request: String, status: Int, code: Int, message: String)
    case unreadable(request: String, cause: String)
    case missing(String)
    /// The venue knows the key and does not let it do what the engine must.
    case forbidden(String)
    case machine(String)
    /// A file, directory or socket that the engine needs cannot be made.
    case unusable(String)
    /// A value of the file that only the venue's facts show to be wrong.
    case configuration(ConfigurationFailure)

    public var description: String {
        switch self {
        case .configuration(let failure): failure.description
        case .unreachable(let endpoint, let cause): "cannot reach \(endpoint): \(cause)"
        case .refused(let request, let status, let code, let message):
            "the venue refused \(request): HTTP \(status), code \(code): \(message)"
        case .unreadable(let request, let cause): "the answer to \(request) is unreadable: \(cause)"
        case .missing(let what), .forbidden(let what), .machine(let what), .unusable(let what):
            what
        }
    }
}

/// What an operator can do about a connection that was not made.
enum ConnectionAdvice {
    /// A clause to put behind the reason; empty when there is nothing to say.
    static func text(for reason: LinkCloseReason) -> String {
        switch reason {
        case .connectFailed:
            "; is it running there? (the emulated one: apus exchange --config FILE)"
        case .tls(.unknownAuthority):
            "; tls.ca_file must hold its authority, which an emulated exchange writes to its own "
                + "tls.ca_file"
        case .tls(.hostNameMismatch):
            "; venue.emulated.host must be one of the exchange's tls.host_names"
        case .tls(.expired), .tls(.notYetValid):
            "; compare this machine's clock, and the certificate's dates"
        default: ""
        }
    }
}
