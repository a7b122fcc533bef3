import CFloor
import CRecordCrypto
import Foundation
import Wire

/// TLS records of 200 bytes through a whole channel: ours, OpenSSL's, and the cipher alone.
enum TLSBenchmark {
    static func run(_ options: BenchmarkOptions) throws -> BenchmarkReport {
        let files = try SampleCertificates.make(in: options.directory)
        let rows = try Cores(options).measure {
            let ours = try ChannelBench(files, .preferred)
            let theirs = try ChannelBench(files, .openssl)
            let cipher = try CipherBench()
            let meter = Meter(options: options)
            return [
                meter.measure(
                    Contest(
                        name: "seal 200 bytes", batch: 16, ours: ours.sealing("apus"),
                        floor: cipher.sealing, peers: [theirs.sealing("OpenSSL")])),
                meter.measure(
                    Contest(
                        name: "open 200 bytes", batch: 16, ours: ours.opening("apus"),
                        floor: cipher.opening, peers: [theirs.opening("OpenSSL")])),
            ]
        }
        return BenchmarkReport(
            "tls", rows: rows,
            notes: ["the floor is the cipher alone on one buffer; all use AES-128-GCM"])
    }
}

/// A certificate chain for this process.
enum SampleCertificates {
    static func make(in directory: String) throws -> CertificateFiles {
        let place = directory + "/certificates"
        try FileManager.default.createDirectory(
            atPath: place, withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        return try CertificateAuthority.makeChain(
            hosts: ["localhost"], directory: place, now: Int64(Date().timeIntervalSince1970))
    }
}

/// Two ends of a session in one process.
final class ChannelBench {
    private static let content = [UInt8](repeating: 0x61, count: 200)
    private var client: TLSChannel
    private var server: TLSChannel
    private var fromClient = ByteBuffer(capacity: 1 << 16)
    private var fromServer = ByteBuffer(capacity: 1 << 16)
    private var queue = ByteBuffer(capacity: 1 << 16)
    private var plain = ByteBuffer(capacity: 1 << 16)
    private var sink = ByteBuffer(capacity: 1 << 16)

    init(_ files: CertificateFiles, _ layer: TLSRecordLayer) throws {
        let records = TLSRecordSettings(layer: layer)
        client = try TLSChannel(
            client: TLSClientContext(authorityFile: files.authority, records: records),
            host: "localhost")
        server = try TLSChannel(
            server: TLSServerContext(chainFile: files.chain, keyFile: files.key, records: records))
        try shakeHands()
    }

    private func shakeHands() throws(BenchmarkFailure) {
        var hasFinished = (client: false, server: false)
        for _ in 0..<10 where !(hasFinished.client && hasFinished.server) {
            if !hasFinished.client {
                hasFinished.client = client.handshake(replies: &fromClient) == .done
            }
            server.feed(fromClient.readable, fromClient.count)
            if !hasFinished.server {
                hasFinished.server = server.handshake(replies: &fromServer) == .done
            }
            client.feed(fromServer.readable, fromServer.count)
            if hasFinished.client { _ = client.read(into: &plain, replies: &sink) }
            fromClient.removeAll()
            fromServer.removeAll()
        }
        if !(hasFinished.client && hasFinished.server) {
            throw BenchmarkFailure("two ends in one process did not shake hands")
        }
    }

    func sealing(_ name: String) -> Contestant {
        Contestant(
            name, prepare: { [self] _ in sink.removeAll() },
            { [self] count in
                for _ in 0..<count {
                    _ = queue.append(Self.content, Self.content.count)
                    _ = client.write(from: &queue, to: &sink, keeping: 0)
                }
            })
    }

    func opening(_ name: String) -> Contestant {
        Contestant(
            name,
            prepare: { [self] count in
                plain.removeAll()
                fromServer.removeAll()
                for _ in 0..<count {
                    _ = queue.append(Self.content, Self.content.count)
                    _ = server.write(from: &queue, to: &fromServer, keeping: 0)
                }
                client.feed(fromServer.readable, fromServer.count)
            },
            { [self] _ in
                while client.hasInput { _ = client.read(into: &plain, replies: &sink) }
            })
    }
}

/// The record cipher without a channel around it.
private final class CipherBench {
    private let key: OpaquePointer
    private let records: UnsafeMutablePointer<UInt8>
    private let plain: UnsafeMutablePointer<UInt8>
    private static let content = 200
    private static let stride = 256
    private static let slots = 64
    private var sequence: UInt64 = 0
    private var refused = 0

    init() throws(BenchmarkFailure) {
        guard let key = crecord_crypto_create(crecord_crypto_best()) else {
            throw BenchmarkFailure("the floor needs a processor with AES instructions")
        }
        self.key = key
        let secret = [UInt8](repeating: 7, count: 28)
        crecord_crypto_set(key, secret, 16, secret)
        records = .allocate(capacity: Self.stride * Self.slots)
        records.initialize(repeating: 0, count: Self.stride * Self.slots)
        plain = .allocate(capacity: Self.stride)
        plain.initialize(repeating: 0x61, count: Self.stride)
    }

    deinit {
        crecord_crypto_destroy(key)
        records.deallocate()
        plain.deallocate()
    }

    private func sealAll(_ count: Int) {
        for slot in 0..<count {
            crecord_crypto_seal(
                key, UInt64(slot), plain, Self.content, 23, records + slot * Self.stride)
        }
    }

    var sealing: Contestant { Contestant("C floor") { [self] in sealAll($0) } }

    var opening: Contestant {
        Contestant(
            "C floor", prepare: { [self] in sealAll($0) },
            { [self] count in
                for slot in 0..<count {
                    let length = Self.content + 17
                    let isRight = crecord_crypto_open(
                        key, UInt64(slot), records + slot * Self.stride, length, plain)
                    if isRight == 0 { refused += 1 }
                }
            })
    }
}
