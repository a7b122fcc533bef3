import Benchmarks
import Foundation
import Machine
import Testing

/// Every benchmark runs with hardly any samples, so that none can rot.
@Suite("Benchmarks", .serialized)
struct BenchmarkRunTests {
    let directory = FileManager.default.temporaryDirectory
        .appendingPathComponent("apus-bench-\(UUID().uuidString.prefix(8))").path

    /// What scripts/instructions counts runs to its end.
    @Test func `counted work is done`() throws {
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try InstructionSubjects.run(directory: directory)
    }

    @Test(arguments: BenchmarkSubject.allCases)
    func `a tiny run gives rows, floors and files`(subject: BenchmarkSubject) throws {
        let needsTwoCores = [.ring, .wire, .tickToOrder].contains(subject)
        if needsTwoCores, MachineReport.read().allowedCores.count < 2 {
            print("skipped: \(subject.rawValue) needs two cores")
            return
        }
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let report = try subject.run(
            BenchmarkOptions(extent: .samples(20), hasFloor: true, directory: directory))
        #expect(!report.rows.isEmpty)
        for row in report.rows {
            #expect(row.figures.count >= 20)
            #expect(row.figures.minimum <= row.figures.p50)
            #expect(row.figures.p50 <= row.figures.maximum)
            #expect(row.figures.maximum > 0)
        }
        try report.write(to: directory + "/report")
        let file = URL(fileURLWithPath: "\(directory)/report/\(subject.rawValue).json")
        let read = try BenchmarkReport(json: Data(contentsOf: file))
        #expect(read.rows.map(\.figures) == report.rows.map(\.figures))
        #expect(BenchmarkComparison(report, read).text.contains("1.00"))
    }

    /// A file that is no library, and a library that holds neither readers nor a ring.
    @Test(arguments: ["/dev/null", "libm.so.6"], [BenchmarkSubject.codec, .ring])
    func `a peer that is none is refused`(peer: String, subject: BenchmarkSubject) {
        var options = BenchmarkOptions(extent: .samples(20), directory: directory)
        options.peer = peer
        #expect(throws: BenchmarkFailure.self) { try subject.run(options) }
    }
}
