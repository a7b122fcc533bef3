import Glibc
import Wire

/// One direction of a connection: what was read at one end and not yet written at the other.
struct ProxiedStream {
    /// What a read or a write came to.
    enum Outcome {
        case open, broken
    }

    /// Read at most so far ahead; TCP's own flow control holds the sender back then.
    private static let mostQueued = 1 << 20

    private struct Piece {
        var bytes: ArraySlice<UInt8>
        /// Not before this moment.
        var due: Int64
    }

    let source: Int32
    let sink: Int32
    private var pieces: [Piece] = []
    private var queued = 0
    private var records = RecordBoundaries()
    /// The source has said its last byte.
    private(set) var hasEnded = false
    /// The sink has heard so.
    private(set) var isShut = false
    /// The sink takes nothing for the moment.
    private(set) var isBlocked = false
    private(set) var forwarded = 0

    // MARK: Faults

    /// Nothing passes before this moment.
    var heldUntil: Int64 = 0
    /// Added to every piece that is read before `delayedUntil`, with as much jitter again.
    var latency: Int64 = 0
    var delayedUntil: Int64 = 0
    /// One small piece at a time before this moment.
    var drippingUntil: Int64 = 0
    private var lastDrop: Int64 = 0
    /// The next byte that comes is changed.
    var mustCorrupt = false
    /// Goes before the next record.
    var insertion: [UInt8] = []
    /// What has been done to its bytes and not been counted yet.
    var harm: [ChaosFault] = []
    /// Bytes that still pass before the connection is cut.
    var bytesUntilCut: Int?

    private static let dropInterval: Int64 = 20_000_000
    private static let dropBytes = 8

    init(from source: Int32, to sink: Int32) {
        self.source = source
        self.sink = sink
    }

    var wantsBytes: Bool { !hasEnded && queued < Self.mostQueued }
    var isFinished: Bool { hasEnded && isShut }

    /// When there is something to do although no socket says so; `nil`: never.
    var nextTime: Int64? {
        guard let first = pieces.first, !isBlocked else { return nil }
        return max(first.due, heldUntil, drippingUntil > lastDrop ? lastDrop + Self.dropInterval : 0)
    }

    /// Takes what the source has.
    mutating func read(now: Int64, _ random: inout SeededRandom) -> Outcome {
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while wantsBytes {
            let count = recv(source, &chunk, chunk.count, 0)
            if count == 0 {
                hasEnded = true
            } else if count < 0 {
                return errno == EAGAIN || errno == EINTR ? .open : .broken
            } else if !isShut {
                append(chunk[..<count], now: now, &random)
            }
        }
        return .open
    }

    private mutating func append(
        _ bytes: ArraySlice<UInt8>, now: Int64, _ random: inout SeededRandom
    ) {
        var bytes = bytes
        let boundary = records.follow(bytes)
        if mustCorrupt {
            mustCorrupt = false
            harm.append(.corrupt)
            let place = Int.random(in: bytes.indices, using: &random)
            bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        }
        if let boundary, !insertion.isEmpty {
            bytes.insert(contentsOf: insertion, at: boundary)
            insertion = []
            harm.append(.alert)
        }
        var due = now
        if now < delayedUntil { due += latency + Int64.random(in: 0...latency, using: &random) }
        // TCP keeps the order: nothing overtakes.
        if let last = pieces.last { due = max(due, last.due) }
        pieces.append(Piece(bytes: bytes, due: due))
        queued += bytes.count
    }

    /// Hands on what is due; says goodbye once everything is through.
    mutating func write(now: Int64) -> Outcome {
        isBlocked = false
        while let first = pieces.first, first.due <= now, heldUntil <= now, !isShut {
            var most = min(first.bytes.count, bytesUntilCut ?? .max)
            if now < drippingUntil {
                if now - lastDrop < Self.dropInterval { return .open }
                lastDrop = now
                most = min(most, Self.dropBytes)
            }
            if most == 0 { return .open }
            let count = first.bytes.withUnsafeBytes {
                send(sink, $0.baseAddress, most, Int32(MSG_NOSIGNAL))
            }
            if count < 0 {
                if errno == EAGAIN { isBlocked = true }
                return errno == EAGAIN || errno == EINTR ? .open : .broken
            }
            drop(count)
        }
        if hasEnded, pieces.isEmpty { shut() }
        return .open
    }

    private mutating func drop(_ count: Int) {
        queued -= count
        forwarded += count
        if let left = bytesUntilCut { bytesUntilCut = left - count }
        pieces[0].bytes.removeFirst(count)
        if pieces[0].bytes.isEmpty { pieces.removeFirst() }
    }

    /// Tells the sink that nothing more comes; what still does is thrown away.
    mutating func shut() {
        if isShut { return }
        isShut = true
        pieces = []
        queued = 0
        shutdown(sink, Int32(SHUT_WR))
    }

    /// Passes nothing on any more, and says nothing of it.
    mutating func hush() {
        isShut = true
        pieces = []
        queued = 0
    }
}
