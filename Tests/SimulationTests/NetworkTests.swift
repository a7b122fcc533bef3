import Testing
import Wire

@testable import Simulation

@Suite("Simulated network")
struct NetworkTests {
    /// Bytes that arrive at the exchange until nothing is under way.
    func arrivals(_ network: SimulatedNetwork) -> (bytes: [UInt8], kinds: [SocketEvent.Kind]) {
        var bytes: [UInt8] = []
        var kinds: [SocketEvent.Kind] = []
        while let due = network.nextDue(.exchange) {
            network.now = max(network.now, due)
            let event = network.poll(.exchange)
            if event.kind == .none { continue }
            kinds.append(event.kind)
            if event.kind == .received, let data = event.data {
                bytes += UnsafeRawBufferPointer(start: data, count: Int(event.count))
            }
            network.release(event)
        }
        return (bytes, kinds)
    }

    func send(_ bytes: ArraySlice<UInt8>, _ slot: Int, _ network: SimulatedNetwork) -> Int {
        bytes.withUnsafeBytes { buffer in
            buffer.baseAddress.map { network.send($0, buffer.count, from: slot, on: .engine) } ?? 0
        }
    }

    func network(_ faults: [FaultKind: SimulationPlan.Fault]) -> SimulatedNetwork {
        let plan = SimulationPlan(seconds: 1, faults: faults)
        return SimulatedNetwork(latency: 1_000, faults: FaultSource(plan, seed: 3) { _ in })
    }

    @Test func `however it is cut, delayed and joined, a stream arrives whole and in order`() {
        let network = network([
            .split: .init(rate: 0.7), .merge: .init(rate: 0.5), .jitter: .init(rate: 0.5),
            .shortWrite: .init(rate: 0.5), .drip: .init(rate: 0.01),
        ])
        let slot = network.connect()
        let sent = (0..<5_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        var offset = 0
        while offset < sent.count {
            let count = min(300, sent.count - offset)
            offset += send(sent[offset..<(offset + count)], slot, network)
        }
        network.close(slot, on: .engine)
        let arrived = arrivals(network)
        #expect(arrived.bytes == sent)
        #expect(arrived.kinds.first == .accepted && arrived.kinds.last == .endOfStream)
    }

    @Test func `each port has a listener of its own, and another refuses`() throws {
        let plan = SimulationPlan.calm(seconds: 1)
        let network = SimulatedNetwork(
            latency: 1_000, faults: FaultSource(plan, seed: 3) { _ in }, ports: [7, 9])
        #expect(network.listen(at: 7) == 0 && network.listen(at: 9) == 1)
        #expect(network.listen(at: 8) == nil)
        _ = network.connect(to: 9)
        _ = network.connect(to: 7)
        network.now = 1_000
        let accepted = [network.poll(.exchange), network.poll(.exchange)]
        #expect(accepted.map(\.kind) == [.accepted, .accepted] && accepted.map(\.count) == [1, 0])
        #expect(accepted.map(\.slot) == [2, 3], "behind the listeners")
        let refused = network.connect(to: 8)
        network.now = 10_000
        var events = (0..<3).map { _ in network.poll(.engine) }
        events.removeAll { $0.kind == .connected }
        #expect(events.map(\.kind) == [.connectFailed] && events.map(\.slot) == [Int32(refused)])
    }

    @Test func `a connection that breaks in a message delivers its beginning and no more`() {
        let network = network([.disconnectMidMessage: .init(rate: 1)])
        let slot = network.connect()
        let sent = [UInt8](repeating: 9, count: 100)
        _ = send(sent[...], slot, network)
        let arrived = arrivals(network)
        #expect(arrived.bytes.count <= 100 && arrived.kinds.last == .failed)
    }

    @Test func `half-open connections swallow everything and tell nobody`() {
        let network = network([.halfOpen: .init(rate: 1)])
        let slot = network.connect()
        let sent = [UInt8](repeating: 9, count: 100)
        let taken = send(sent[...], slot, network)
        #expect(taken == 100)
        #expect(arrivals(network).bytes.isEmpty)
    }
}
