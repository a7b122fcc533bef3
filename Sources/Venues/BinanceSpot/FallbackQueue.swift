import MarketModel

/// Requests of the core that wait for their turn on the REST connection; oldest first.
///
/// A handle over raw memory with room for ``capacity`` requests.
struct FallbackQueue: BitwiseCopyable {
    /// A power of two.
    static var capacity: Int { @_noLocks get { 64 } }
    private let requests: UnsafeMutablePointer<OrderRequest>
    private var taken = 0
    private var added = 0

    init() { requests = .allocate(capacity: Self.capacity) }

    func deallocate() { requests.deallocate() }

    var isEmpty: Bool {
        @_noLocks get { added == taken }
    }

    /// Whether so many more fit.
    @_noLocks
    func hasRoom(for count: Int) -> Bool { added &- taken &+ count <= Self.capacity }

    /// Adds a request, for which there must be room; the orders of a list one behind the other.
    @_noLocks
    mutating func add(_ request: OrderRequest) {
        (requests + (added & (Self.capacity &- 1))).initialize(to: request)
        added &+= 1
    }

    mutating func next() -> OrderRequest? {
        if isEmpty { return nil }
        defer { taken += 1 }
        return requests[taken & (Self.capacity - 1)]
    }

    mutating func removeAll() { taken = added }
}
