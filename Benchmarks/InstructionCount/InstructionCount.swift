import Benchmarks
import Foundation

/// Does the counted work once, for `scripts/instructions`: a program of its own, because an
/// instruction counter does not survive the threads of an asynchronous one.
@main
enum InstructionCount {
    static func main() throws {
        let directory = FileManager.default.temporaryDirectory
            .appendingPathComponent("apus-count-\(UUID().uuidString.prefix(8))").path
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try InstructionSubjects.run(directory: directory)
        print("operations \(InstructionSubjects.operations)")
    }
}
