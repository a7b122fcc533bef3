import Glibc

/// The segment files of a directory; every function is cold.
enum SegmentFiles {
    static func path(_ directory: String, _ name: SegmentName) -> String {
        directory + "/" + name.file
    }

    /// Creates the directory and those above it, for the owner alone.
    static func makeDirectory(_ directory: String) throws(JournalFailure) {
        var path = directory.hasPrefix("/") ? "/" : ""
        for part in directory.split(separator: "/") {
            path += path.isEmpty || path.hasSuffix("/") ? String(part) : "/" + part
            if mkdir(path, 0o700) != 0, errno != EEXIST {
                throw .system(operation: "mkdir", path: path, errno: errno)
            }
        }
    }

    /// All segments in order of lane and number; other files are not looked at.
    static func list(_ directory: String) throws(JournalFailure) -> [SegmentName] {
        guard let stream = opendir(directory) else {
            throw .system(operation: "opendir", path: directory, errno: errno)
        }
        defer { closedir(stream) }
        var names: [SegmentName] = []
        while let entry = readdir(stream) {
            let file = withUnsafePointer(to: &entry.pointee.d_name) { name in
                name.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if let name = SegmentName(file: file) { names.append(name) }
        }
        return names.sorted()
    }

    /// Makes creations, renames and removals in the directory durable.
    static func syncDirectory(_ directory: String) {
        let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if descriptor < 0 { return }
        fsync(descriptor)
        close(descriptor)
    }

    /// Size in bytes, `nil` when the file is gone.
    static func size(_ path: String) -> Int? {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : nil
    }

    /// Cuts a file that nobody has mapped.
    static func cut(_ path: String, to count: Int) throws(JournalFailure) {
        let descriptor = open(path, O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw .system(operation: "open", path: path, errno: errno)
        }
        defer { close(descriptor) }
        guard ftruncate(descriptor, count) == 0, fsync(descriptor) == 0 else {
            throw .system(operation: "truncate", path: path, errno: errno)
        }
    }

    static func remove(_ path: String) throws(JournalFailure) {
        if unlink(path) != 0, errno != ENOENT {
            throw .system(operation: "unlink", path: path, errno: errno)
        }
    }
}
