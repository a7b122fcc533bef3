import COpenSSL
import Foundation
import Testing
import Wire

/// Secrets and keys are gone from the process's memory when their session is. Each in a process of its
/// own: what other tests have used is not searched.
@Suite("Wiped secrets")
struct WipedSecretTests {
    @Test(arguments: RecordPair.Role.allCases, RecordPair.suites)
    func `after a session its secrets and keys are nowhere`(
        role: RecordPair.Role, suite: String
    ) async {
        await #expect(processExitsWith: .success) { [role, suite] in
            var search = MemorySearch()
            try Self.useSession(role, suite) { pair in
                try Self.addSecrets(of: pair, suite, to: &search)
                // Both ends are in this process.
                let found = try search.occurrences()
                #expect(found.allSatisfy { $0 >= 2 }, "\(found)")
            }
            let left = try search.occurrences()
            #expect(left.allSatisfy { $0 == 0 }, "\(left)")
        }
    }

    private static func useSession(
        _ role: RecordPair.Role, _ suite: String, _ body: (RecordPair) throws -> Void
    ) throws {
        let certificates = try CertificateDirectory()
        let pair = try RecordPair.established(role, files: certificates.files, suite: suite)
        pair.send([1])
        pair.peerSends([2])
        pair.settle()
        try body(pair)
    }

    private static func addSecrets(
        of pair: RecordPair, _ suite: String, to search: inout MemorySearch
    ) throws {
        let isLong = suite.hasSuffix("SHA384")
        let keyCount = suite.hasPrefix("TLS_AES_128") ? 16 : 32
        let key = UnsafeMutablePointer<UInt8>.allocate(capacity: 44)
        for path in [\copenssl_window.reading, \copenssl_window.writing] {
            let traffic = try #require(pair.peerWindow.pointer(to: path))
            search.add(traffic, isLong ? 48 : 32)
            copenssl_traffic_key(traffic, key, keyCount, key + 32)
            search.add(key, keyCount)
            copenssl_wipe(key, 44)
        }
        key.deallocate()
    }
}

/// Looks for bytes in the writable memory of this process. They are kept with every bit turned, so
/// that the search does not find itself.
private struct MemorySearch {
    private var turned: [[UInt8]] = []
    private static let room = 1 << 20

    mutating func add(_ bytes: UnsafeRawPointer, _ count: Int) {
        turned.append((0..<count).map { ~bytes.load(fromByteOffset: $0, as: UInt8.self) })
    }

    func occurrences() throws -> [Int] {
        var found = turned.map { _ in 0 }
        let memory = open("/proc/self/mem", O_RDONLY)
        let block = UnsafeMutablePointer<UInt8>.allocate(capacity: Self.room)
        defer {
            close(memory)
            // What has been read is full of what is looked for.
            copenssl_wipe(block, Self.room)
            block.deallocate()
        }
        let own = Int(bitPattern: block)..<Int(bitPattern: block) + Self.room
        for region in try writableRegions() {
            var start = region.lowerBound
            while start < region.upperBound {
                if own.contains(start) { start = own.upperBound }
                let limit = start < own.lowerBound ? own.lowerBound : Int.max
                let wanted = min(Self.room, region.upperBound - start, limit - start)
                let count = wanted > 0 ? pread(memory, block, wanted, start) : 0
                if count <= 0 {
                    // A guard page within the region: a thread's stack ends there.
                    start += 4096
                    continue
                }
                for (index, text) in turned.enumerated() {
                    found[index] += Self.count(text, in: block, count)
                }
                // A text may lie across the border between two reads.
                start += count < Self.room ? count : count - 64
            }
        }
        return found
    }

    private static func count(
        _ turned: [UInt8], in block: UnsafePointer<UInt8>, _ count: Int
    ) -> Int {
        var found = 0
        var place = 0
        while place + turned.count <= count,
            let next = memchr(block + place, Int32(~turned[0]), count - place - turned.count + 1)
        {
            let start = UnsafePointer(next.assumingMemoryBound(to: UInt8.self))
            if start[1] == ~turned[1], turned.indices.allSatisfy({ start[$0] == ~turned[$0] }) {
                found += 1
            }
            place = start - block + 1
        }
        return found
    }

    private func writableRegions() throws -> [Range<Int>] {
        // A file of the kernel has no size: it is read until it ends.
        let file = try #require(FileHandle(forReadingAtPath: "/proc/self/maps"))
        let maps = String(decoding: try file.readToEnd() ?? Data(), as: UTF8.self)
        return maps.split(separator: "\n").compactMap { line in
            let fields = line.split(separator: " ")
            let ends = fields[0].split(separator: "-").compactMap { Int($0, radix: 16) }
            guard ends.count == 2, fields[1].hasPrefix("rw") else { return nil }
            return ends[0]..<ends[1]
        }
    }
}
