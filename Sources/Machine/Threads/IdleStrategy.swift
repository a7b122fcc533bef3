/// What a lane does when a duty cycle found nothing to do.
public enum IdleStrategy: BitwiseCopyable, Sendable, Equatable {
    /// Keep looking: lowest latency, one core always busy.
    case spin
    /// Keep looking for a while, then sleep in the kernel until something happens: about 5 us more
    /// for the first event after a pause.
    case spinThenWait(spinNanoseconds: Int64)
}
