/// Messages that were taken while two connections tell of the same: what comes again is known.
///
/// Words on a balance are no news twice: the older one, heard again after the newer, would count as
/// the present. A handle over raw memory; a message is known by a hash of its bytes behind the
/// number of its subscription, and forgotten when another falls on its place.
struct HeardMessages: BitwiseCopyable {
    private static var capacity: Int { @_noLocks get { 1_024 } }
    private let hashes: UnsafeMutablePointer<UInt64>

    init() {
        hashes = .allocate(capacity: Self.capacity)
        hashes.initialize(repeating: 0, count: Self.capacity)
    }

    func deallocate() { hashes.deallocate() }

    /// Notes a message; `false` for one that is noted already.
    @_noLocks
    func isNew(_ message: MessageText) -> Bool {
        let hash = Self.hash(message)
        let place = Int(truncatingIfNeeded: hash) & (Self.capacity &- 1)
        if hashes[place] == hash { return false }
        hashes[place] = hash
        return true
    }

    /// Eight bytes at a time, as wyhash's multiplication mixes them; never 0.
    private static func hash(_ message: MessageText) -> UInt64 {
        let start = eventOffset(message)
        var place = start
        var hash: UInt64 = 0x9E37_79B9_7F4A_7C15
        while place &+ 8 <= message.count {
            hash = mix(hash ^ message.bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self))
            place &+= 8
        }
        var rest: UInt64 = 0
        while place < message.count {
            rest = rest &<< 8 | UInt64(message.bytes.load(fromByteOffset: place, as: UInt8.self))
            place &+= 1
        }
        return mix(hash ^ rest ^ UInt64(truncatingIfNeeded: message.count &- start)) | 1 &<< 63
    }

    private static func mix(_ value: UInt64) -> UInt64 {
        let product = value.multipliedFullWidth(by: 0xE703_7ED1_A0B4_28DB)
        return product.high ^ product.low
    }

    /// Where the event begins: behind `{"subscriptionId":N,`, whose number is the connection's.
    /// An answer begins with its own number, which stays.
    private static func eventOffset(_ message: MessageText) -> Int {
        let begin: StaticString = "{\"subscriptionId\":"
        if message.isBinary || message.count < begin.utf8CodeUnitCount { return 0 }
        var place = 0
        while place < begin.utf8CodeUnitCount {
            if message.bytes.load(fromByteOffset: place, as: UInt8.self) != begin.utf8Start[place] {
                return 0
            }
            place &+= 1
        }
        while place < message.count, place < 32 {
            if message.bytes.load(fromByteOffset: place, as: UInt8.self) == UInt8(ascii: ",") {
                return place
            }
            place &+= 1
        }
        return 0
    }
}
