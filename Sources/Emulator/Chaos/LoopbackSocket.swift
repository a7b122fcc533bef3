import Glibc

/// The system calls of a proxy on loopback.
enum LoopbackSocket {
    /// Nanoseconds of a clock that nobody sets.
    static func now() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    /// A listening socket and its port; 0: any free one.
    static func listen(on port: UInt16) throws(ChaosFailure) -> (Int32, UInt16) {
        let descriptor = make()
        var yes: Int32 = 1
        setsockopt(
            descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        var address = address(port)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isListening = withSocketAddress(&address) {
            descriptor >= 0 && bind(descriptor, $0, length) == 0
                && Glibc.listen(descriptor, 128) == 0 && getsockname(descriptor, $0, &length) == 0
        }
        guard isListening else {
            let reason = String(cString: strerror(errno))
            if descriptor >= 0 { close(descriptor) }
            throw .cannotListen(port: port, reason: reason)
        }
        return (descriptor, UInt16(bigEndian: address.sin_port))
    }

    /// The next connection that waits; `nil`: none does.
    static func accept(_ listener: Int32) -> Int32? {
        let descriptor = Glibc.accept(listener, nil, nil)
        if descriptor < 0 { return nil }
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        forwardAtOnce(descriptor)
        return descriptor
    }

    /// A connection under way; -1: refused already.
    static func connect(to port: UInt16) -> Int32 {
        let descriptor = make()
        if descriptor < 0 { return -1 }
        forwardAtOnce(descriptor)
        var address = address(port)
        let outcome = withSocketAddress(&address) {
            Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
        if outcome == 0 || errno == EINPROGRESS { return descriptor }
        close(descriptor)
        return -1
    }

    private static func make() -> Int32 {
        let kind = SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue
        return socket(AF_INET, Int32(kind), 0)
    }

    private static func forwardAtOnce(_ descriptor: Int32) {
        var yes: Int32 = 1
        setsockopt(
            descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
    }

    private static func address(_ port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
        return address
    }

    private static func withSocketAddress<Result>(
        _ address: inout sockaddr_in, _ body: (UnsafeMutablePointer<sockaddr>) -> Result
    ) -> Result {
        withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1, body)
        }
    }
}
