/// XOR with a repeated 4-byte key (RFC 6455 section 5.3), 32 bytes a step.
enum WebSocketMask {
    /// Masks or unmasks `count` bytes in place; touches no other byte. `key` is in wire order.
    @_noLocks static func apply(_ bytes: UnsafeMutableRawPointer, _ count: Int, key: UInt32) {
        copy(bytes, count, to: bytes, key: key)
    }

    /// Masks or unmasks `count` bytes of `source` on the way to `bytes`, which may be the same place
    /// and may not overlap it otherwise. In one pass: a second one would wait for the first's stores.
    @_noLocks static func copy(
        _ source: UnsafeRawPointer, _ count: Int, to bytes: UnsafeMutableRawPointer, key: UInt32
    ) {
        let wide = SIMD8<UInt32>(repeating: key)
        let word = UInt64(key) &<< 32 | UInt64(key)
        var at = 0
        while at &+ 32 <= count {
            let block = source.loadUnaligned(fromByteOffset: at, as: SIMD8<UInt32>.self) ^ wide
            bytes.storeBytes(of: block, toByteOffset: at, as: SIMD8<UInt32>.self)
            at &+= 32
        }
        while at &+ 8 <= count {
            let block = source.loadUnaligned(fromByteOffset: at, as: UInt64.self) ^ word
            bytes.storeBytes(of: block, toByteOffset: at, as: UInt64.self)
            at &+= 8
        }
        var rest = word
        while at < count {
            let byte = source.load(fromByteOffset: at, as: UInt8.self)
            bytes.storeBytes(
                of: byte ^ UInt8(truncatingIfNeeded: rest), toByteOffset: at, as: UInt8.self)
            rest &>>= 8
            at &+= 1
        }
    }
}
