import Engine
import Foundation

/// Directories that hold keys, sockets and records: only their owner may look inside.
enum OwnerDirectory {
    /// Makes the directory that `file` lies in, mode 0700, unless it is there.
    static func prepare(for file: String) throws(CommandFailure) {
        let directory = URL(fileURLWithPath: file).deletingLastPathComponent().path
        guard !FileManager.default.fileExists(atPath: directory) else { return }
        do {
            try FileManager.default.createDirectory(
                atPath: directory, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
        } catch {
            throw CommandFailure(
                "\(directory) cannot be made: \(FileTrouble.words(for: error))", .cannotCreate)
        }
    }
}
