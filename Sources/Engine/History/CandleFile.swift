import Foundation
import Glibc
import MarketModel

/// A file of candles that grows at its end only: whatever moment its writer is killed at, it is a
/// beginning of what it would have become, and at most its last line is torn.
///
/// Opening it reads it whole, cuts a torn line off and refuses anything else that is wrong; it stays
/// locked against other writers until it goes out of scope.
struct CandleFile: ~Copyable {
    let path: String
    let timeframe: HistoryTimeframe
    private(set) var first: Timestamp?
    private(set) var last: Timestamp?
    private(set) var bars = 0
    private(set) var gaps: [HistoryGap] = []
    /// -1: there is no file yet; the first candle makes it.
    private var descriptor: Int32 = -1
    private var bytes = 0

    /// Of a path where there may be a file. Candles from `limit` on are cut off.
    init(
        path: String, _ timeframe: HistoryTimeframe, until limit: Timestamp = .never
    ) throws(HistoryFailure) {
        self.path = path
        self.timeframe = timeframe
        descriptor = open(path, O_RDWR | O_APPEND | O_CLOEXEC)
        if descriptor < 0 {
            if errno == ENOENT { return }
            throw Self.failure(path, errno)
        }
        try lock()
        try read(until: limit)
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    private func lock() throws(HistoryFailure) {
        if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return }
        throw errno == EWOULDBLOCK ? .busy(path: path) : Self.failure(path, errno)
    }

    private mutating func read(until limit: Timestamp) throws(HistoryFailure) {
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw .file(path: path, reason: "it is no file")
        }
        let size = Int(status.st_size)
        let scan: CandleFileScan
        if size == 0 {
            scan = CandleFileScan(UnsafeRawBufferPointer(start: nil, count: 0), timeframe: timeframe)
        } else {
            guard let map = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0),
                map != MAP_FAILED
            else { throw Self.failure(path, errno) }
            defer { munmap(map, size) }
            scan = CandleFileScan(
                UnsafeRawBufferPointer(start: map, count: size), timeframe: timeframe, until: limit)
        }
        for finding in scan.findings where finding.isError && finding.kind != .torn {
            throw .content(
                path: path, line: finding.line,
                reason: "\(finding.words); nothing is added to such a file: mend it or move it away")
        }
        if scan.wholeBytes > 0, !scan.hasOwnHeading {
            throw .content(
                path: path, line: 1,
                reason: "no heading; accepted: \(CandleFileScan.heading)")
        }
        bytes = scan.wholeBytes
        if bytes < size, ftruncate(descriptor, off_t(bytes)) != 0 { throw Self.failure(path, errno) }
        (first, last, bars, gaps) = (scan.first, scan.last, scan.bars, scan.gaps)
    }

    /// Adds candles behind the last one, which they must follow in order.
    mutating func append(_ rows: [HistoryBar]) throws(HistoryFailure) {
        if rows.isEmpty { return }
        if descriptor < 0 { try create() }
        var text = bytes == 0 ? CandleFileScan.heading + "\n" : ""
        for row in rows { text += row.line + "\n" }
        try write(text)
        for row in rows {
            precondition(last.map { row.time > $0 } ?? true, "a file of candles grows at its end")
            if let next = last.map({ timeframe.next(after: $0) }), row.time > next {
                gaps.append(HistoryGap(timeframe, from: next, to: row.time))
            }
            if first == nil { first = row.time }
            last = row.time
        }
        bars += rows.count
    }

    private mutating func create() throws(HistoryFailure) {
        descriptor = open(path, O_RDWR | O_APPEND | O_CLOEXEC | O_CREAT | O_EXCL, 0o644)
        if descriptor < 0 { throw errno == EEXIST ? .busy(path: path) : Self.failure(path, errno) }
        try lock()
    }

    /// All of it; of what did not fit nothing stays.
    private mutating func write(_ text: String) throws(HistoryFailure) {
        var text = text
        let trouble: Int32 = text.withUTF8 { buffer in
            var rest = UnsafeRawBufferPointer(buffer)
            while !rest.isEmpty {
                let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
                if count < 0, errno == EINTR { continue }
                if count < 0 { return errno }
                rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
            }
            return 0
        }
        if trouble != 0 {
            ftruncate(descriptor, off_t(bytes))
            throw Self.failure(path, trouble)
        }
        bytes += text.utf8.count
    }

    /// Puts what `later` holds behind this file's candles and takes its place, in one step for
    /// whoever reads: until then it is as it was.
    mutating func precede(_ later: borrowing CandleFile) throws(HistoryFailure) {
        let body: Data
        do {
            let whole = try Data(contentsOf: URL(fileURLWithPath: later.path))
            body = whole.dropFirst(CandleFileScan.heading.utf8.count + 1)
        } catch {
            throw .file(path: later.path, reason: FileTrouble.words(for: error))
        }
        try write(String(decoding: body, as: UTF8.self))
        if fsync(descriptor) != 0 || rename(path, later.path) != 0 {
            throw Self.failure(later.path, errno)
        }
        let place = later.path
        let moved = descriptor
        descriptor = -1
        self = try CandleFile(moved, place, timeframe)
    }

    /// Of an open, locked file under its new name.
    private init(
        _ descriptor: Int32, _ path: String, _ timeframe: HistoryTimeframe
    ) throws(HistoryFailure) {
        self.path = path
        self.timeframe = timeframe
        self.descriptor = descriptor
        try read(until: .never)
    }

    /// Brings it to the disk.
    func sync() throws(HistoryFailure) {
        if descriptor >= 0, fsync(descriptor) != 0 { throw Self.failure(path, errno) }
    }

    private static func failure(_ path: String, _ number: Int32) -> HistoryFailure {
        .file(path: path, reason: String(cString: strerror(number)))
    }
}
