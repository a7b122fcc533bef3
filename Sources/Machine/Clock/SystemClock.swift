import CLinuxURing

/// What the kernel knows of its clock's discipline.
public enum SystemClock {
    /// The bound of the clock's error in nanoseconds; `nil` while nobody synchronises it. A virtual
    /// machine may follow its host's clock all the same. Cold.
    public static var maximumError: Int64? {
        let microseconds = clinux_uring_clock_error()
        return microseconds < 0 ? nil : microseconds * 1_000
    }
}
