import Glibc

/// Why the exchange's own record cannot be used.
public enum StateLogFailure: Error, Equatable, CustomStringConvertible {
    case cannotOpen(path: String, errno: Int32)
    /// Another exchange uses the directory.
    case inUse(directory: String)
    case cannotWrite(path: String, errno: Int32)
    /// A record that is not the last one does not have its checksum, or makes no sense.
    case corrupt(path: String, offset: Int)
    /// Written by another version.
    case version(path: String, Int64)
    /// It names a symbol, an account or an asset that the configuration does not.
    case unknown(String)

    public var description: String {
        switch self {
        case .cannotOpen(let path, let errno): "\(path) cannot be opened: \(String(cString: strerror(errno)))"
        case .inUse(let directory): "\(directory) is in use by another exchange"
        case .cannotWrite(let path, let errno): "\(path) cannot be written: \(String(cString: strerror(errno)))"
        case .corrupt(let path, let offset): "\(path) is corrupt at byte \(offset)"
        case .version(let path, let version):
            "\(path) has version \(version), accepted: \(StateHeader.currentVersion)"
        case .unknown(let name): "the exchange's record names \(name), the configuration does not"
        }
    }
}
