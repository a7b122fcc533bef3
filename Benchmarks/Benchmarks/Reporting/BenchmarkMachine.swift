import Machine
import Wire

/// Where figures were measured and how the code was compiled.
package struct BenchmarkMachine: Codable, Sendable, Equatable {
    package var processor: String
    package var cores: Int
    package var isVirtual: Bool
    package var isolatedCores: String
    package var kernel: String
    package var governor: String
    package var clockSource: String
    package var loadAverage: String
    package var records: String
    package var swift: String
    package var flags: String

    static func read() -> BenchmarkMachine {
        let machine = MachineReport.read()
        return BenchmarkMachine(
            processor: machine.processor, cores: machine.coreCount, isVirtual: machine.isVirtual,
            isolatedCores: machine.isolatedCores.isEmpty ? "none" : machine.isolatedCores,
            kernel: machine.kernel,
            governor: machine.governor.isEmpty ? "none" : machine.governor,
            clockSource: machine.clockSource, loadAverage: machine.loadAverage,
            records: TLSRecordLayer.instructions, swift: "6.3", flags: flags)
    }

    private static var flags: String {
        #if DEBUG
            "debug: these figures mean nothing"
        #else
            "Swift -O -target-cpu haswell; C -O3 -march=haswell"
        #endif
    }

    package var lines: [String] {
        [
            "\(processor), \(cores) cores\(isVirtual ? ", virtual" : ""), Linux \(kernel)",
            "load \(loadAverage); governor \(governor); isolated cores \(isolatedCores); "
                + "clock \(clockSource)",
            "Swift \(swift); \(flags); TLS records by \(records)",
        ]
    }
}
