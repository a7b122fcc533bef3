import Glibc

/// The kernel's own small files, `/proc` and `/sys`, below a directory that is `/` but in tests.
public struct SystemTree: Sendable {
    private static let mostBytes = 1 << 20
    private let root: String

    public init(root: String = "") {
        self.root = root.hasSuffix("/") ? String(root.dropLast()) : root
    }

    /// Everything in a file, up to 1 MiB; `nil` when it cannot be read.
    func text(_ path: String) -> String? {
        let descriptor = open(root + path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        var all: [UInt8] = []
        while all.count < Self.mostBytes {
            let count = read(descriptor, &bytes, bytes.count)
            if count == 0 { break }
            guard count > 0 else { return nil }
            all.append(contentsOf: bytes.prefix(count))
        }
        return String(decoding: all, as: UTF8.self)
    }

    /// The first line; `nil` when there is no such file or it says nothing.
    func line(_ path: String) -> String? {
        guard let line = text(path)?.split(separator: "\n").first else { return nil }
        return String(line)
    }

    func number(_ path: String) -> Int? { line(path).flatMap { Int($0) } }

    /// The cores of a file, `nil` when it is not there or not a list.
    func cores(_ path: String) -> [Int]? {
        guard let text = text(path) else { return nil }
        return CoreList.parse(text.split(separator: "\n").first ?? "")
    }

    /// The word in brackets of a line such as `always [madvise] never`, or the whole line.
    func chosen(_ path: String) -> String? { line(path).map(Self.chosenWord) }

    static func chosenWord(_ line: String) -> String {
        guard let open = line.firstIndex(of: "["), let close = line.firstIndex(of: "]"),
            open < close
        else { return line }
        return String(line[line.index(after: open)..<close])
    }

    /// What a directory holds, sorted; empty when it cannot be read.
    func names(in path: String) -> [String] {
        guard let directory = opendir(root + path) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// The numbers behind `prefix` of the directory's names: 0 and 1 of `cpu0`, `cpu1`, `cpuidle`.
    func numbers(in path: String, after prefix: String) -> [Int] {
        names(in: path).compactMap { name in
            name.hasPrefix(prefix) ? Int(name.dropFirst(prefix.count)) : nil
        }.sorted()
    }

    /// The last part of what a symbolic link points to; `nil` when it is none.
    func linkTarget(_ path: String) -> String? {
        var bytes = [CChar](repeating: 0, count: 4096)
        let count = readlink(root + path, &bytes, bytes.count)
        guard count > 0 else { return nil }
        let target = String(decoding: bytes.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return target.split(separator: "/").last.map(String.init)
    }
}
