import CFloor
import CLinuxURing
import Glibc
import Machine
import Synchronization

/// Sealed orders of one cycle on their way into the kernel: what `lanes[].send` chooses between.
///
/// One socket, a reader that spins on the other core, and nothing under way when the watch starts.
/// What is measured ends when the kernel has every byte and, of a ring, its completions are read.
enum SendBenchmark {
    static func rows(_ options: BenchmarkOptions, _ cores: Cores) throws -> [BenchmarkRow] {
        var port: UInt16 = 0
        let listener = cfloor_listen(&port)
        if listener < 0 { throw BenchmarkFailure("no port for the reader") }
        defer { cfloor_close(listener) }
        let taken = SendReader()
        let reader = try cores.startOther { taken.read(from: listener) }
        defer { reader.join() }
        return try cores.measure { [port] in
            let bench = try SendBench(port, taken)
            let meter = Meter(options: options)
            return [1, 2, 4, 8].map { meter.measure(bench.contest(orders: $0)) }
        }
    }
}

/// Reads whatever comes and counts it.
private final class SendReader: Sendable {
    let count = Atomic<Int>(0)

    func read(from listener: Int32) {
        let socket = cfloor_accept(listener, 5_000)
        if socket < 0 { return }
        defer { cfloor_close(socket) }
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let received = clinux_uring_recv(socket, &bytes, bytes.count)
            if received > 0 {
                count.wrappingAdd(received, ordering: .releasing)
            } else if received == 0 || (received != Int(-EAGAIN) && received != Int(-EINTR)) {
                return
            }
        }
    }
}

/// The sending end, on the thread that made it.
private final class SendBench {
    /// An order of 200 bytes in its TLS record.
    private static let orderBytes = 222
    private static let mostOrders = 8
    /// IORING_SETUP_SINGLE_ISSUER and _DEFER_TASKRUN, as a lane's ring has them.
    private static let ringFlags: UInt32 = 1 << 12 | 1 << 13
    /// IOSQE_IO_LINK: the next entry starts when this one is done.
    private static let link: UInt8 = 1 << 2

    private let socket: Int32
    private let reader: SendReader
    private let ring: UnsafeMutablePointer<io_uring>
    private let orders: UnsafeMutableRawPointer
    private var sent = 0

    init(_ port: UInt16, _ reader: SendReader) throws(BenchmarkFailure) {
        self.reader = reader
        socket = cfloor_connect(port)
        ring = .allocate(capacity: 1)
        ring.initialize(to: io_uring())
        let bytes = Self.orderBytes * Self.mostOrders
        orders = .allocate(byteCount: bytes, alignment: 64)
        orders.initializeMemory(as: UInt8.self, repeating: 7, count: bytes)
        guard socket >= 0, clinux_uring_create(ring, 16, 64, Self.ringFlags) == 0,
            io_uring_register_files_sparse(ring, 1) == 0,
            clinux_uring_set_file(ring, 0, socket) == 0, io_uring_register_ring_fd(ring) == 1
        else { throw BenchmarkFailure("no connection or no ring for sending") }
    }

    deinit {
        io_uring_queue_exit(ring)
        ring.deallocate()
        orders.deallocate()
        cfloor_close(socket)
    }

    func contest(orders count: Int) -> Contest {
        var contest = Contest(
            name: "\(count) sealed \(count == 1 ? "order" : "orders"), a send each", batch: 1,
            ours: contestant("apus") { $0.sendEach(count) })
        contest.peers = [contestant("ring, one submit") { $0.submit(count, linkedBy: 0) }]
        if count > 1 {
            contest.peers.append(
                contestant("ring, linked") { $0.submit(count, linkedBy: Self.link) })
            contest.peers.append(
                contestant("one send of all") { $0.send(0, Self.orderBytes * count) })
        }
        return contest
    }

    private func contestant(_ name: String, _ body: @escaping (SendBench) -> Void) -> Contestant {
        Contestant(
            name,
            prepare: { [self] _ in while reader.count.load(ordering: .acquiring) < sent {} },
            { [self] count in for _ in 0..<count { body(self) } })
    }

    private func sendEach(_ count: Int) {
        for order in 0..<count { send(order * Self.orderBytes, Self.orderBytes) }
    }

    private func send(_ offset: Int, _ count: Int) {
        let taken = clinux_uring_send(socket, orders + offset, count)
        precondition(taken == count, "the kernel takes everything of a send")
        sent += count
    }

    private func submit(_ count: Int, linkedBy link: UInt8) {
        let fixedFile = UInt8(clinux_uring_sqe_fixed_file)
        for order in 0..<count {
            guard let entry = clinux_uring_next_sqe(ring) else {
                preconditionFailure("the queue has room for every order")
            }
            clinux_uring_prepare_send(
                entry, 0, orders + order * Self.orderBytes, UInt32(Self.orderBytes),
                order + 1 < count ? fixedFile | link : fixedFile, UInt64(order))
        }
        precondition(clinux_uring_submit(ring) == count, "the kernel takes every entry")
        var done = 0
        while done < count {
            guard let completion = clinux_uring_peek(ring) else {
                _ = clinux_uring_get_events(ring)
                continue
            }
            precondition(
                completion.pointee.res == Self.orderBytes, "the kernel takes everything of a send")
            clinux_uring_advance(ring)
            done += 1
        }
        sent += count * Self.orderBytes
    }
}
