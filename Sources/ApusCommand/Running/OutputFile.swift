import Engine
import Foundation

/// A file that a command was asked to write.
enum OutputFile {
    /// Whole or not at all.
    static func write(_ text: String, to path: String) throws {
        do {
            try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw CommandFailure(
                "\(path) cannot be written: \(FileTrouble.words(for: error))", .cannotCreate)
        }
    }
}
