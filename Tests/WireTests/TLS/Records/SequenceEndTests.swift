import COpenSSL
import Testing

@testable import Wire

/// The end of the sequence numbers (RFC 8446 section 5.3): they must not wrap.
@Suite("The last sequence number")
struct SequenceEndTests {
    private static let hello: [UInt8] = Array("hello".utf8)
    private static let keyUpdate: [UInt8] = [24, 0, 0, 1, 0]

    /// A conversation whose peer has sealed all records but the last few, and that peer's cipher.
    private final class Ends {
        private let context: OpaquePointer
        private let session: OpaquePointer
        let window = UnsafeMutablePointer<copenssl_window>.allocate(capacity: 1)
        private let peerTraffic = UnsafeMutablePointer<copenssl_traffic>.allocate(capacity: 1)
        private var conversation: RecordConversation?
        private var peer: RecordCipher?
        private var plaintext = ByteBuffer(capacity: 4096)
        private(set) var outgoing = ByteBuffer(capacity: 4096)

        init(_ suite: RecordSuite, opened: UInt64) throws {
            context = try #require(SSL_CTX_new(TLS_client_method()))
            session = try #require(SSL_new(context))
            var traffic = copenssl_traffic()
            traffic.secret_count = suite == .aes256GCM ? 48 : 32
            withUnsafeMutableBytes(of: &traffic.secret) { bytes in
                for place in bytes.indices { bytes[place] = UInt8(place * 5 & 255) }
            }
            window.initialize(to: copenssl_window())
            window.pointee.writing = traffic
            traffic.records = opened
            window.pointee.reading = traffic
            peerTraffic.initialize(to: traffic)
            let made = RecordConversation(
                session: session, window: window, suite: suite, recordsPerKey: 1_000)
            let sealing = RecordCipher(suite: suite, traffic: peerTraffic, isSealing: true)
            guard let made, let sealing else { throw Missing() }
            conversation = consume made
            peer = consume sealing
        }

        struct Missing: Error {}

        deinit {
            // They wipe their secrets, which lie here.
            conversation = nil
            peer = nil
            SSL_free(session)
            SSL_CTX_free(context)
            window.deallocate()
            peerTraffic.deallocate()
        }

        func renewPeer() -> Bool { peer?.renew() ?? false }

        /// The peer seals `content`, our end reads it.
        func hear(_ content: [UInt8], type: UInt8 = 23) -> (progress: TLSProgress, heard: [UInt8]) {
            var record = [UInt8](repeating: 0, count: content.count + 22 + 64)
            let source = content + [UInt8](repeating: 0, count: 64)
            let isSealed = peer?.seal(source, content.count, type: type, to: &record) ?? false
            #expect(isSealed)
            return record.withUnsafeBufferPointer { bytes in
                window.pointee.read_pointer = bytes.baseAddress
                window.pointee.read_end = bytes.baseAddress.map { $0 + content.count + 22 }
                let progress =
                    conversation?.read(into: &plaintext, replies: &outgoing) ?? .noRoom
                window.pointee.read_pointer = nil
                window.pointee.read_end = nil
                let heard = Array(
                    UnsafeRawBufferPointer(start: plaintext.readable, count: plaintext.count))
                plaintext.removeAll()
                return (progress, heard)
            }
        }
    }

    private static let suites = [RecordSuite.aes128GCM, .aes256GCM, .chaCha20Poly1305]

    @Test(arguments: suites)
    func `a record that would make the reading number wrap ends the connection`(
        suite: RecordSuite
    ) throws {
        let ends = try Ends(suite, opened: .max - 2)
        for _ in 0..<2 {
            let (progress, heard) = ends.hear(Self.hello)
            #expect(progress == .done && heard == Self.hello)
        }
        // It is authentic, and nothing of it is shown.
        let (progress, heard) = ends.hear(Self.hello)
        #expect(progress == .failed && heard.isEmpty)
        #expect(ends.window.pointee.error_code == RecordViolation.internalError.errorCode)
        let alert = ends.outgoing.count
        #expect(alert == RecordConversation.alertRecord, "the peer is told")
        let (later, nothing) = ends.hear(Self.hello)
        #expect(later == .failed && nothing.isEmpty)
        #expect(ends.outgoing.count == alert, "once")
    }

    @Test(arguments: suites)
    func `the peer's new key in the last record begins at the first number again`(
        suite: RecordSuite
    ) throws {
        let ends = try Ends(suite, opened: .max - 1)
        let (progress, _) = ends.hear(Self.keyUpdate, type: 22)
        #expect(progress == .wantsInput)
        let isRenewed = ends.renewPeer()
        #expect(isRenewed)
        for _ in 0..<3 {
            let (progress, heard) = ends.hear(Self.hello)
            #expect(progress == .done && heard == Self.hello)
        }
    }
}
