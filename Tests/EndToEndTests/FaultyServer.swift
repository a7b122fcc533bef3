import BrokenChains
import COpenSSL
import Foundation
import Synchronization

/// A TLS server that shows its certificate to whoever comes, and has nothing else to say.
final class FaultyServer: Sendable {
    private let listener: Int32
    /// The test's end of the listener's life.
    private let isOver = Atomic(false)
    private let done = DispatchSemaphore(value: 0)

    /// Listens on a loopback port with papers in files.
    init(port: UInt16, chain: String, key: String, version: Int32) throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        self.listener = listener
        var yes: Int32 = 1
        setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
        address.sin_port = port.bigEndian
        let isBound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard isBound, listen(listener, 16) == 0 else { throw POSIXError(.EADDRINUSE) }
        Thread.detachNewThread { [self] in
            serve(chain, key, version)
            done.signal()
        }
    }

    /// Ends it and waits for its thread.
    func end() {
        isOver.store(true, ordering: .releasing)
        shutdown(listener, Int32(SHUT_RDWR))
        done.wait()
        close(listener)
    }

    private func serve(_ chain: String, _ key: String, _ version: Int32) {
        guard let context = SSL_CTX_new(TLS_server_method()) else { return }
        defer { SSL_CTX_free(context) }
        SSL_CTX_ctrl(context, SSL_CTRL_SET_MAX_PROTO_VERSION, Int(version), nil)
        guard SSL_CTX_use_certificate_chain_file(context, chain) == 1,
            SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) == 1
        else { return }
        while case let visitor = accept(listener, nil, nil), visitor >= 0 {
            var patience = timeval(tv_sec: 2, tv_usec: 0)
            setsockopt(
                visitor, SOL_SOCKET, SO_RCVTIMEO, &patience,
                socklen_t(MemoryLayout<timeval>.size))
            if let session = SSL_new(context) {
                SSL_set_fd(session, visitor)
                var byte: UInt8 = 0
                // A client that is content would send a request.
                if SSL_accept(session) == 1 { SSL_read(session, &byte, 1) }
                SSL_free(session)
            }
            ERR_clear_error()
            close(visitor)
            if isOver.load(ordering: .acquiring) { return }
        }
    }
}
