import Glibc

// What failed, for people; who asked adds with which host, port or file.

extension WireFailure: CustomStringConvertible {
    public var description: String {
        switch self {
        case .ioUringRefused(let code):
            "the kernel refuses io_uring: \(words(of: code))" + Self.cause(ofRefusal: code)
        case .outOfMemory: "the kernel has no memory for socket buffers"
        case .noFreeSlot: "every connection slot is in use"
        case .socketRefused(let code): "the kernel refuses a socket: \(words(of: code))"
        case .listenRefused(let code): "cannot listen: \(words(of: code))"
        case .hostNotFound: "the host name has no address"
        }
    }

    /// Where to look when there is no io_uring.
    private static func cause(ofRefusal code: Int32) -> String {
        switch code {
        case ENOMEM: " (a low ulimit -l?)"
        case EPERM: " (kernel.io_uring_disabled, or a container's filter?)"
        case ENOSYS: " (it is not built in)"
        default: ""
        }
    }
}

/// The system's words for an errno value.
func words(of code: Int32) -> String { String(cString: strerror(code)) }
