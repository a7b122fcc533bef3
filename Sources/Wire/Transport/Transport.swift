/// Sockets for one thread: what a lane receives through and sends through.
///
/// Non-blocking throughout: calls start things, ``poll()`` says what came of them. Create it on the
/// thread that uses it and use it nowhere else. A slot number belongs to the caller from `connect`,
/// `listen` or an `accepted` event until `close` or `reset`, whatever happens to the connection;
/// afterwards no event mentions it until it is given out again.
///
/// Two ways to the kernel behind one compile-time parameter: ``URingTransport`` for any number of
/// sockets, ``DirectTransport`` for a lane with one hot socket (a fifth faster there) and for
/// kernels without io_uring.
public protocol Transport: ~Copyable {
    /// Takes all memory now. Throws ``WireFailure/ioUringRefused(errno:)`` or `.outOfMemory`.
    init(configuration: TransportConfiguration) throws(WireFailure)

    /// Starts a connection; `connected` or `connectFailed` follows. Cold.
    mutating func connect(to address: SocketAddress) throws(WireFailure) -> Int

    /// Accepts connections from now on; an `accepted` event each. Cold.
    mutating func listen(on address: SocketAddress, backlog: Int) throws(WireFailure) -> Int

    /// Ends a connection: what the kernel has taken is still delivered, then FIN. Cold.
    mutating func close(_ slot: Int)

    /// Ends our direction only; the peer reads an end of stream, we go on receiving. Cold.
    mutating func shutdownWrite(_ slot: Int)

    /// Ends a connection with RST; what is not delivered is lost. Cold.
    mutating func reset(_ slot: Int)

    /// The next event, `.none` when there is none. Never sleeps; without events one load.
    mutating func poll() -> SocketEvent

    /// Gives the receive buffer of a `received` event back; for other events does nothing.
    mutating func release(_ event: SocketEvent)

    /// Starts a send; the bytes must stay in place and unchanged until it is done, and there is at
    /// most one at a time per slot.
    ///
    /// Returns the number of bytes taken at once (direct), 0 when a `sent` event will follow
    /// (io_uring), or -errno: -EAGAIN to try again next cycle, others mean a lost connection.
    mutating func send(_ slot: Int, _ bytes: UnsafeRawPointer, _ count: Int) -> Int

    /// Hands everything started to the kernel: once per duty cycle, at most one system call.
    mutating func flush()

    /// Idles as configured until an event may be there or `nanoseconds` have passed. Flushes first.
    mutating func wait(atMost nanoseconds: Int64)

    /// The socket of a slot, for settings beyond what is here; -1 where there is none. Cold.
    func file(of slot: Int) -> Int32

    /// Our own and the peer's address of a slot; `nil` when there is none. Cold.
    func localAddress(of slot: Int) -> SocketAddress?
    func peerAddress(of slot: Int) -> SocketAddress?

    /// What happened so far that the events do not tell.
    var statistics: TransportStatistics { get }
}

/// Counts of the unusual, since the transport was made.
public struct TransportStatistics: BitwiseCopyable, Sendable, Equatable {
    /// Completion queue overflows: the lane stalled longer than the queue is deep.
    public var overflows: Int64 = 0
    /// Receives that found no free buffer.
    public var starvations: Int64 = 0
    /// Receives and accepts started again after the kernel had ended them.
    public var rearms: Int64 = 0
    /// Completions for slots already closed, dropped.
    public var stale: Int64 = 0
    /// Connections refused because all slots were in use.
    public var refusedConnections: Int64 = 0
    /// Entries into the kernel to run deferred task work.
    public var taskRuns: Int64 = 0

    public init() {}
}
