import COpenSSL
import Testing
import Wire

/// A stream that somebody has touched ends the session with bad_record_mac, and gives nothing.
@Suite("Damaged records")
struct DamagedRecordTests {
    let certificates = try! CertificateDirectory()

    private func refused(
        suite: String = RecordPair.suites[0], _ change: ([[UInt8]]) -> [UInt8]
    ) throws -> RecordPair {
        let pair = try RecordPair.established(.client, files: certificates.files, suite: suite)
        let records = (0..<4).map { index in
            pair.peerSends([UInt8](repeating: UInt8(index), count: 50 + index))
            return pair.takeFromPeer()
        }
        pair.give(change(records))
        return pair
    }

    private func expectBadRecord(_ pair: RecordPair, heard: Int = 0, _ place: String = "") {
        #expect(pair.heard.count == heard, "\(place)")
        #expect(pair.end == .failed(.protocolError), "\(place)")
        #expect(pair.channel.failureText.contains("bad record mac"), "\(place)")
        pair.giveToPeer(pair.take())
        #expect(pair.peerEnd == 1020, "\(place)")
    }

    @Test(arguments: RecordPair.suites)
    func `a change of any byte is refused`(suite: String) throws {
        for place in 1..<71 where place != 3 && place != 4 {
            let pair = try refused(suite: suite) { records in
                var first = records[0]
                first[place] ^= 0x40
                return first + records[1]
            }
            expectBadRecord(pair, "byte \(place)")
        }
    }

    @Test func `a record that claims another length is refused`() throws {
        for length in [17, 20, 66, 68, 100] {
            let pair = try refused { records in
                var first = records[0]
                first[4] = UInt8(length)
                return first + records[1] + records[2]
            }
            expectBadRecord(pair, "length \(length)")
        }
    }

    @Test func `a record that comes twice is refused`() throws {
        expectBadRecord(try refused { $0[0] + $0[0] }, heard: 50)
        expectBadRecord(try refused { $0[0] + $0[1] + $0[0] }, heard: 101)
    }

    @Test func `records in another order are refused`() throws {
        expectBadRecord(try refused { $0[1] + $0[0] })
        expectBadRecord(try refused { $0[0] + $0[2] + $0[1] }, heard: 50)
    }

    @Test func `a missing record is noticed`() throws {
        expectBadRecord(try refused { $0[0] + $0[2] }, heard: 50)
        expectBadRecord(try refused { $0[3] })
    }

    @Test func `a record that is cut short is refused with what follows it`() throws {
        for kept in [5, 6, 21, 40, 71] {
            let pair = try refused { Array($0[0][..<kept]) + $0[1] + $0[2] + $0[3] }
            expectBadRecord(pair, "\(kept) bytes kept")
        }
    }

    @Test func `a record that never ends gives nothing`() throws {
        let pair = try refused { Array($0[0].dropLast()) }
        #expect(pair.heard.isEmpty)
        #expect(pair.end == nil)
        #expect(pair.take().isEmpty)
    }

    @Test func `our own records do not come back to us`() throws {
        let pair = try RecordPair.established(.client, files: certificates.files)
        pair.send([1, 2, 3])
        pair.give(pair.take())
        #expect(pair.heard.isEmpty)
        #expect(pair.end == .failed(.protocolError))
    }

    @Test(arguments: 0..<200 as Range<UInt64>)
    func `random damage is always noticed`(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let pair = try refused { records in
            var stream = records.flatMap { $0 }
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let place = Int.random(in: 0..<stream.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: stream[place] ^= UInt8.random(in: 1...255, using: &random)
                case 1: stream.remove(at: place)
                default: stream.insert(UInt8.random(in: 0...255, using: &random), at: place)
                }
            }
            return stream
        }
        // Whole records before the damage are genuine; nothing behind it is.
        let genuine = (0..<4).flatMap { [UInt8](repeating: UInt8($0), count: 50 + $0) }
        #expect(genuine.starts(with: pair.heard), "seed \(seed)")
        #expect([0, 50, 101, 153, 206].contains(pair.heard.count), "seed \(seed)")
    }
}
