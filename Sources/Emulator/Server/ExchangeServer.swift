import Foundation
import Machine
import MarketModel
import Synchronization
import Wire

/// Why an exchange did not start.
public enum ExchangeFailure: Error, Equatable, CustomStringConvertible {
    case configuration(ExchangeConfigurationFailure)
    case capture(CaptureFailure)
    case certificates(TLSFailure)
    /// The exchange's own record.
    case state(StateLogFailure)
    case transport(WireFailure)
    /// Not a numeric address.
    case badAddress(String)
    /// A file that clients read could not be written.
    case cannotWrite(path: String)
    /// The system gave no thread.
    case noThread(errno: Int32)

    public var description: String {
        switch self {
        case .configuration(let failure): failure.description
        case .capture(let failure): failure.description
        case .certificates(let failure): "the exchange's certificates: \(failure)"
        case .state(let failure): failure.description
        case .transport(let failure): failure.description
        case .badAddress(let text): "'\(text)' is no numeric address, such as 127.0.0.1 or ::1"
        case .cannotWrite(let path): "\(path) cannot be written"
        case .noThread(let errno):
            "the kernel refuses a thread: \(String(cString: strerror(errno)))"
        }
    }
}

/// An emulated exchange on loopback: TLS 1.3, REST and WebSocket in the Binance Spot dialect.
///
/// Runs on one thread of its own. Make it, ``start()`` it, connect clients to ``port`` with the
/// authority at ``authorityPath``, ``stop()`` it. Market data and orders never leave the machine.
public final class ExchangeServer: Sendable {
    public let configuration: ExchangeConfiguration
    private let counters = ExchangeCounters()
    private let mustStop = Atomic<Bool>(false)
    private let hasEnded = Atomic<Bool>(false)
    private let fault = Mutex<ExchangeFailure?>(nil)
    /// What the operator wants done; the exchange's thread takes it once a cycle.
    private let actions = Mutex<[ExchangeAction]>([])
    private let hasActions = Atomic<Bool>(false)
    private let chosenPort = Atomic<UInt16>(0)
    private let chosenBinaryPort = Atomic<UInt16>(0)
    private let thread = Mutex<PinnedThread?>(nil)
    private let noted = Mutex<[String]>([])
    private let launch = LaunchSignal()
    private let certificates: CertificateStore

    /// Checks the configuration; nothing runs yet.
    public init(configuration: ExchangeConfiguration) throws(ExchangeFailure) {
        do throws(ExchangeConfigurationFailure) {
            try configuration.validate()
        } catch {
            throw .configuration(error)
        }
        self.configuration = configuration
        // Beside the authority that clients read; gone with the exchange when nobody shall.
        let place = configuration.authorityPath.map { path in
            URL(fileURLWithPath: path).deletingLastPathComponent()
                .appendingPathComponent("exchange-tls").path
        }
        certificates = CertificateStore(
            directory: place ?? NSTemporaryDirectory() + "apus-exchange-" + UUID().uuidString)
    }

    /// The port that clients connect to; 0 before ``start()``.
    public var port: UInt16 { chosenPort.load(ordering: .acquiring) }

    /// The port of the binary market streams; 0 before ``start()`` and where they are not served.
    public var binaryPort: UInt16 { chosenBinaryPort.load(ordering: .acquiring) }

    /// Where the certification authority's certificate lies (PEM).
    public var authorityPath: String {
        configuration.authorityPath ?? certificates.authorityFile
    }

    public var statistics: ExchangeStatistics { counters.snapshot }

    /// What was not to be had at the start, and what is used instead; one sentence each.
    public var remarks: [String] { noted.withLock { $0 } }

    /// Whether the exchange has stopped, by ``stop()`` or at the end of a replay.
    public var isStopped: Bool { hasEnded.load(ordering: .acquiring) }

    /// Why it stopped by itself before its time; `nil` when it did not.
    public var failure: ExchangeFailure? { fault.withLock { $0 } }

    /// Starts the thread and returns once connections are accepted, with the ready file written.
    public func start() throws(ExchangeFailure) {
        do {
            let started = try PinnedThread.start(
                name: "exchange", core: configuration.core, realTimePriority: nil
            ) { [self] in run() }
            thread.withLock { $0 = started }
        } catch {
            throw .noThread(errno: error.errno)
        }
        if let failure = launch.wait() {
            join()
            throw failure
        }
    }

    /// Says goodbye to every client, ends the thread and removes the certificates.
    public func stop() {
        mustStop.store(true, ordering: .releasing)
        join()
    }

    /// Has something done on the exchange's thread, within one of its cycles.
    public func perform(_ action: ExchangeAction) {
        actions.withLock { $0.append(action) }
        hasActions.store(true, ordering: .releasing)
    }

    /// Waits until the exchange ends by itself: a replay that stops it at its end.
    public func waitUntilStopped() { join() }

    private func join() {
        thread.withLock { $0 }?.join()
    }

    // MARK: - The exchange's thread

    private func run() {
        defer {
            hasEnded.store(true, ordering: .releasing)
            if configuration.authorityPath == nil {
                try? FileManager.default.removeItem(atPath: certificates.directory)
            }
        }
        do throws(ExchangeFailure) {
            switch configuration.transport {
            case .ring: try runOnRing()
            case .direct: try run(try Self.makeDirect(transportConfiguration))
            }
        } catch {
            fault.withLock { $0 = error }
            launch.signal(error)
        }
    }

    private func run<Sockets: Transport & ~Copyable>(
        _ sockets: consuming Sockets
    ) throws(ExchangeFailure) {
        let clock = TSCClock.calibrated()
        let now = Timestamp(nanoseconds: clock.now())
        let tls = try certificates.context(
            hosts: configuration.hostNames, now: now.nanoseconds / 1_000_000_000)
        let verifier = SignatureVerifier()
        let (dialect, log) = try makeVenue(now: now, signatureCheck: verifier.isValid)
        let loop = try ServerLoop(
            sockets: sockets, dialect: dialect, configuration: configuration, log: log, tls: tls,
            clock: clock, counters: counters)
        // Whatever ends it, clients must not wait for what is not served any more.
        defer { loop.closeAll() }
        // Whoever cannot listen leaves the authority of the exchange that does in its place.
        try publishAuthority()
        chosenPort.store(loop.port, ordering: .releasing)
        chosenBinaryPort.store(loop.binaryPort, ordering: .releasing)
        try writeReadyFile(port: loop.port)
        launch.signal(nil)
        while !mustStop.load(ordering: .acquiring), !loop.isDone {
            if hasActions.exchange(false, ordering: .acquiring) {
                let due = actions.withLock { waiting in
                    defer { waiting.removeAll() }
                    return waiting
                }
                for action in due { loop.perform(action) }
            }
            try loop.cycle(longestWait: 20_000_000)
        }
        try loop.shutDown()
        // Clients get a moment to answer the closing handshake.
        let patience = clock.now() + 500_000_000
        while loop.hasConnections, clock.now() < patience {
            try loop.cycle(longestWait: 5_000_000)
        }
    }

    /// The venue as its record left it, or new; and the record, which goes on from here.
    private func makeVenue(
        now: Timestamp, signatureCheck: @escaping SignatureCheck
    ) throws(ExchangeFailure) -> (ExchangeDialect, StateLog?) {
        let log: StateLog?
        let history: StateHistory
        do throws(StateLogFailure) {
            log = try configuration.state.directory.map { path throws(StateLogFailure) in
                try StateLog(directory: path, isSynchronous: configuration.state.isSynchronous)
            }
            history = try log?.read(for: ExchangeNames(configuration)) ?? StateHistory()
        } catch {
            throw .state(error)
        }
        let dialect: ExchangeDialect
        do throws(CaptureFailure) {
            dialect = try ExchangeDialect(
                configuration: configuration, now: now, records: history.records,
                signatureCheck: signatureCheck)
        } catch {
            throw .capture(error)
        }
        guard let log else { return (dialect, nil) }
        let exchange = dialect.exchange
        counters.stateBytesDiscarded.store(Int64(history.discarded))
        counters.ordersRestored.store(
            exchange.markets.reduce(0) { $0 + Int64($1.orders.allOpen.count) })
        exchange.startNotingChanges()
        do throws(StateLogFailure) {
            try log.begin(exchange.takeState(), ExchangeNames(configuration))
        } catch {
            throw .state(error)
        }
        return (dialect, log)
    }

    private var transportConfiguration: TransportConfiguration {
        var transport = TransportConfiguration()
        transport.slotCapacity = configuration.streams.maximumConnections + 8
        transport.idle = .spinThenWait(spinNanoseconds: 20_000)
        return transport
    }

    /// On io_uring, or on non-blocking calls where that is not to be had.
    private func runOnRing() throws(ExchangeFailure) {
        let ring: URingTransport
        do throws(WireFailure) {
            ring = try URingTransport(configuration: transportConfiguration)
        } catch {
            let sockets = try Self.makeDirect(transportConfiguration)
            noted.withLock { $0.append("\(error); in use instead: non-blocking recv and send") }
            return try run(sockets)
        }
        try run(ring)
    }

    private static func makeDirect(
        _ configuration: TransportConfiguration
    ) throws(ExchangeFailure) -> DirectTransport {
        do throws(WireFailure) {
            return try DirectTransport(configuration: configuration)
        } catch {
            throw .transport(error)
        }
    }

    private func publishAuthority() throws(ExchangeFailure) {
        guard let path = configuration.authorityPath else { return }
        guard let text = FileManager.default.contents(atPath: certificates.authorityFile),
            FileManager.default.createFile(atPath: path, contents: text)
        else { throw .cannotWrite(path: path) }
    }

    private func writeReadyFile(port: UInt16) throws(ExchangeFailure) {
        guard let path = configuration.readyPath else { return }
        let line = "\(configuration.address):\(port)\n"
        do {
            try line.write(toFile: path, atomically: true, encoding: .utf8)
        } catch {
            throw .cannotWrite(path: path)
        }
    }
}

/// Tells the starting thread how the start went.
private final class LaunchSignal: @unchecked Sendable {
    // SAFETY (unchecked): the outcome is read and written under the condition's lock.
    private let condition = NSCondition()
    private var outcome: Outcome?

    private enum Outcome {
        case running
        case failed(ExchangeFailure)
    }

    /// Only the first signal counts.
    func signal(_ failure: ExchangeFailure?) {
        condition.lock()
        if outcome == nil { outcome = failure.map(Outcome.failed) ?? .running }
        condition.signal()
        condition.unlock()
    }

    func wait() -> ExchangeFailure? {
        condition.lock()
        defer { condition.unlock() }
        while outcome == nil { condition.wait() }
        if case .failed(let failure)? = outcome { return failure }
        return nil
    }
}
