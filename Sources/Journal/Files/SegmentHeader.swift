import CLinuxURing
import Glibc

/// The head of one segment as it is read.
struct SegmentHeader: Equatable, Sendable {
    var firstSequence: UInt64
    var created: Int64
    var segmentBytes: UInt64
    var number: UInt32
    var epoch: UInt32
    var lane: UInt8
    var version = SegmentLayout.version

    /// What the first bytes of a file say.
    enum Finding: Equatable {
        /// In use.
        case valid(SegmentHeader)
        /// Prepared and never used, or cut off while being prepared.
        case spare
        /// The fields and their checksum disagree.
        case damaged
        case foreign
        /// Written by an engine whose records lie differently.
        case otherVersion(UInt32)
    }

    /// Reads a head; `count` may be less than ``SegmentLayout/headerBytes``.
    static func read(_ bytes: UnsafeRawPointer, count: Int, name: SegmentName) -> Finding {
        guard count >= SegmentLayout.headerBytes else { return .spare }
        let magic = bytes.loadUnaligned(as: UInt64.self)
        if magic == 0 { return .spare }
        guard magic == SegmentLayout.magic else { return .foreign }
        let version = bytes.loadUnaligned(
            fromByteOffset: SegmentLayout.versionOffset, as: UInt32.self)
        guard SegmentLayout.oldestVersion...SegmentLayout.version ~= version else {
            return .otherVersion(version)
        }
        let header = SegmentHeader(
            firstSequence: bytes.loadUnaligned(
                fromByteOffset: SegmentLayout.firstSequenceOffset, as: UInt64.self),
            created: bytes.loadUnaligned(
                fromByteOffset: SegmentLayout.createdOffset, as: Int64.self),
            segmentBytes: bytes.loadUnaligned(
                fromByteOffset: SegmentLayout.segmentBytesOffset, as: UInt64.self),
            number: bytes.loadUnaligned(
                fromByteOffset: SegmentLayout.numberOffset, as: UInt32.self),
            epoch: bytes.loadUnaligned(
                fromByteOffset: SegmentLayout.epochOffset, as: UInt32.self),
            lane: bytes.loadUnaligned(fromByteOffset: SegmentLayout.laneOffset, as: UInt8.self),
            version: version)
        let checksum = bytes.loadUnaligned(
            fromByteOffset: SegmentLayout.checksumOffset, as: UInt32.self)
        if header.firstSequence == 0 { return .spare }
        guard
            checksum == SegmentLayout.checksum(bytes, firstSequence: header.firstSequence),
            header.firstSequence <= SegmentLayout.largestSequence
        else { return .damaged }
        guard header.lane == name.lane, header.number == name.number else { return .foreign }
        return .valid(header)
    }

    /// Fills the head of a new segment, without the first sequence and the checksum.
    func write(to base: UnsafeMutableRawPointer) {
        base.storeBytes(
            of: version, toByteOffset: SegmentLayout.versionOffset, as: UInt32.self)
        base.storeBytes(of: created, toByteOffset: SegmentLayout.createdOffset, as: Int64.self)
        base.storeBytes(
            of: segmentBytes, toByteOffset: SegmentLayout.segmentBytesOffset, as: UInt64.self)
        base.storeBytes(of: number, toByteOffset: SegmentLayout.numberOffset, as: UInt32.self)
        base.storeBytes(of: epoch, toByteOffset: SegmentLayout.epochOffset, as: UInt32.self)
        base.storeBytes(of: lane, toByteOffset: SegmentLayout.laneOffset, as: UInt8.self)
        base.storeBytes(of: SegmentLayout.magic, as: UInt64.self)
    }
}
