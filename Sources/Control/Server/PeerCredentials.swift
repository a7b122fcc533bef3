import Glibc

/// The process at the other end of a Unix socket, as the kernel knows it (SO_PEERCRED).
public struct PeerCredentials: Sendable, Equatable {
    public var pid: Int32
    public var uid: UInt32
    public var gid: UInt32

    public init(pid: Int32, uid: UInt32, gid: UInt32) {
        self.pid = pid
        self.uid = uid
        self.gid = gid
    }

    /// Reads the peer of a connected socket; `nil` when the kernel refuses.
    init?(of descriptor: Int32) {
        // struct ucred is three 32-bit words; glibc shows it only to GNU sources.
        var words: (Int32, UInt32, UInt32) = (0, 0, 0)
        var length = socklen_t(MemoryLayout.size(ofValue: words))
        guard getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &words, &length) == 0,
            length == 12
        else { return nil }
        self.init(pid: words.0, uid: words.1, gid: words.2)
    }

    /// The engine obeys its own user and root, nobody else.
    public func mayControl(engineOf owner: UInt32) -> Bool { uid == owner || uid == 0 }
}
