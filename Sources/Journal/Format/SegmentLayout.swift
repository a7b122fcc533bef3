import CLinuxURing

/// The head of a segment file and its name.
///
/// ```
///  0  magic         u64  "APUSJRNL"
///  8  version       u32  2
/// 12  checksum      u32  CRC32C of bytes 0..<12 and 16..<64
/// 16  firstSequence u64  sequence of the first record; 0 = prepared and never used (a spare)
/// 24  created       i64  ns since 1970
/// 32  segmentBytes  u64  size of the file while it is written
/// 40  number        u32  as in the file's name
/// 44  epoch         u32  the run that wrote it
/// 48  lane          u8
/// 49  zeros to 64, then the first record
/// ```
///
/// The journal's thread fills the head of a spare; when the writer takes the segment it sets the
/// checksum and then, in release order, `firstSequence`: whoever sees that sees a whole head.
enum SegmentLayout {
    static var magic: UInt64 { @_noLocks get { 0x4C4E_524A_5355_5041 } }
    static var version: UInt32 { @_noLocks get { 2 } }
    /// Version 1 differs in the heads that have a ``FormerLayout`` and in the tail of `snapshot`.
    static var oldestVersion: UInt32 { @_noLocks get { 1 } }
    static var versionOffset: Int { @_noLocks get { 8 } }
    static var checksumOffset: Int { @_noLocks get { 12 } }
    static var firstSequenceOffset: Int { @_noLocks get { 16 } }
    static var createdOffset: Int { @_noLocks get { 24 } }
    static var segmentBytesOffset: Int { @_noLocks get { 32 } }
    static var numberOffset: Int { @_noLocks get { 40 } }
    static var epochOffset: Int { @_noLocks get { 44 } }
    static var laneOffset: Int { @_noLocks get { 48 } }

    /// What the last segment keeps for orders: some hundred cancels and their answers. Segments
    /// below the configuration's smallest, 1 MiB, keep nothing.
    @_noLocks static func reserve(of segmentBytes: Int) -> Int {
        segmentBytes < 1 << 20 ? 0 : 64 << 10
    }
    static var headerBytes: Int { @_noLocks get { 64 } }
    /// No journal begins behind it: what is reckoned with sequences has room.
    static var largestSequence: UInt64 { @_noLocks get { 1 << 62 } }

    @_noLocks @inline(__always)
    static func checksum(_ header: UnsafeRawPointer, firstSequence: UInt64) -> UInt32 {
        var state = clinux_uring_crc32c(0, header, checksumOffset)
        state = withUnsafeBytes(of: firstSequence) { bytes in
            clinux_uring_crc32c(state, bytes.baseAddress, 8)
        }
        return clinux_uring_crc32c(state, header + createdOffset, headerBytes &- createdOffset)
    }
}

/// A segment's identity, from its file's name `apus-<lane>-<number>.journal`.
struct SegmentName: Hashable, Comparable, Sendable {
    var lane: UInt8
    var number: UInt32

    static func < (left: SegmentName, right: SegmentName) -> Bool {
        (left.lane, left.number) < (right.lane, right.number)
    }

    var file: String {
        let digits = String(number)
        let zeros = String(repeating: "0", count: max(0, 8 - digits.utf8.count))
        return "apus-\(lane)-\(zeros)\(digits).journal"
    }

    init(lane: UInt8, number: UInt32) {
        self.lane = lane
        self.number = number
    }

    /// `nil` for every other file, and for a name that ``file`` would not have made.
    init?(file: String) {
        var text = file.utf8[...]
        guard text.drop("apus-"), let lane = text.takeNumber(digits: 1...3), text.drop("-"),
            let number = text.takeNumber(digits: 8...10, isPadded: true), text.drop(".journal"),
            text.isEmpty, let lane = UInt8(exactly: lane), let number = UInt32(exactly: number)
        else { return nil }
        self.init(lane: lane, number: number)
    }
}

extension Substring.UTF8View {
    /// Goes behind a word; `false` when the text does not begin with it.
    fileprivate mutating func drop(_ word: StaticString) -> Bool {
        var rest = self
        for offset in 0..<word.utf8CodeUnitCount {
            if rest.popFirst() != word.utf8Start[offset] { return false }
        }
        self = rest
        return true
    }

    /// Goes behind a number of so many digits; zeros lead only as far as it `isPadded` to the fewest.
    fileprivate mutating func takeNumber(
        digits: ClosedRange<Int>, isPadded: Bool = false
    ) -> UInt64? {
        var value: UInt64 = 0
        var count = 0
        let first = self.first
        while let byte = self.first, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
            if count == digits.upperBound { return nil }
            value = value * 10 + UInt64(byte - UInt8(ascii: "0"))
            count += 1
            removeFirst()
        }
        let mayLead = isPadded ? count == digits.lowerBound : count == 1
        if count < digits.lowerBound || first == UInt8(ascii: "0") && !mayLead { return nil }
        return value
    }
}
