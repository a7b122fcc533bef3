/// Writes WebSocket frames (RFC 6455 section 5.2), masked when a seed is given (clients must).
public struct WebSocketWriter: BitwiseCopyable, Sendable {
    /// Bytes of the longest header: two, a 64-bit length and a mask.
    public static var maximumHeader: Int {
        @_noLocks get { 14 }
    }

    private let isMasking: Bool
    private var masks: SeededRandom

    /// A client passes the seed of its masks, a server nil.
    public init(maskSeed: UInt64?) {
        isMasking = maskSeed != nil
        masks = SeededRandom(seed: maskSeed ?? 0)
    }

    /// Appends one frame, or nothing and answers false when it does not fit.
    @_noLocks public mutating func append(
        _ opcode: WebSocketOpcode, isFinal: Bool = true, _ payload: UnsafeRawPointer, _ count: Int,
        to buffer: inout ByteBuffer
    ) -> Bool {
        guard count >= 0, buffer.room >= Self.maximumHeader,
            count <= buffer.room &- Self.maximumHeader
        else { return false }
        let frame = buffer.writable
        let maskBit: UInt8 = isMasking ? 0x80 : 0
        frame.storeBytes(of: (isFinal ? 0x80 : 0) | opcode.bits, as: UInt8.self)
        var headerCount = 2
        if count < 126 {
            frame.storeBytes(
                of: maskBit | UInt8(truncatingIfNeeded: count), toByteOffset: 1, as: UInt8.self)
        } else if count <= 0xFFFF {
            frame.storeBytes(of: maskBit | 126, toByteOffset: 1, as: UInt8.self)
            frame.storeBytes(
                of: UInt16(truncatingIfNeeded: count).bigEndian, toByteOffset: 2, as: UInt16.self)
            headerCount = 4
        } else {
            frame.storeBytes(of: maskBit | 127, toByteOffset: 1, as: UInt8.self)
            frame.storeBytes(of: UInt64(count).bigEndian, toByteOffset: 2, as: UInt64.self)
            headerCount = 10
        }
        if isMasking {
            let key = UInt32(truncatingIfNeeded: masks.next())
            frame.storeBytes(of: key, toByteOffset: headerCount, as: UInt32.self)
            headerCount &+= 4
            WebSocketMask.copy(payload, count, to: frame + headerCount, key: key)
        } else {
            (frame + headerCount).copyMemory(from: payload, byteCount: count)
        }
        buffer.commit(headerCount &+ count)
        return true
    }
}
