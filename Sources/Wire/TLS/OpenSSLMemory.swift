import COpenSSL

/// Where OpenSSL's memory comes from: a pool of each thread, so that records cost no `malloc`.
///
/// The pool is installed when the program loads. It is absent only when a shared library used
/// OpenSSL before that; then everything works and allocates as OpenSSL does by itself.
public enum OpenSSLMemory {
    /// What the calling thread has asked for on OpenSSL's behalf since it began.
    public struct Statistics: Equatable, Sendable {
        /// Requests that reached the C library.
        public let libraryAllocations: UInt64
        /// Blocks given back to the C library.
        public let libraryFrees: UInt64
        /// Requests that the thread's own lists answered.
        public let pooledAllocations: UInt64
    }

    /// True when OpenSSL uses the pool.
    public static var isPooled: Bool { copenssl_pool_is_installed() == 1 }

    /// The calling thread's figures.
    public static var statistics: Statistics {
        let read = copenssl_pool_read_statistics()
        return Statistics(
            libraryAllocations: read.libc_allocations, libraryFrees: read.libc_frees,
            pooledAllocations: read.pooled_allocations)
    }
}
