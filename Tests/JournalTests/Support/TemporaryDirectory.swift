import Glibc

/// An empty directory that is removed with everything in it.
final class TemporaryDirectory {
    let path: String

    init() {
        var template = Array("/tmp/apus-journal-XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else { fatalError("mkdtemp: errno \(errno)") }
        path = String(cString: made)
    }

    deinit {
        for file in files { unlink(path + "/" + file) }
        rmdir(path)
    }

    /// Names of the files in it, sorted.
    var files: [String] {
        guard let stream = opendir(path) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    var segments: [String] { files.filter { $0.hasSuffix(".journal") } }

    func read(_ file: String) -> [UInt8] {
        guard let stream = fopen(path + "/" + file, "r") else { return [] }
        defer { fclose(stream) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = fread(&buffer, 1, buffer.count, stream), count > 0 {
            bytes += buffer[..<count]
        }
        return bytes
    }

    func remove(_ file: String) { unlink(path + "/" + file) }

    func write(_ bytes: [UInt8], to file: String) {
        guard let stream = fopen(path + "/" + file, "w") else { fatalError("fopen \(file)") }
        fwrite(bytes, 1, bytes.count, stream)
        fclose(stream)
    }
}
