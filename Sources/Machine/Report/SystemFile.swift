import Glibc

/// Small text files of the kernel, read without Foundation.
enum SystemFile {
    /// The first line without its end, empty when the file cannot be read.
    static func line(_ path: String) -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return "" }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = Glibc.read(descriptor, &bytes, bytes.count)
        guard count > 0 else { return "" }
        let text = bytes.prefix(count).prefix { $0 != UInt8(ascii: "\n") && $0 != 0 }
        return String(decoding: text, as: UTF8.self)
    }

    /// The word in brackets of a line such as `always [madvise] never`.
    static func chosen(_ path: String) -> String {
        let text = line(path)
        guard let open = text.firstIndex(of: "["), let close = text.firstIndex(of: "]"),
            open < close
        else { return text }
        return String(text[text.index(after: open)..<close])
    }
}
