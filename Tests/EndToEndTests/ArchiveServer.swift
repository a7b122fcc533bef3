import BrokenChains
import COpenSSL
import Foundation
import Synchronization

/// A venue over TLS that has nothing but hourly candles of one symbol, with holes and refusals of its
/// own: what the exchange would not do when it is asked for candles.
final class ArchiveServer: Sendable {
    /// What it does; times in milliseconds since 1970.
    struct Script: Sendable {
        var holes: Range<Int64> = 0..<0
        /// By the number of the request for candles, from 0: 429 with so many seconds of patience.
        var refusals: [Int: Int] = [:]
    }

    private let script: Script
    private let listener: Int32
    private let isOver = Atomic(false)
    private let done = DispatchSemaphore(value: 0)
    private let times = Mutex<[ContinuousClock.Instant]>([])

    static let hour: Int64 = 3_600_000

    /// When it was asked for candles.
    var asked: [ContinuousClock.Instant] { times.withLock { $0 } }

    /// Listens where the folder's configuration looks for the exchange, with papers that it trusts.
    init(_ folder: WorkFolder, _ script: Script = Script()) throws {
        self.script = script
        let papers = ServerPapers(fault: nil, now: Int64(Date().timeIntervalSince1970))
        try FileManager.default.createDirectory(
            atPath: folder.path(".apus"), withIntermediateDirectories: true)
        for (bytes, name) in [
            (papers.trusted, ".apus/ca.pem"), (papers.chain, "chain.pem"), (papers.key, "key.pem"),
        ] { try Data(bytes).write(to: URL(fileURLWithPath: folder.path(name))) }
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var yes: Int32 = 1
        setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
        address.sin_port = folder.port.bigEndian
        let isBound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard isBound, listen(listener, 16) == 0 else { throw POSIXError(.EADDRINUSE) }
        let (chain, key) = (folder.path("chain.pem"), folder.path("key.pem"))
        Thread.detachNewThread { [self] in
            serve(chain, key)
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

    /// One visitor after another, each until it leaves.
    private func serve(_ chain: String, _ key: String) {
        signal(SIGPIPE, SIG_IGN)
        guard let context = SSL_CTX_new(TLS_server_method()) else { return }
        defer { SSL_CTX_free(context) }
        guard SSL_CTX_use_certificate_chain_file(context, chain) == 1,
            SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) == 1
        else { return }
        while !isOver.load(ordering: .acquiring),
            case let visitor = accept(listener, nil, nil), visitor >= 0
        {
            if let session = SSL_new(context) {
                SSL_set_fd(session, visitor)
                if SSL_accept(session) == 1 { converse(session) }
                SSL_free(session)
            }
            ERR_clear_error()
            close(visitor)
        }
    }

    private func converse(_ session: OpaquePointer) {
        var pending = ""
        var chunk = [UInt8](repeating: 0, count: 4_096)
        while true {
            while let end = pending.range(of: "\r\n\r\n") {
                let target = pending.split(separator: " ").dropFirst().first.map(String.init) ?? ""
                pending = String(pending[end.upperBound...])
                let answer = Array(respond(target).utf8)
                guard SSL_write(session, answer, Int32(answer.count)) > 0 else { return }
            }
            let count = SSL_read(session, &chunk, Int32(chunk.count))
            if count <= 0 { return }
            pending += String(decoding: chunk[..<Int(count)], as: UTF8.self)
        }
    }

    private func respond(_ target: String) -> String {
        let now = Int64(Date().timeIntervalSince1970 * 1_000)
        if target.hasPrefix("/api/v3/time") { return text(200, "{\"serverTime\":\(now)}") }
        if target.hasPrefix("/api/v3/exchangeInfo") {
            return text(
                200,
                #"{"serverTime":\#(now),"rateLimits":[{"rateLimitType":"REQUEST_WEIGHT","interval":"#
                    + #""MINUTE","intervalNum":1,"limit":6000}],"exchangeFilters":[],"symbols":[]}"#)
        }
        let number = times.withLock { times in
            times.append(.now)
            return times.count - 1
        }
        if let seconds = script.refusals[number] {
            return text(
                429, #"{"code":-1003,"msg":"Too much request weight used."}"#,
                "Retry-After: \(seconds)\r\n")
        }
        return text(200, rows(target))
    }

    private func rows(_ target: String) -> String {
        var values: [String: Int64] = [:]
        for pair in target.drop(while: { $0 != "?" }).dropFirst().split(separator: "&") {
            let parts = pair.split(separator: "=")
            values[String(parts[0])] = Int64(parts[1])
        }
        let (start, end) = (values["startTime"] ?? 0, values["endTime"] ?? 0)
        let first = (start + Self.hour - 1) / Self.hour * Self.hour
        let times = stride(from: first, through: end, by: Int(Self.hour)).lazy
            .filter { !self.script.holes.contains($0) }.prefix(1_000)
        let rows = times.map { "[\($0),\"10.50\",\"12\",\"9.0\",\"11\",\"0.10\",\($0 + Self.hour - 1)]" }
        return "[\(rows.joined(separator: ","))]"
    }

    private func text(_ status: Int, _ body: String, _ fields: String = "") -> String {
        "HTTP/1.1 \(status) \(status == 200 ? "OK" : "Too Many Requests")\r\n"
            + "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\(fields)\r\n"
            + body
    }
}
