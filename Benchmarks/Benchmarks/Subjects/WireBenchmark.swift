import CFloor
import Machine
import Wire

/// WebSocket frames in memory, and messages through the kernel's loopback and back.
enum WireBenchmark {
    private static let messageBytes = 200

    static func run(_ options: BenchmarkOptions) throws -> BenchmarkReport {
        let cores = try Cores(options)
        try cores.requireTwo()
        var rows = try cores.measure {
            let frames = try FrameBench()
            return [Meter(options: options).measure(frames.contest)]
        }
        let perRound = max(1, min(options.samples, 20_000) / BenchmarkOptions.rounds)
        var direct: [Double] = []
        var uring: [Double] = []
        var calling: [Double] = []
        var floor: [Double] = []
        for _ in 0..<BenchmarkOptions.rounds {
            direct += try roundTrips(DirectTransport.self, perRound, cores)
            uring += try roundTrips(URingTransport.self, perRound, cores)
            calling += try roundTrips(URingTransport.self, perRound, cores, sendsAtOnce: true)
            if options.hasFloor { floor += try floorRoundTrips(perRound, cores) }
        }
        for (name, values) in [
            ("direct", direct), ("uring", uring), ("uring, send: call", calling),
        ] {
            var row = BenchmarkRow(
                name: "loopback round trip, \(name)", batch: 1, values: Distribution(values))
            if options.hasFloor { row.setFloor(Distribution(floor)) }
            rows.append(row)
        }
        rows += try SendBenchmark.rows(options, cores)
        return BenchmarkReport(
            "wire", rows: rows,
            notes: [
                "\(messageBytes) bytes over TCP to a C program that echoes them, and back",
                "orders of 222 bytes on one socket, until the kernel has them and the completions "
                    + "of a ring are read",
                "a frame of the floor is masked by the same kind of generator",
            ])
    }

    /// Round trips of one of our transports; one connection, as a lane with one hot socket.
    private static func roundTrips<Wires: Transport & SendableMetatype & ~Copyable>(
        _ wires: Wires.Type, _ count: Int, _ cores: Cores, sendsAtOnce: Bool = false
    ) throws -> [Double] {
        try withEcho(cores) { port in
            try cores.measure {
                var caller = try Caller<Wires>.connect(to: port, sendsAtOnce)
                return try caller.call(count, bytes: messageBytes)
            }
        }
    }

    private static func floorRoundTrips(_ count: Int, _ cores: Cores) throws -> [Double] {
        try withEcho(cores) { port in
            try cores.measure {
                let socket = cfloor_connect(port)
                if socket < 0 { throw BenchmarkFailure("the echo is not there") }
                defer { cfloor_close(socket) }
                let watch = Stopwatch()
                var ticks = [UInt64](repeating: 0, count: count + warmUp)
                let done = cfloor_call(socket, messageBytes, count + warmUp, &ticks)
                if done < count + warmUp { throw BenchmarkFailure("the echo has ended") }
                return ticks.dropFirst(warmUp).map(watch.nanoseconds)
            }
        }
    }

    private static func withEcho<Result>(
        _ cores: Cores, _ body: (UInt16) throws -> Result
    ) throws -> Result {
        var port: UInt16 = 0
        let listener = cfloor_listen(&port)
        if listener < 0 { throw BenchmarkFailure("no port for the echo") }
        defer { cfloor_close(listener) }
        let echo = try cores.startOther {
            let socket = cfloor_accept(listener, 5_000)
            if socket < 0 { return }
            cfloor_echo(socket, messageBytes)
            cfloor_close(socket)
        }
        defer { echo.join() }
        return try body(port)
    }
}

private let warmUp = 200

/// One connection over a transport.
private struct Caller<Wires: Transport & ~Copyable>: ~Copyable {
    private var transport: Wires
    private let slot: Int
    private let watch = Stopwatch()

    private init(_ transport: consuming Wires, _ slot: Int) {
        self.transport = transport
        self.slot = slot
    }

    /// A connection that stands.
    static func connect(to port: UInt16, _ sendsAtOnce: Bool) throws -> Caller {
        var configuration = TransportConfiguration()
        configuration.slotCapacity = 8
        configuration.sendsAtOnce = sendsAtOnce
        var transport = try Wires(configuration: configuration)
        guard let address = SocketAddress(numeric: "127.0.0.1", port: port) else {
            throw BenchmarkFailure("127.0.0.1 is an address")
        }
        let slot = try transport.connect(to: address)
        transport.flush()
        while true {
            let event = transport.poll()
            if event.kind == .connected { return Caller(transport, slot) }
            if event.kind == .connectFailed { throw BenchmarkFailure("the echo is not there") }
        }
    }

    mutating func call(_ count: Int, bytes: Int) throws -> [Double] {
        let message = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
        message.initializeMemory(as: UInt8.self, repeating: 7, count: bytes)
        defer { message.deallocate() }
        var samples: [Double] = []
        samples.reserveCapacity(count)
        for turn in 0..<(count + warmUp) {
            let start = TSCClock.ticks()
            let sent = transport.send(slot, message, bytes)
            if sent < 0 { throw BenchmarkFailure("a send was refused: \(sent)") }
            transport.flush()
            try wait(for: bytes, isSent: sent > 0)
            if turn >= warmUp { samples.append(watch.nanoseconds(TSCClock.ticks() &- start)) }
        }
        transport.close(slot)
        transport.flush()
        return samples
    }

    /// Polls until the message is back and its send is done.
    private mutating func wait(for bytes: Int, isSent: Bool) throws {
        var received = 0
        var isSent = isSent
        while received < bytes || !isSent {
            let event = transport.poll()
            if event.kind == .none { continue }
            if event.kind == .received {
                received += Int(event.count)
            } else if event.kind == .sent {
                isSent = true
            } else {
                throw BenchmarkFailure("the echo has ended")
            }
            transport.release(event)
        }
    }
}

/// Writing a client's text frame.
private final class FrameBench {
    private static let payloadBytes = 250
    private let writer: UnsafeMutablePointer<WebSocketWriter>
    private let buffer: UnsafeMutablePointer<ByteBuffer>
    private let payload: UnsafeMutableRawPointer
    private let desk: OpaquePointer
    private var length = 0

    init() throws(BenchmarkFailure) {
        desk = try FloorDesk.make(every: 1)
        writer = .allocate(capacity: 1)
        writer.initialize(to: WebSocketWriter(maskSeed: 7))
        buffer = .allocate(capacity: 1)
        buffer.initialize(to: ByteBuffer(capacity: 4096))
        payload = .allocate(byteCount: Self.payloadBytes, alignment: 64)
        payload.initializeMemory(as: UInt8.self, repeating: 0x61, count: Self.payloadBytes)
    }

    deinit {
        writer.deallocate()
        buffer.deinitialize(count: 1)
        buffer.deallocate()
        payload.deallocate()
        cfloor_desk_destroy(desk)
    }

    var contest: Contest {
        Contest(
            name: "frame and mask an order", batch: 50,
            ours: Contestant("apus") { [self] count in
                let (writer, buffer, payload) = (writer, buffer, payload)
                for _ in 0..<count {
                    buffer.pointee.removeAll()
                    _ = writer.pointee.append(
                        .text, payload, Self.payloadBytes, to: &buffer.pointee)
                }
            },
            floor: Contestant("C floor") { [self] count in length += cfloor_frames(desk, count) })
    }
}
