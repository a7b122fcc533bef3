import Benchmarks
import Foundation
import Machine
import Testing

/// `scripts/peers rigtorp` and what `apus bench ring` makes of it, with a queue of our own in the
/// place of rigtorp's: a clone of that repository is not to be had everywhere.
@Suite("Ring peer")
struct PeerRingTests {
    private let directory = FileManager.default.temporaryDirectory
        .appendingPathComponent("apus-peer-\(UUID().uuidString.prefix(8))").path
    private static let script = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("scripts/peers").path

    /// A queue with the members that the peer uses, which takes each number as `kept` says.
    private static func header(kept: String) -> String {
        """
        #include <atomic>
        #include <cstddef>
        #include <vector>
        namespace rigtorp {
        template <typename T> class SPSCQueue {
            std::vector<T> slots;
            std::atomic<size_t> head{0}, tail{0};
        public:
            explicit SPSCQueue(size_t capacity) : slots(capacity) {}
            void push(T value) {
                while (tail.load() - head.load() == slots.size()) {}
                slots[tail.load() % slots.size()] = \(kept);
                tail.fetch_add(1);
            }
            T *front() {
                return head.load() == tail.load() ? nullptr : &slots[head.load() % slots.size()];
            }
            void pop() { head.fetch_add(1); }
        };
        }
        """
    }

    @Test func `a peer's ring is measured in turns with ours`() throws {
        let report = try measure(kept: "value")
        let name = "rigtorp SPSCQueue unversioned"
        #expect(report.rows.map(\.peers.count) == [1, 0])
        let peer = try #require(report.rows[0].peers.first)
        #expect(peer.name == name)
        #expect(peer.figures.count == report.rows[0].figures.count && peer.figures.p50 > 0)
        #expect(report.rates.count == 2)
        for rate in report.rates {
            #expect(rate.peers?.map(\.name) == [name])
            #expect(rate.peers?.allSatisfy { $0.perSecond > 0 } == true)
        }
        #expect(report.text.components(separatedBy: name).count == 4)
    }

    @Test func `a peer that loses a number is refused`() {
        #expect(throws: BenchmarkFailure.self) { try measure(kept: "value == 77 ? 0 : value") }
    }

    /// Exit codes of sysexits.h, and the command that brings what is missing.
    @Test(arguments: [
        (["rigtorp"], 64), (["rigtorp", "/nonexistent"], 69), (["folly"], 64),
    ] as [([String], Int32)])
    func `the script says what it lacks`(arguments: [String], status: Int32) throws {
        let (ended, text) = try build(arguments)
        if text.contains("no C++ compiler") { return print("skipped: no C++ compiler") }
        #expect(ended == status)
        #expect(text.contains("git clone https://github.com/rigtorp/SPSCQueue") || status == 64)
        #expect(text.hasPrefix("peers: "))
    }

    private func measure(kept: String) throws -> BenchmarkReport {
        if MachineReport.read().allowedCores.count < 2 { try Test.cancel("needs two cores") }
        let place = directory + "/include/rigtorp"
        try FileManager.default.createDirectory(
            atPath: place, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try Self.header(kept: kept).write(
            toFile: place + "/SPSCQueue.h", atomically: false, encoding: .utf8)
        let (status, text) = try build(["rigtorp", directory, directory + "/peer.so"])
        if text.contains("no C++ compiler") { try Test.cancel("needs a C++ compiler") }
        #expect(status == 0, "\(text)")
        var options = BenchmarkOptions(extent: .samples(400), directory: directory)
        options.peer = directory + "/peer.so"
        return try BenchmarkSubject.ring.run(options)
    }

    private func build(_ arguments: [String]) throws -> (status: Int32, text: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Self.script)
        process.arguments = arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let text = String(
            decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, text)
    }
}
