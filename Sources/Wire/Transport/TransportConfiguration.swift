import Machine

/// Whose time stamp a receive carries (SO_TIMESTAMPING).
public enum ReceiveTimestamps: String, Sendable, CaseIterable {
    case off
    /// The kernel's, when it takes the segment from the interface.
    case software
    /// The interface's where it makes one, whose clock somebody has to keep on the system's
    /// (phc2sys) and whose stamping somebody has to switch on (hwstamp_ctl); else the kernel's.
    case hardware
}

/// Sizes and choices of a transport; every bound is fixed here.
public struct TransportConfiguration: Sendable {
    /// Sockets at a time, listeners and closing ones included; 1...65536.
    public var slotCapacity = 64
    /// Submission queue entries; a power of two, 1...32768. A full queue is submitted early.
    public var submissionEntries = 256
    /// Completion queue entries; a power of two. What comes beyond it is kept by the kernel and
    /// counted as an overflow; large, because a stall of 40 ms fills thousands.
    public var completionEntries = 8192
    /// Receive buffers; a power of two, 1...32768. When all are held by the caller, receiving
    /// pauses and TCP holds the peer back.
    public var receiveBufferCount = 256
    /// Bytes of one receive buffer, 64...2^20.
    public var receiveBufferSize = 8192
    /// SO_SNDBUF and SO_RCVBUF in bytes, 0 for the system's choice.
    public var socketSendBytes = 0
    public var socketReceiveBytes = 0
    /// What ``Transport/wait(atMost:)`` does.
    public var idle = IdleStrategy.spin
    /// Ring transport: send by a system call at once, and through the ring only what does not fit.
    public var sendsAtOnce = false
    /// Direct transport: whether receives say how long their bytes lay in the kernel. A recvmsg
    /// instead of a recv; ``SocketEvent/waited``.
    public var receiveTimestamps = ReceiveTimestamps.off
    /// How buffer memory is asked for.
    public var memory: MemoryOptions = .populated
    /// Direct transport: listeners and pending connects are looked at every so many polls...
    public var coldPollInterval = 256
    /// ...and with more open sockets than this, one poll(2) asks for all before any is read.
    public var directSweepLimit = 4
    /// Most completions of no interest that one call of poll skips, 1...2^20.
    public var skipsPerPoll = 64
    /// Kernel features not to use although they are there: to test the fallbacks.
    public var disabled: KernelFeatures = []

    public init() {}

    func validate() {
        precondition((1...65536).contains(slotCapacity), "1 to 65536 slots")
        precondition(isPowerOfTwo(submissionEntries, upTo: 32768), "submission entries 2^n")
        precondition(isPowerOfTwo(completionEntries, upTo: 1 << 20), "completion entries 2^n")
        precondition(isPowerOfTwo(receiveBufferCount, upTo: 32768), "receive buffers 2^n")
        precondition((64...(1 << 20)).contains(receiveBufferSize), "buffers of 64 B to 1 MiB")
        precondition(coldPollInterval > 0 && directSweepLimit >= 0, "intervals are positive")
        precondition((1...(1 << 20)).contains(skipsPerPoll), "1 to 2^20 skips")
    }

    private func isPowerOfTwo(_ value: Int, upTo limit: Int) -> Bool {
        value > 0 && value <= limit && value & (value - 1) == 0
    }
}
