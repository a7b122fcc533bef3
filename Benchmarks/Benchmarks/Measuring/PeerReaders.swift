import CFloor

/// Readers of the sample's messages made of somebody else's library, loaded when asked for.
///
/// `scripts/peers` builds them where the library is installed; they fill the floor's structures.
struct PeerReaders: @unchecked Sendable {
    // SAFETY: `room` is written by the measuring thread only.
    /// 1, or 0 for what it cannot read; 64 bytes behind the text are readable.
    typealias Reader =
        @convention(c) (UnsafePointer<UInt8>?, Int, UnsafeMutableRawPointer?) -> Int32

    /// The library and its version.
    let name: String
    let trade: Reader
    let aggregate: Reader
    let top: Reader
    let depth: Reader
    let execution: Reader
    /// Where they write; large enough for each.
    let room = UnsafeMutableRawPointer.allocate(
        byteCount: MemoryLayout<cfloor_depth>.size + MemoryLayout<cfloor_execution>.size,
        alignment: 64)

    init(path: String) throws(BenchmarkFailure) {
        let library = try PeerLibrary(path: path)
        func reader(_ message: String) throws(BenchmarkFailure) -> Reader {
            unsafeBitCast(try library.symbol("parse_\(message)"), to: Reader.self)
        }
        name = library.name
        trade = try reader("trade")
        aggregate = try reader("aggregate")
        top = try reader("top")
        depth = try reader("depth")
        execution = try reader("execution")
    }
}
