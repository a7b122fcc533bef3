import Glibc
import Wire

/// Sockets on a simulated network: what a lane or an exchange uses instead of the kernel's.
struct SimulatedTransport: ~Copyable, Transport {
    private let network: SimulatedNetwork
    private let side: SimulatedNetwork.Side

    init(_ network: SimulatedNetwork, _ side: SimulatedNetwork.Side) {
        self.network = network
        self.side = side
    }

    /// A transport alone on a network of its own.
    init(configuration: TransportConfiguration) throws(WireFailure) {
        let plan = SimulationPlan.calm(seconds: 1)
        network = SimulatedNetwork(latency: 1, faults: FaultSource(plan, seed: 0) { _ in })
        side = .engine
    }

    mutating func connect(to address: SocketAddress) throws(WireFailure) -> Int {
        network.connect(to: address.port)
    }

    mutating func listen(on address: SocketAddress, backlog: Int) throws(WireFailure) -> Int {
        guard let slot = network.listen(at: address.port) else {
            throw .listenRefused(errno: EADDRNOTAVAIL)
        }
        return slot
    }

    mutating func close(_ slot: Int) { network.close(slot, on: side) }
    mutating func shutdownWrite(_ slot: Int) { network.close(slot, on: side) }
    mutating func reset(_ slot: Int) { network.reset(slot, on: side) }
    mutating func poll() -> SocketEvent { network.poll(side) }
    mutating func release(_ event: SocketEvent) { network.release(event) }

    mutating func send(_ slot: Int, _ bytes: UnsafeRawPointer, _ count: Int) -> Int {
        network.send(bytes, count, from: slot, on: side)
    }

    mutating func flush() {}
    /// Time passes in the world only.
    mutating func wait(atMost nanoseconds: Int64) {}
    func localAddress(of slot: Int) -> SocketAddress? { .loopback(port: 1) }
    func peerAddress(of slot: Int) -> SocketAddress? { .loopback(port: 1) }
    func file(of slot: Int) -> Int32 { -1 }
    var statistics: TransportStatistics { TransportStatistics() }
}
