import CLinuxURing
import Glibc

/// An IPv4 or IPv6 address with a port.
public struct SocketAddress: BitwiseCopyable, Sendable, Hashable {
    /// The four or sixteen bytes of the address in network order.
    private var high: UInt64 = 0
    private var low: UInt64 = 0
    private var scope: UInt32 = 0
    /// Port in host order; 0 lets the system choose one when listening.
    public var port: UInt16
    public private(set) var isIPv6: Bool

    private init(isIPv6: Bool, port: UInt16) {
        self.isIPv6 = isIPv6
        self.port = port
    }

    /// This machine's loopback, 127.0.0.1.
    public static func loopback(port: UInt16) -> SocketAddress {
        var address = SocketAddress(isIPv6: false, port: port)
        address.high = UInt64(UInt32(0x7F00_0001).bigEndian)
        return address
    }

    /// An address written in numbers (`127.0.0.1`, `::1`); `nil` for everything else.
    public init?(numeric text: String, port: UInt16) {
        var four = in_addr()
        var six = in6_addr()
        if inet_pton(AF_INET, text, &four) == 1 {
            self.init(isIPv6: false, port: port)
            high = UInt64(four.s_addr)
        } else if inet_pton(AF_INET6, text, &six) == 1 {
            self.init(isIPv6: true, port: port)
            (high, low) = withUnsafeBytes(of: six) {
                ($0.load(as: UInt64.self), $0.load(fromByteOffset: 8, as: UInt64.self))
            }
        } else {
            return nil
        }
    }

    /// The addresses of a host in the name service's order of preference. Cold: may block for
    /// seconds; numbers are answered at once.
    public static func resolve(
        host: String, port: UInt16
    ) throws(WireFailure) -> [SocketAddress] {
        if let numeric = SocketAddress(numeric: host, port: port) { return [numeric] }
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, nil, &hints, &found) == 0 else { throw .hostNotFound }
        defer { freeaddrinfo(found) }
        var addresses: [SocketAddress] = []
        var next = found
        while let entry = next {
            if let raw = entry.pointee.ai_addr, var address = SocketAddress(raw) {
                address.port = port
                if !addresses.contains(address) { addresses.append(address) }
            }
            next = entry.pointee.ai_next
        }
        guard !addresses.isEmpty else { throw .hostNotFound }
        return addresses
    }

    /// The kernel's form; `nil` for families other than the two.
    init?(_ raw: UnsafePointer<sockaddr>) {
        let bytes = UnsafeRawPointer(raw)
        switch Int32(raw.pointee.sa_family) {
        case AF_INET:
            let four = bytes.loadUnaligned(as: sockaddr_in.self)
            self.init(isIPv6: false, port: UInt16(bigEndian: four.sin_port))
            high = UInt64(four.sin_addr.s_addr)
        case AF_INET6:
            let six = bytes.loadUnaligned(as: sockaddr_in6.self)
            self.init(isIPv6: true, port: UInt16(bigEndian: six.sin6_port))
            scope = six.sin6_scope_id
            (high, low) = withUnsafeBytes(of: six.sin6_addr) {
                ($0.load(as: UInt64.self), $0.load(fromByteOffset: 8, as: UInt64.self))
            }
        default:
            return nil
        }
    }

    /// AF_INET or AF_INET6.
    var family: Int32 { isIPv6 ? AF_INET6 : AF_INET }

    /// The kernel's form and its length; an IPv4 address lies at the start of the larger struct.
    var kernelForm: (storage: sockaddr_in6, length: socklen_t) {
        var storage = sockaddr_in6()
        withUnsafeMutableBytes(of: &storage) { bytes in
            guard !isIPv6 else { return }
            var four = sockaddr_in()
            four.sin_family = sa_family_t(AF_INET)
            four.sin_port = port.bigEndian
            four.sin_addr.s_addr = UInt32(truncatingIfNeeded: high)
            bytes.storeBytes(of: four, as: sockaddr_in.self)
        }
        if !isIPv6 { return (storage, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        storage.sin6_family = sa_family_t(AF_INET6)
        storage.sin6_port = port.bigEndian
        storage.sin6_scope_id = scope
        withUnsafeMutableBytes(of: &storage.sin6_addr) { bytes in
            bytes.storeBytes(of: high, as: UInt64.self)
            bytes.storeBytes(of: low, toByteOffset: 8, as: UInt64.self)
        }
        return (storage, socklen_t(MemoryLayout<sockaddr_in6>.size))
    }

    /// Asks a socket for its own or its peer's address.
    static func of(
        _ file: Int32,
        _ ask: (Int32, UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int32
    ) -> SocketAddress? {
        var storage = sockaddr_in6()
        var length = socklen_t(MemoryLayout<sockaddr_in6>.size)
        return withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { raw in
                ask(file, raw, &length) == 0 ? SocketAddress(raw) : nil
            }
        }
    }
}

extension SocketAddress: CustomStringConvertible {
    /// `127.0.0.1:443` or `[::1]:443`.
    public var description: String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        var words = (high, low)
        inet_ntop(family, &words, &text, socklen_t(text.count))
        let bytes = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        let host = String(decoding: bytes, as: UTF8.self)
        return isIPv6 ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
}
