import Machine
import MarketModel
import Wire

extension TransportConfiguration {
    /// What a lane's connections need.
    init(_ lane: LaneConfiguration) {
        self.init()
        switch lane.idle {
        case .spin: idle = .spin
        case .spinThenWait(let spinning): idle = .spinThenWait(spinNanoseconds: spinning.count)
        }
        slotCapacity = 16
        receiveBufferSize = 16_384
        sendsAtOnce = lane.send == .call
        receiveTimestamps = lane.receiveTimestamps
        memory = lane.memory
    }
}

extension LaneConfiguration {
    /// How its large tables and buffers are asked for. Locking is the whole process's.
    var memory: MemoryOptions { usesHugePages ? [.populated, .hugePages] : .populated }

    /// What of the kernel or of a limit refuses the io_uring that this lane wants; `nil` when a
    /// run would get it. Makes it, and drops it again.
    public func ringRefusal() -> WireFailure? {
        do throws(WireFailure) {
            _ = try URingTransport(configuration: TransportConfiguration(self))
            return nil
        } catch {
            return error
        }
    }
}
