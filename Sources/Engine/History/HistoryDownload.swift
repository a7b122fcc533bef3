import Codec
import Foundation
import Machine
import MarketModel
import Synchronization
import Venues
import Wire

/// What is to be fetched.
public struct HistoryPlan: Sendable {
    public var series: [HistorySeries]
    /// Candles that begin then or later; `nil`: the batch of each length up to the end (MD-25).
    public var from: Timestamp?
    /// Candles that begin before; `nil`, or in the future: all that are closed.
    public var to: Timestamp?
    /// Made unless it is there.
    public var folder: String
    /// Connections at once, each with a series of its own, 1 or more.
    public var connections: Int

    public init(
        series: [HistorySeries], from: Timestamp?, to: Timestamp?, folder: String, connections: Int
    ) {
        self.series = series
        self.from = from
        self.to = to
        self.folder = folder
        self.connections = connections
    }

    /// A candle is taken so long after its end: the venue's archive may be behind its clock.
    private static let settling = Nanoseconds.seconds(1)

    /// What to fetch of a length at a moment of the venue's clock: from the first candle up to one
    /// that is not wanted any more, or not closed.
    func range(
        of timeframe: HistoryTimeframe, at now: Timestamp
    ) -> (start: Timestamp, end: Timestamp) {
        let closed = timeframe.start(of: now - Self.settling)
        let end = min(to.map { timeframe.first(from: $0) } ?? closed, closed)
        return (from.map { timeframe.first(from: $0) } ?? timeframe.batchStart(before: end), end)
    }
}

/// Fetches candles of the past into files (MD-25, MD-26), several series at once.
///
/// Every series has a file of its own, every connection a thread of its own, since it waits for its
/// answers; the requests of all keep to one pace.
public final class HistoryDownload: Sendable {
    private let plan: HistoryPlan
    private let tally = HistoryTally()
    /// Venue time less ours at the least, so that a candle that is over here is over there.
    private let offset: Int64
    private let pacing: RequestPacing
    private let makeDesk: @Sendable () -> any VenueDesk

    /// Makes the folder and asks the venue for its clock and its limits; blocks.
    public convenience init(
        _ plan: HistoryPlan, _ configuration: RunConfiguration
    ) throws {
        let tls = try LiveEngine.trust(configuration)
        let clock = TSCClock.calibrated()
        try self.init(plan) { HistoryDesk(configuration, tls, clock) }
    }

    init(
        _ plan: HistoryPlan, _ makeDesk: @escaping @Sendable () -> any VenueDesk
    ) throws(HistoryFailure) {
        self.plan = plan
        self.makeDesk = makeDesk
        try Self.prepare(plan.folder)
        let desk = makeDesk()
        offset = try Self.clockOffset(desk)
        pacing = RequestPacing(
            try Self.limits(plan.series.map(\.symbol), desk), clockOffset: offset)
        let now = Timestamp(nanoseconds: desk.now + offset)
        let candles = plan.series.map { series in
            let range = plan.range(of: series.timeframe, at: now)
            return series.timeframe.count(from: range.start, to: range.end)
        }
        tally.expect(series: plan.series.count, candles: candles.reduce(0, +))
    }

    public var progress: HistoryProgress { tally.progress }

    /// Ends it after the requests that are under way; what has come is kept.
    public func stop() { tally.stop() }

    /// Fetches all of it; the reports are in the order of the plan.
    public func run() async -> [SeriesReport] {
        let next = Atomic<Int>(0)
        let reports = Mutex<[Int: SeriesReport]>([:])
        let work: @Sendable () -> Void = { [self] in
            let desk = makeDesk()
            while case let place = next.add(1, ordering: .relaxed).oldValue,
                place < plan.series.count
            {
                let report = fetch(plan.series[place], desk)
                reports.withLock { $0[place] = report }
                tally.finishSeries()
            }
        }
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<min(plan.connections, plan.series.count) {
                group.addTask { await Self.onThread(work) }
            }
        }
        return reports.withLock { found in plan.series.indices.compactMap { found[$0] } }
    }

    /// Its waiting is not for the threads that tasks share.
    private static func onThread(_ work: @escaping @Sendable () -> Void) async {
        await withCheckedContinuation { continuation in
            let thread = Thread {
                work()
                continuation.resume()
            }
            thread.name = "history"
            thread.start()
        }
    }

    private func fetch(_ series: HistorySeries, _ desk: any VenueDesk) -> SeriesReport {
        let now = Timestamp(nanoseconds: desk.now + offset)
        let range = plan.range(of: series.timeframe, at: now)
        var download = SeriesDownload(
            series, in: plan.folder, from: range.start, to: range.end,
            HistoryPages(desk, pacing, tally), tally)
        return download.run()
    }

    // MARK: - Before the first series

    private static func prepare(_ folder: String) throws(HistoryFailure) {
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw .folder(path: folder, reason: FileTrouble.words(for: error))
        }
        if access(folder, W_OK | X_OK) != 0 {
            throw .folder(path: folder, reason: String(cString: strerror(errno)))
        }
    }

    /// The venue's answer lay somewhere between question and answer: at the latest now.
    private static func clockOffset(_ desk: any VenueDesk) throws(HistoryFailure) -> Int64 {
        let path = "/api/v3/time"
        let answer = try answer(path, desk)
        guard answer.status == 200 else {
            throw .venue(series: nil, HistoryPages.refusal(answer, path))
        }
        let time = try read(path, answer.body) { text, count throws(DecodeFailure) in
            try BinanceSpotREST.serverTime(text, count)
        }
        return time.nanoseconds - desk.now
    }

    /// The venue's limits, which it tells with the rules of a symbol that it knows; without one,
    /// those that it documents (binance-spot.md, section 3.3).
    private static func limits(
        _ symbols: [String], _ desk: any VenueDesk
    ) throws(HistoryFailure) -> [RateLimitRule] {
        for symbol in symbols.prefix(3) {
            let path = "/api/v3/exchangeInfo"
            let answer = try answer("\(path)?symbol=\(percentEncoded(symbol))", desk)
            if answer.status != 200 { continue }
            return try read(path, answer.body) { text, count throws(DecodeFailure) in
                try BinanceSpotExchangeInfo(text, count).rateLimits
            }
        }
        return [RateLimitRule(type: "REQUEST_WEIGHT", window: .seconds(60), limit: 6_000)]
    }

    /// Whatever it is, but for a wish to be left alone.
    private static func answer(
        _ target: String, _ desk: any VenueDesk
    ) throws(HistoryFailure) -> VenueAnswer {
        let answer: VenueAnswer
        do throws(StartFailure) {
            answer = try desk.request("GET", target)
        } catch {
            throw .venue(series: nil, error)
        }
        if answer.status == 429 || answer.status == 418 {
            throw .banned(series: nil, status: answer.status, seconds: answer.retryAfter ?? 60)
        }
        return answer
    }

    private static func read<Value>(
        _ path: String, _ body: [UInt8],
        _ decode: (UnsafePointer<UInt8>, Int) throws(DecodeFailure) -> Value
    ) throws(HistoryFailure) -> Value {
        do throws(DecodeFailure) {
            return try HistoryPages.read(body, decode)
        } catch {
            throw .venue(series: nil, .unreadable(request: path, cause: error.words))
        }
    }
}
