import COpenSSL
import Testing
import Wire

/// New keys in either direction, at any moment and as often as anybody likes.
@Suite("Key updates")
struct KeyUpdateTests {
    let certificates = try! CertificateDirectory()

    static let hello: [UInt8] = Array("hello".utf8)

    @Test(arguments: RecordPair.Role.allCases, RecordPair.suites)
    func `storms of updates from both ends lose nothing`(
        role: RecordPair.Role, suite: String
    ) throws {
        for seed in 0..<3 as Range<UInt64> {
            var random = SeededRandom(seed: seed)
            let pair = try RecordPair.established(
                role, files: certificates.files, suite: suite, tickets: 2,
                records: TLSRecordSettings(layer: .apus, recordsPerKey: seed + 1))
            var sent: [UInt8] = []
            var answered: [UInt8] = []
            for _ in 0..<300 {
                switch Int.random(in: 0..<6, using: &random) {
                case 0: pair.peerUpdatesKeys(asking: true)
                case 1: pair.peerUpdatesKeys(asking: false)
                case 2, 3:
                    let length = Int.random(in: 1...300, using: &random)
                    let content = (0..<length).map { UInt8($0 & 255) }
                    pair.peerSends(content)
                    answered += content
                case 4:
                    let length = Int.random(in: 1...300, using: &random)
                    let content = (0..<length).map { UInt8($0 & 255) }
                    try #require(pair.send(content) == .done)
                    sent += content
                default: pair.settle(step: Int.random(in: 1...40, using: &random))
                }
            }
            pair.settle()
            #expect(pair.heard == answered, "seed \(seed)")
            #expect(pair.peerHeard == sent, "seed \(seed)")
            #expect(pair.end == nil && pair.peerEnd == nil, "seed \(seed)")
        }
    }

    @Test func `a request is answered once the received bytes are read, once for several`() throws {
        let pair = try RecordPair.established(.client, files: certificates.files)
        pair.peerUpdatesKeys(asking: true)
        pair.give(pair.takeFromPeer())
        let answer = pair.take()
        #expect(answer.count == 27)
        pair.giveToPeer(answer)
        for _ in 0..<50 { pair.peerUpdatesKeys(asking: true) }
        pair.give(pair.takeFromPeer())
        #expect(pair.take().count == 27)
    }

    @Test func `an update that is not asked for is not answered`() throws {
        let pair = try RecordPair.established(.client, files: certificates.files)
        for _ in 0..<50 { pair.peerUpdatesKeys(asking: false) }
        pair.give(pair.takeFromPeer())
        #expect(pair.take().isEmpty)
        pair.peerSends(Self.hello)
        pair.give(pair.takeFromPeer())
        #expect(pair.heard == Self.hello)
    }

    @Test func `our answer comes before our next data`() throws {
        let pair = try RecordPair.established(.client, files: certificates.files)
        // There is no room for the answer when the request comes.
        pair.hasReplyRoom = false
        pair.peerUpdatesKeys(asking: true)
        pair.peerSends(Self.hello)
        pair.give(pair.takeFromPeer())
        #expect(pair.heard == Self.hello)
        #expect(pair.take().isEmpty)
        pair.send(Self.hello)
        let stream = pair.take()
        #expect(stream.count == 27 + 27)
        pair.giveToPeer(stream)
        #expect(pair.peerHeard == Self.hello)
    }

    /// RFC 8446 section 5.5: the key is renewed before its limit.
    @Test(arguments: RecordPair.suites, [1, 2, 10] as [UInt64])
    func `a key seals no more records than it may`(suite: String, limit: UInt64) throws {
        let pair = try RecordPair.established(
            .client, files: certificates.files, suite: suite,
            records: TLSRecordSettings(layer: .apus, recordsPerKey: limit))
        var updates = 0
        for round in 0..<50 {
            pair.send(Self.hello)
            let stream = pair.take()
            if stream.count > 27 { updates += 1 }
            pair.giveToPeer(stream)
            #expect(pair.peerHeard.count == 5 * (round + 1))
        }
        #expect(updates == (50 - 1) / Int(limit))
    }

    @Test func `an update and the record behind it go together or not at all`() throws {
        let pair = try RecordPair.established(
            .client, files: certificates.files,
            records: TLSRecordSettings(layer: .apus, recordsPerKey: 1))
        // 5 bytes and 22 of the record's own; a key update is as long.
        #expect(pair.send(Self.hello, room: 26) == .noRoom)
        #expect(pair.send(Self.hello, room: 27) == .done)
        for room in 1..<54 { #expect(pair.send(Self.hello, room: room) == .noRoom) }
        #expect(pair.send(Self.hello, room: 54) == .done)
        pair.giveToPeer(pair.take())
        #expect(pair.peerHeard == Self.hello + Self.hello)
    }
}
