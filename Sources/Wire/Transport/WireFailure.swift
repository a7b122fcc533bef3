/// Why something on the wire could not be set up; payload-free or one errno value.
public enum WireFailure: Error, Equatable, Sendable {
    /// io_uring is not there or not permitted (ENOSYS, EPERM): use the direct transport.
    case ioUringRefused(errno: Int32)
    /// The kernel had no memory for buffers or slots.
    case outOfMemory
    /// All slots are in use.
    case noFreeSlot
    /// No socket (EMFILE, ENFILE, EAFNOSUPPORT).
    case socketRefused(errno: Int32)
    /// The address cannot be bound or listened on (EADDRINUSE, EACCES).
    case listenRefused(errno: Int32)
    /// The host has no address, or the name service did not answer.
    case hostNotFound
}
