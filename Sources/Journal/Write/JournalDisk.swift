import Glibc

/// What the journal's thread asks of the disk, so that a simulation can refuse it.
package struct JournalDisk: Sendable {
    /// Reserves the blocks of a new file; 0, or the error's number.
    package var reserve: @Sendable (_ descriptor: Int32, _ count: Int) -> Int32
    /// Cuts a file to so many bytes; 0, or the error's number.
    package var cut: @Sendable (_ descriptor: Int32, _ count: Int) -> Int32
    /// Forces a file's bytes to the disk; 0, or the error's number.
    package var force: @Sendable (_ descriptor: Int32) -> Int32
    /// Whether it writes pages back, which protects them: the next store to one is a fault.
    package let writesBack: Bool

    package init(
        reserve: @escaping @Sendable (Int32, Int) -> Int32,
        cut: @escaping @Sendable (Int32, Int) -> Int32,
        force: @escaping @Sendable (Int32) -> Int32, writesBack: Bool = true
    ) {
        self.reserve = reserve
        self.cut = cut
        self.force = force
        self.writesBack = writesBack
    }

    package static let system = JournalDisk(
        reserve: { posix_fallocate($0, 0, $1) },
        cut: { ftruncate($0, $1) == 0 ? 0 : errno },
        force: { fdatasync($0) == 0 ? 0 : errno })
}
