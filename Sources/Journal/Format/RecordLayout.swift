import CLinuxURing

/// Where the fields of a record lie; little-endian, as on every machine this runs on.
///
/// ```
///  0  length    u32  whole record, a multiple of 8; 0 = nothing written here yet. Written LAST.
///  4  checksum  u32  CRC32C of bytes 8..<length
///  8  type      u16  JournalRecordType
/// 10  headCount u16  bytes of the head
/// 12  lane      u8
/// 13  flags     u8   bits 0-2: bytes of padding behind the tail; others 0
/// 14  reserved  u16  0
/// 16  sequence  u64  1, 2, 3 ... within the lane, over all segments and runs
/// 24  time      i64  the engine's clock, ns since 1970
/// 32  venueTime i64  the venue's clock, 0 = unknown
/// 40  head, zeros to a multiple of 8, tail, zeros to a multiple of 8
/// ```
///
/// A reader that sees a length sees the whole record: the writer stores it with release order
/// after everything else.
enum RecordLayout {
    static var checksumOffset: Int { @_noLocks get { 4 } }
    static var typeOffset: Int { @_noLocks get { 8 } }
    static var headCountOffset: Int { @_noLocks get { 10 } }
    static var laneOffset: Int { @_noLocks get { 12 } }
    static var flagsOffset: Int { @_noLocks get { 13 } }
    static var reservedOffset: Int { @_noLocks get { 14 } }
    static var sequenceOffset: Int { @_noLocks get { 16 } }
    static var timeOffset: Int { @_noLocks get { 24 } }
    static var venueTimeOffset: Int { @_noLocks get { 32 } }
    static var headerBytes: Int { @_noLocks get { 40 } }
    static var paddingMask: UInt8 { @_noLocks get { 7 } }

    /// Up to a multiple of 8.
    @_noLocks @inline(__always)
    static func padded(_ count: Int) -> Int { (count &+ 7) & ~7 }

    @_noLocks @inline(__always)
    static func checksum(_ record: UnsafeRawPointer, length: Int) -> UInt32 {
        clinux_uring_crc32c(0, record + typeOffset, length &- typeOffset)
    }
}
