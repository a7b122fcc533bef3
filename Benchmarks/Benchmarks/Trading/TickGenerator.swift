import CFloor
import CLinuxURing
import Emulator
import Foundation
import Machine
import MarketModel
import Wire

/// The other end of the way from tick to order: the emulated exchange and the floor's venue, in a
/// process of its own on a core of its own.
///
/// Speaks lines. To it: `open`, `measure <schedule> <file>`, `floor <schedule> <file>`, `quit`.
/// From it: `ready <exchange port> <floor port>`, then `ok` or `failed <why>`; a measurement writes
/// the latencies of its orders to the file, nanoseconds as 64-bit numbers in the order of the ticks that
/// ask for them, below 0 for an order that did not come.
package final class TickGenerator {
    private let exchange: PacedExchange<DirectTransport>
    private let input: LineMailbox
    private let priority: Int?
    private let output: FileHandle
    private let listener: Int32
    private let floorPort: UInt16
    private let watch = Stopwatch()
    /// The first update number of the next schedule: the engine ignores what is not newer.
    private var firstUpdate = SampleTicks.firstUpdate
    private var buffer = [UInt8](repeating: 0, count: 1 << 16)

    /// `directory` holds the certificates that the engine trusts.
    init(directory: String, input: LineMailbox, output: FileHandle, priority: Int?) throws {
        let place = directory + "/certificates"
        let tls = try TLSServerContext(
            chainFile: place + "/chain.pem", keyFile: place + "/key.pem")
        exchange = try PacedExchange(
            sockets: DirectTransport(configuration: TransportConfiguration()),
            configuration: SampleRun(directory: directory, every: 1).exchange(), tls: tls,
            clock: TSCClock.calibrated())
        var port: UInt16 = 0
        listener = cfloor_listen(&port)
        if listener < 0 { throw BenchmarkFailure("no port for the floor") }
        floorPort = port
        self.input = input
        self.output = output
        self.priority = priority
    }

    deinit { cfloor_close(listener) }

    /// Serves until it is told to quit, or the other side is gone.
    func run() {
        say("ready \(exchange.port) \(floorPort)")
        while true {
            exchange.turn(longestWait: 1_000_000)
            guard let line = input.take() else { continue }
            let words = line.split(separator: " ", maxSplits: 1).map(String.init)
            switch words.first {
            case "open":
                exchange.holdsMarket = false
                say("ok")
            case "measure", "floor":
                perform(words)
            default: return
            }
        }
    }

    private func perform(_ words: [String]) {
        do {
            let parts = (words.last ?? "").split(separator: " ")
            guard words.count == 2, parts.count == 5,
                let schedule = TickSchedule(line: parts.prefix(4).joined(separator: " "))
            else { throw BenchmarkFailure("not understood: \(words)") }
            let samples = try Cores.urgently(priority) {
                words[0] == "floor" ? try playFloor(schedule) : try play(schedule)
            }
            try samples.withUnsafeBytes { Data($0) }
                .write(to: URL(fileURLWithPath: String(parts[4])))
            say("ok")
        } catch {
            say("failed \(error)")
        }
    }

    private func say(_ line: String) { output.write(Data((line + "\n").utf8)) }

    // MARK: - The engine's turn

    /// Nobody is waited for any longer than this.
    private static let patience = 2e9

    /// Sends every tick at its moment, or as soon behind it as the engine's socket takes it; gives up
    /// on orders that are still missing when nothing has come or gone for a while.
    private func play(_ schedule: TickSchedule) throws -> [Double] {
        exchange.holdsMarket = true
        guard let slot = exchange.orderSlot else { throw BenchmarkFailure("nobody is logged on") }
        let socket = exchange.withSockets { $0.file(of: slot) }
        var tally = OrderTally(schedule, firstUpdate: firstUpdate)
        var sent = 0
        var isHalfSent = false
        try prepare(schedule, from: 0)
        let start = TSCClock.ticks() &+ ticks(2e6)
        var lastMove = start
        while !tally.isComplete || sent < schedule.count {
            let now = TSCClock.ticks()
            if sent < schedule.count, isHalfSent || now >= start &+ ticks(schedule.offset(of: sent)) {
                isHalfSent = !exchange.sendPrepared()
                if !isHalfSent {
                    lastMove = now
                    sent += schedule.burst
                    if sent < schedule.count { try prepare(schedule, from: sent) }
                }
            }
            if try collect(socket, slot, start, &tally) { lastMove = now }
            if now > lastMove &+ ticks(Self.patience) { break }
        }
        if sent < schedule.count || tally.come == 0 {
            throw BenchmarkFailure(
                "\(sent) of \(schedule.count) ticks were read and \(tally.come) of "
                    + "\(schedule.orders) orders came for \(schedule.line)")
        }
        firstUpdate += Int64(schedule.orders * SampleTicks.step)
        return tally.latencies
    }

    private func ticks(_ nanoseconds: Double) -> UInt64 {
        UInt64(nanoseconds / watch.nanosecondsPerTick)
    }

    /// Seals the ticks of a moment before it comes.
    private func prepare(_ schedule: TickSchedule, from first: Int) throws {
        for tick in first..<min(first + schedule.burst, schedule.count) {
            var text = SampleTicks.text(
                markedBy: tick, update: firstUpdate + schedule.update(of: tick))
            let isPrepared = text.withUTF8 { bytes in
                bytes.baseAddress.map { exchange.prepare($0, bytes.count) } ?? false
            }
            if !isPrepared { throw BenchmarkFailure("nobody reads the market") }
        }
    }

    /// Notes when orders arrive, then lets the exchange answer them; false when nothing has come.
    private func collect(
        _ socket: Int32, _ slot: Int, _ start: UInt64, _ tally: inout OrderTally
    ) throws -> Bool {
        let count = buffer.withUnsafeMutableBytes { buffer in
            // The link reads up to 64 bytes behind what it is given.
            clinux_uring_recv(socket, buffer.baseAddress, buffer.count - 64)
        }
        if count == 0 { throw BenchmarkFailure("the engine has gone") }
        if count < 0 { return false }
        let moment = watch.nanoseconds(TSCClock.ticks() &- start)
        let before = exchange.orderCount
        buffer.withUnsafeBytes { bytes in
            if let base = bytes.baseAddress { exchange.deliver(base, count, on: slot) }
        }
        for order in before..<exchange.orderCount {
            let mark = exchange.price(ofOrder: order + 1).flatMap(SampleTicks.mark)
            guard let mark else {
                throw BenchmarkFailure("an order came that no tick has asked for")
            }
            tally.note(mark: mark, at: moment)
        }
        return true
    }

    // MARK: - The floor's turn

    private func playFloor(_ schedule: TickSchedule) throws -> [Double] {
        let market = cfloor_accept(listener, 2_000)
        let orders = cfloor_accept(listener, 2_000)
        defer {
            cfloor_close(market)
            cfloor_close(orders)
        }
        if market < 0 || orders < 0 { throw BenchmarkFailure("the floor's trader did not come") }
        let desk = try FloorDesk.make(every: Int64(schedule.every))
        defer { cfloor_desk_destroy(desk) }
        var plan = schedule.floor(watch)
        var due = [UInt64](repeating: 0, count: schedule.orders)
        var arrived = due
        let answered = cfloor_venue(desk, &plan, market, orders, &due, &arrived)
        if answered < schedule.orders {
            throw BenchmarkFailure("\(answered) of \(schedule.orders) of the floor's orders came")
        }
        return zip(arrived, due).map { watch.nanoseconds($0 &- $1) }
    }
}

extension TickSchedule {
    /// The same for the floor, whose ticks are numbered from a multiple of `every`.
    func floor(_ watch: Stopwatch) -> cfloor_schedule {
        cfloor_schedule(
            spacing: UInt64(1e9 / Double(moments) / watch.nanosecondsPerTick), count: count,
            burst: burst, every: Int64(every), first_update: Int64(every) * 1_000_000)
    }
}

extension TickGenerator {
    /// As a process: speaks on standard input and output, on the given core, until told to quit.
    package static func run(directory: String, core: Int?, priority: Int?) throws {
        // The reader of lines is an ordinary thread, so that a spinning one cannot keep it away.
        let input = LineMailbox(.standardInput)
        let options = BenchmarkOptions(core: core, directory: directory)
        try Cores(options).measure {
            try TickGenerator(
                directory: directory, input: input, output: .standardOutput, priority: priority
            ).run()
        }
    }
}
