import MarketModel

/// A request whose answer is still out.
struct PendingRequest: BitwiseCopyable {
    var requestID: UInt64
    var orderID: ClientOrderID
    var replacedID: ClientOrderID
    var deadline: Timestamp
    var instrument: InstrumentIndex
    var kind: RequestKind
    /// A replacement that is placed even if the cancel fails.
    var mayKeepReplaced: Bool
    var isOpen: Bool

    @_noLocks
    init(
        requestID: UInt64, orderID: ClientOrderID, replacedID: ClientOrderID,
        deadline: Timestamp, instrument: InstrumentIndex, kind: RequestKind,
        mayKeepReplaced: Bool = false, isOpen: Bool
    ) {
        self.requestID = requestID
        self.orderID = orderID
        self.replacedID = replacedID
        self.deadline = deadline
        self.instrument = instrument
        self.kind = kind
        self.mayKeepReplaced = mayKeepReplaced
        self.isOpen = isOpen
    }
}

/// Requests on their way, found by number, oldest deadline first; a ring, since numbers ascend.
struct PendingRequests: ~Copyable {
    private let slots: UnsafeMutablePointer<PendingRequest>
    private let mask: UInt64
    /// No request below this number is still open.
    private var oldest: UInt64 = 1
    private var newest: UInt64 = 0
    private(set) var openCount = 0

    /// `capacity` must be a power of two.
    init(capacity: Int) {
        precondition(capacity > 0 && capacity & (capacity - 1) == 0, "capacity: a power of two")
        slots = .allocate(capacity: capacity)
        let empty = PendingRequest(
            requestID: 0, orderID: .none, replacedID: .none, deadline: .never,
            instrument: .none, kind: .query, isOpen: false)
        slots.initialize(repeating: empty, count: capacity)
        mask = UInt64(capacity - 1)
    }

    deinit { slots.deallocate() }

    /// Whether the next number would overwrite a request that is still open.
    var isFull: Bool {
        @_noLocks get { newest &+ 1 &- oldest > mask }
    }

    /// Stores a request; its number must be one above the last. The table must not be full.
    @_noLocks
    mutating func add(_ request: PendingRequest) {
        slots[Int(request.requestID & mask)] = request
        newest = request.requestID
        openCount &+= 1
    }

    /// Takes the request with this number; `nil` when it is not open (a second answer).
    @_noLocks
    mutating func take(_ requestID: UInt64) -> PendingRequest? {
        if requestID < oldest || requestID > newest { return nil }
        let slot = slots + Int(requestID & mask)
        if !slot.pointee.isOpen || slot.pointee.requestID != requestID { return nil }
        slot.pointee.isOpen = false
        openCount &-= 1
        let request = slot.pointee
        skipClosed()
        return request
    }

    /// Whether the order has been asked for and the answer is still out. Cold: looks at all.
    @_noLocks
    func holdsQuery(for order: ClientOrderID) -> Bool {
        var number = oldest
        while number <= newest {
            let request = slots + Int(number & mask)
            if request.pointee.isOpen, request.pointee.orderID.raw == order.raw {
                if case .query = request.pointee.kind { return true }
            }
            number &+= 1
        }
        return false
    }

    /// The deadline of the oldest open request.
    var earliest: Timestamp {
        @_noLocks get { openCount == 0 ? .never : slots[Int(oldest & mask)].deadline }
    }

    /// Takes one request whose deadline has passed, or any open one when `now` is `.never`.
    @_noLocks
    mutating func takeOverdue(_ now: Timestamp) -> PendingRequest? {
        if openCount == 0 { return nil }
        let slot = slots[Int(oldest & mask)]
        if slot.deadline > now { return nil }
        return take(oldest)
    }

    private mutating func skipClosed() {
        while oldest <= newest, !slots[Int(oldest & mask)].isOpen { oldest &+= 1 }
    }
}
