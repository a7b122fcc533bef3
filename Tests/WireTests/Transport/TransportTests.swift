import Glibc
import Machine
import Testing

@testable import Wire

@Suite("Transports")
struct TransportTests {
    let seed = UInt64(bitPattern: MonotonicTime.now())

    @Test(arguments: TransportCase.possible)
    func `bytes of every size come back as they were sent`(kind: TransportCase) throws {
        try kind.run(EchoScenario(seed: seed, connections: 3, largest: 40_000, rounds: 15))
    }

    @Test(arguments: TransportCase.possible)
    func `sixty-four connections at once`(kind: TransportCase) throws {
        try kind.run(EchoScenario(seed: seed, connections: 64, largest: 600, rounds: 20)) {
            $0.slotCapacity = 160
        }
    }

    @Test(arguments: TransportCase.possible)
    func `one direction ends and the other goes on`(kind: TransportCase) throws {
        try kind.run(HalfCloseScenario())
    }

    @Test(arguments: TransportCase.possible)
    func `an abort is an error and not an end`(kind: TransportCase) throws {
        try kind.run(ResetScenario())
    }

    @Test(arguments: TransportCase.possible)
    func `a refused connect is told`(kind: TransportCase) throws {
        try kind.run(RefusedScenario())
    }

    @Test(arguments: TransportCase.possible)
    func `a receiver that does not read holds the sender back`(kind: TransportCase) throws {
        try kind.run(BackpressureScenario(seed: seed)) {
            $0.socketSendBytes = 16_384
            $0.socketReceiveBytes = 16_384
            $0.receiveBufferCount = 8
            $0.slotCapacity = 8
        }
    }

    @Test(arguments: TransportCase.possible)
    func `receiving goes on after all buffers were held`(kind: TransportCase) throws {
        try kind.run(StarvationScenario()) {
            $0.receiveBufferCount = 2
            $0.receiveBufferSize = 64
            $0.slotCapacity = 5
        }
    }

    @Test(arguments: TransportCase.possible)
    func `a stalled lane loses nothing`(kind: TransportCase) throws {
        try kind.run(StallScenario()) {
            $0.submissionEntries = 4
            $0.completionEntries = 4
        }
    }

    @Test(arguments: TransportCase.possible)
    func `closed slots stay silent and are used again`(kind: TransportCase) throws {
        // Few buffers: one lost with a closed slot each round would be missed.
        try kind.run(ReuseScenario(seed: seed)) {
            $0.slotCapacity = 8
            $0.receiveBufferCount = 4
        }
    }

    @Test(arguments: TransportCase.possible)
    func `connections beyond the slots are refused and counted`(kind: TransportCase) throws {
        try kind.run(FullScenario()) { $0.slotCapacity = 4 }
    }

    @Test(arguments: TransportCase.possible)
    func `an address in use cannot be listened on`(kind: TransportCase) throws {
        struct InUse: TransportScenario {
            func run<T: Transport & ~Copyable>(_ net: inout LoopbackNet<T>) throws {
                #expect(throws: WireFailure.listenRefused(errno: EADDRINUSE)) {
                    try net.transport.listen(on: net.address, backlog: 1)
                }
                // Nothing of the attempt is left.
                let pair = try net.makePair()
                net.close(pair.client)
                net.close(pair.server)
            }
        }
        try kind.run(InUse())
    }

    @Test(arguments: TransportCase.possible)
    func `waiting sleeps until something happens`(kind: TransportCase) throws {
        struct Waiting: TransportScenario {
            func run<T: Transport & ~Copyable>(_ net: inout LoopbackNet<T>) throws {
                let pair = try net.makePair()
                for _ in 0..<100 { net.cycle() }
                let start = MonotonicTime.now()
                net.transport.wait(atMost: 5_000_000)
                #expect(MonotonicTime.now() - start >= 4_900_000)
                net.queue([1], on: pair.client)
                var waits = 0
                while net.logs[pair.server]?.received != [1] {
                    net.transport.wait(atMost: 2_000_000_000)
                    net.cycle()
                    waits += 1
                }
                #expect(waits <= 4)
                #expect(MonotonicTime.now() - start < 2_000_000_000)
            }
        }
        try kind.run(Waiting()) { $0.idle = .spinThenWait(spinNanoseconds: 20_000) }
    }

    @Test func `the ring meets overflow, deferred work and the end of multishots`() throws {
        try #require(WireCapabilities.probe().hasIoUring, "io_uring is not permitted here")
        var configuration = TransportCase.uring.configuration
        configuration.submissionEntries = 4
        configuration.completionEntries = 4
        var net = try LoopbackNet(URingTransport.self, configuration)
        try StallScenario().run(&net)
        let statistics = net.transport.statistics
        let features = net.transport.features
        if features.contains(.deferredTaskRun) { #expect(statistics.taskRuns > 0) }
        #expect(statistics.overflows > 0)
        #expect(statistics.rearms > 0)
    }

    @Test func `one send at a time and only on an open slot`() throws {
        try #require(WireCapabilities.probe().hasIoUring, "io_uring is not permitted here")
        var net = try LoopbackNet(URingTransport.self, TransportCase.uring.configuration)
        let pair = try net.makePair()
        let bytes: [UInt8] = [1, 2, 3]
        bytes.withUnsafeBytes { raw in
            guard let base = raw.baseAddress else { return }
            #expect(net.transport.send(pair.client, base, 3) == 0)
            #expect(net.transport.send(pair.client, base, 3) == Int(-EBUSY))
            #expect(net.transport.send(net.listener, base, 3) == Int(-ENOTCONN))
            #expect(net.transport.send(pair.server, base, 0) == Int(-EINVAL))
        }
        try net.pump { $0.logs[pair.server]?.received == [1, 2, 3] }
    }

    @Test(arguments: TransportCase.possible)
    func `only stamped receives say how long their bytes lay in the kernel`(
        kind: TransportCase
    ) throws {
        struct Lying: TransportScenario {
            let isStamped: Bool

            func run<T: Transport & ~Copyable>(_ net: inout LoopbackNet<T>) throws {
                let pair = try net.makePair()
                net.holdsReceived = true
                for (receiver, sender) in [
                    (pair.server, pair.client), (pair.client, pair.server),
                ] {
                    // The kernel switches stamping on in work of its own, soon after it is asked.
                    var waited: Int64 = -1
                    let start = MonotonicTime.now()
                    repeat {
                        net.queue([1, 2, 3], on: sender)
                        try net.pump { !$0.held.isEmpty }
                        let event = try #require(net.held.last)
                        #expect(Int(event.slot) == receiver)
                        waited = event.waited
                        net.releaseHeld()
                    } while isStamped && waited == -1
                        && MonotonicTime.now() - start < 2_000_000_000
                    let elapsed = MonotonicTime.now() - start
                    #expect((isStamped ? 0...elapsed : -1 ... -1).contains(waited), "\(waited) ns")
                }
            }
        }
        try kind.run(Lying(isStamped: kind == .directStamped))
    }

    @Test func `bytes that waited longer say so`() throws {
        var configuration = TransportCase.directStamped.configuration
        configuration.receiveTimestamps = .hardware
        var net = try LoopbackNet(DirectTransport.self, configuration)
        let pair = try net.makePair()
        net.holdsReceived = true
        // Until the kernel stamps. Loopback makes no stamp of hardware: the kernel's counts.
        let start = MonotonicTime.now()
        var waited: Int64 = -1
        repeat {
            net.queue([1], on: pair.client)
            let sent = MonotonicTime.now()
            while MonotonicTime.now() - sent < 3_000_000 {}
            try net.pump { !$0.held.isEmpty }
            waited = net.held.last?.waited ?? -1
            net.releaseHeld()
        } while waited == -1 && MonotonicTime.now() - start < 2_000_000_000
        #expect(waited >= 2_900_000)
    }

    @Test(arguments: [false, true])
    func `a generic duty cycle passes the hot-path check on both`(isDirect: Bool) throws {
        let configuration = TransportCase.direct.configuration
        if isDirect {
            var transport = try DirectTransport(configuration: configuration)
            #expect(hotDirect(&transport) == 0)
        } else if WireCapabilities.probe().hasIoUring {
            var transport = try URingTransport(configuration: configuration)
            #expect(hotURing(&transport) == 0)
        }
    }
}

// Compiling is the test.
@_noLocks
private func hotURing(_ transport: inout URingTransport) -> Int { dutyCycle(&transport) }

@_noLocks
private func hotDirect(_ transport: inout DirectTransport) -> Int { dutyCycle(&transport) }

@inline(__always)
private func dutyCycle<T: Transport & ~Copyable>(_ transport: inout T) -> Int {
    var count = 0
    while true {
        let event = transport.poll()
        if event.kind == .none { break }
        if event.kind == .received, let data = event.data {
            if transport.send(Int(event.slot), data, Int(event.count)) < 0 { count += 1 }
            transport.release(event)
        }
        count += 1
    }
    transport.flush()
    return count
}

@Suite("Socket addresses and capabilities")
struct AddressTests {
    @Test func `numbers are read and written`() throws {
        #expect(SocketAddress(numeric: "127.0.0.1", port: 80)?.description == "127.0.0.1:80")
        #expect(SocketAddress(numeric: "::1", port: 443)?.description == "[::1]:443")
        #expect(SocketAddress(numeric: "fe80::1:2", port: 1)?.isIPv6 == true)
        #expect(SocketAddress(numeric: "localhost", port: 1) == nil)
        #expect(SocketAddress(numeric: "256.1.1.1", port: 1) == nil)
        #expect(SocketAddress.loopback(port: 5) == SocketAddress(numeric: "127.0.0.1", port: 5))
    }

    @Test func `names are looked up`() throws {
        let found = try SocketAddress.resolve(host: "localhost", port: 9443)
        #expect(found.contains { ["127.0.0.1:9443", "[::1]:9443"].contains($0.description) })
        #expect(try SocketAddress.resolve(host: "10.1.2.3", port: 1).count == 1)
        #expect(throws: WireFailure.hostNotFound) {
            try SocketAddress.resolve(host: "no-such-host.invalid", port: 1)
        }
    }

    @Test func `the kernel's form survives the trip`() {
        for text in ["1.2.3.4", "2001:db8::7"] {
            let address = SocketAddress(numeric: text, port: 5555)
            let form = address?.kernelForm
            let back = form.flatMap { form in
                withUnsafePointer(to: form.storage) { pointer in
                    pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { SocketAddress($0) }
                }
            }
            #expect(back == address)
        }
    }

    @Test func `every feature has a name, a kernel and a fallback`() {
        let capabilities = WireCapabilities.probe()
        #expect(!capabilities.kernel.isEmpty)
        #expect(capabilities.lines.count == 7)
        for line in capabilities.lines {
            #expect(!line.name.isEmpty && !line.minimumKernel.isEmpty && !line.fallback.isEmpty)
            #expect(line.isAvailable == capabilities.features.contains(line.feature))
        }
        let without = capabilities.inUse(disabling: .bufferRing)
        #expect(!without.contains(.multishotReceive))
        #expect(capabilities.inUse(disabling: .all) == [])
    }
}
