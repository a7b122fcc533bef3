import Glibc

/// Somebody else's code behind C functions, as scripts/peers builds it; stays loaded.
struct PeerLibrary {
    /// The library and its version.
    let name: String
    // SAFETY: never closed.
    private let handle: UnsafeMutableRawPointer
    private let path: String

    init(path: String) throws(BenchmarkFailure) {
        guard let handle = dlopen(path, RTLD_NOW) else {
            let reason = dlerror().map { String(cString: $0) } ?? "no reason given"
            throw BenchmarkFailure("\(path) cannot be loaded: \(reason)")
        }
        self.handle = handle
        self.path = path
        typealias Name = @convention(c) () -> UnsafePointer<CChar>?
        let name = unsafeBitCast(try Self.symbol("name", handle, path), to: Name.self)
        self.name = name().map { String(cString: $0) } ?? ""
    }

    /// The function `peer_<name>`, to be cast to its type; fails when the library is another peer's.
    func symbol(_ name: String) throws(BenchmarkFailure) -> UnsafeMutableRawPointer {
        try Self.symbol(name, handle, path)
    }

    private static func symbol(
        _ name: String, _ handle: UnsafeMutableRawPointer, _ path: String
    ) throws(BenchmarkFailure) -> UnsafeMutableRawPointer {
        guard let found = dlsym(handle, "peer_\(name)") else {
            throw BenchmarkFailure(
                "\(path) is not what scripts/peers builds for this: no peer_\(name)")
        }
        return found
    }
}
