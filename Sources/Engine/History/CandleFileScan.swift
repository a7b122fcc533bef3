import Foundation
import MarketModel

/// What a file of candles holds, read from its first line to its last.
///
/// Lines are `timestamp,open,high,low,close,volume`: the opening time in milliseconds since 1970
/// (files of others: also s, us or ns, by its size) and plain decimals. Further columns are passed
/// over; the heading may be missing, as in Binance's own files.
public struct CandleFileScan: Sendable {
    /// What is not as it should be, with its line, from 1.
    public struct Finding: Equatable, Sendable {
        public enum Kind: Equatable, Sendable {
            case bar(BarProblem)
            /// A line that is not six fields with a time in front.
            case form(String)
            case duplicate(Timestamp)
            case gap(HistoryGap)
            case outlier(BarOutlier)
            /// The last line has no end.
            case torn
        }

        public let line: Int
        public let kind: Kind

        /// Bad lines and duplicates are; what is missing may be the venue's own hole, and what is
        /// far out may be the market's own doing.
        public var isError: Bool {
            switch kind {
            case .bar, .form, .duplicate, .torn: true
            case .gap, .outlier: false
            }
        }

        public var words: String {
            switch kind {
            case .bar(let problem): "\(problem)"
            case .form(let text): text
            case .duplicate(let time): "the bar of \(HistoryText.moment(time)) is there twice"
            case .gap(let gap): "gap: \(gap.words)"
            case .outlier(let outlier): "outlier: \(outlier)"
            case .torn: "the last line is torn: it has no end"
            }
        }
    }

    static let heading = "timestamp,open,high,low,close,volume"
    private static let timeNames: Set = ["timestamp", "open_time", "time"]

    public let timeframe: HistoryTimeframe
    public private(set) var findings: [Finding] = []
    /// Good candles.
    public private(set) var bars = 0
    public private(set) var first: Timestamp?
    public private(set) var last: Timestamp?
    /// Bytes up to the end of the last whole line that was read.
    private(set) var wholeBytes = 0
    /// Whether the first line is ours.
    private(set) var hasOwnHeading = false
    private var line = 0
    private var gauge = OutlierGauge()
    /// Candles from here on are not read.
    private let limit: Timestamp
    private var isOver = false

    public var gaps: [HistoryGap] {
        findings.compactMap { if case .gap(let gap) = $0.kind { gap } else { nil } }
    }

    /// Candles far beyond the ones before them.
    public var outliers: [BarOutlier] {
        findings.compactMap { if case .outlier(let outlier) = $0.kind { outlier } else { nil } }
    }

    /// Reads a file.
    public init(path: String, timeframe: HistoryTimeframe) throws(HistoryFailure) {
        let bytes: Data
        do {
            bytes = try Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe)
        } catch {
            throw .missing(path: path, reason: FileTrouble.words(for: error))
        }
        self = bytes.withUnsafeBytes { CandleFileScan($0, timeframe: timeframe) }
    }

    /// Reads bytes; stops in front of the first candle that begins at `limit` or later.
    init(
        _ bytes: UnsafeRawBufferPointer, timeframe: HistoryTimeframe, until limit: Timestamp = .never
    ) {
        self.timeframe = timeframe
        self.limit = limit
        var rest = bytes[...]
        while !isOver, let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            line += 1
            take(rest[rest.startIndex..<end])
            if isOver { return }
            wholeBytes = end + 1
            rest = rest[wholeBytes...]
        }
        if !rest.isEmpty { findings.append(Finding(line: line + 1, kind: .torn)) }
    }

    private mutating func take(_ bytes: Slice<UnsafeRawBufferPointer>) {
        var text = Substring(String(decoding: bytes, as: UTF8.self))
        if text.last == "\r" { text.removeLast() }
        let fields = text.split(separator: ",", omittingEmptySubsequences: false)
        if line == 1, fields.first.map({ Int64($0) == nil }) ?? true {
            return takeHeading(text, fields)
        }
        guard fields.count >= 6 else {
            return note(.form("found \(fields.count) fields, accepted: \(Self.heading)"))
        }
        guard let time = Self.time(fields[0]) else {
            return note(.form("timestamp is '\(fields[0])'; accepted: milliseconds since 1970"))
        }
        if time >= limit {
            isOver = true
            return
        }
        take(HistoryBar(time: time, texts: fields[1...5].map(String.init)))
    }

    private mutating func takeHeading(_ text: Substring, _ fields: [Substring]) {
        hasOwnHeading = text == Self.heading
        let names = fields.prefix(6).map { $0.lowercased() }
        let wanted = Self.heading.split(separator: ",").dropFirst().map(String.init)
        if names.count < 6 || !Self.timeNames.contains(names[0]) || Array(names[1...]) != wanted {
            note(.form("the heading is '\(text.prefix(80))'; accepted: \(Self.heading)"))
        }
    }

    private mutating func take(_ bar: HistoryBar) {
        if let last, bar.time == last { return note(.duplicate(bar.time)) }
        if let last, bar.time < last { return note(.bar(.notAfter(last))) }
        if let problem = bar.problem(in: timeframe) { return note(.bar(problem)) }
        let next = last.map { timeframe.next(after: $0) }
        let isBehindGap = next.map { bar.time > $0 } ?? false
        if let next, isBehindGap { note(.gap(HistoryGap(timeframe, from: next, to: bar.time))) }
        if let outlier = gauge.take(bar, isBehindGap: isBehindGap) { note(.outlier(outlier)) }
        if first == nil { first = bar.time }
        last = bar.time
        bars += 1
    }

    private mutating func note(_ kind: Finding.Kind) {
        findings.append(Finding(line: line, kind: kind))
    }

    /// A whole number above 0, its unit by its size: a time of this century has 10, 13, 16 or 19
    /// digits.
    private static func time(_ text: Substring) -> Timestamp? {
        guard let number = Int64(text), number > 0 else { return nil }
        let factor: Int64 =
            switch text.utf8.count {
            case ...11: 1_000_000_000
            case ...14: 1_000_000
            case ...17: 1_000
            default: 1
            }
        let (nanoseconds, isTooLarge) = number.multipliedReportingOverflow(by: factor)
        return isTooLarge ? nil : Timestamp(nanoseconds: nanoseconds)
    }
}
