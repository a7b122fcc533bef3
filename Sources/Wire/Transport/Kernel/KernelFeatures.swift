/// What io_uring can do beyond its first release, as far as the transport uses it.
public struct KernelFeatures: OptionSet, BitwiseCopyable, Sendable, Hashable {
    public let rawValue: UInt16
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// SINGLE_ISSUER | DEFER_TASKRUN | TASKRUN_FLAG: completions are made when we ask.
    public static let deferredTaskRun = KernelFeatures(rawValue: 1 << 0)
    /// COOP_TASKRUN | TASKRUN_FLAG: no interrupt for a completion.
    public static let cooperativeTaskRun = KernelFeatures(rawValue: 1 << 1)
    /// A table of sockets the kernel need not look up per operation.
    public static let registeredFiles = KernelFeatures(rawValue: 1 << 2)
    /// The ring's own descriptor in such a table.
    public static let registeredRing = KernelFeatures(rawValue: 1 << 3)
    /// A ring of receive buffers the kernel takes from.
    public static let bufferRing = KernelFeatures(rawValue: 1 << 4)
    /// One receive operation for the whole life of a connection.
    public static let multishotReceive = KernelFeatures(rawValue: 1 << 5)
    /// One accept operation for the whole life of a listener.
    public static let multishotAccept = KernelFeatures(rawValue: 1 << 6)

    public static let all: KernelFeatures = [
        .deferredTaskRun, .cooperativeTaskRun, .registeredFiles, .registeredRing, .bufferRing,
        .multishotReceive, .multishotAccept,
    ]
}

/// One kernel feature as `apus check` prints it.
public struct KernelFeatureLine: Sendable, Equatable {
    public var feature: KernelFeatures
    public var name: String
    /// First kernel release that has it.
    public var minimumKernel: String
    /// Whether this kernel has it.
    public var isAvailable: Bool
    /// What is done without it.
    public var fallback: String
}

extension KernelFeatures {
    /// Name, first kernel release and what is done without it, in the order they are set up.
    static let descriptions:
        [(feature: KernelFeatures, name: String, kernel: String, fallback: String)] = [
            (
                .deferredTaskRun, "deferred task run, single issuer", "6.1",
                "cooperative task run: about 0.3 us more a message"
            ),
            (
                .cooperativeTaskRun, "cooperative task run with flag", "5.19",
                "completions by interrupt: 2 to 16 us more a message"
            ),
            (.registeredFiles, "registered files", "5.19", "plain descriptors"),
            (.registeredRing, "registered ring descriptor", "5.18", "plain descriptor"),
            (.bufferRing, "provided-buffer ring", "5.19", "a buffer of its own per receive"),
            (
                .multishotReceive, "multishot receive", "6.0",
                "a receive per message: about 1 us more"
            ),
            (.multishotAccept, "multishot accept", "5.19", "an accept per connection"),
        ]
}
