import Codec
import MarketModel
import Venues

/// Asks for candles page by page, for as long as it takes and no faster than the venue allows.
struct HistoryPages {
    /// What ended the asking before there was an answer.
    enum Ending: Error {
        case stopped
        case failed(HistoryFailure)
    }

    private let desk: any VenueDesk
    private let pacing: RequestPacing
    private let progress: HistoryTally
    private(set) var requests = 0

    /// Attempts behind a lost connection or a server's own trouble before a series is given up, and
    /// the pause before the first; each further one is twice as long (BF-08).
    private static let attempts = 5
    private static let firstPause = Nanoseconds.milliseconds(500)
    /// A stop is heard within this.
    private static let slice = Nanoseconds.milliseconds(50)

    init(_ desk: any VenueDesk, _ pacing: RequestPacing, _ progress: HistoryTally) {
        self.desk = desk
        self.pacing = pacing
        self.progress = progress
    }

    /// The venue's oldest candles that begin within `start..<end`, a thousand at most, checked;
    /// without those that are there twice. Empty: it has none (BUG-047, BUG-048).
    mutating func page(
        _ series: HistorySeries, from start: Timestamp, to end: Timestamp
    ) throws(Ending) -> [HistoryBar] {
        let target = "/api/v3/klines?symbol=\(percentEncoded(series.symbol))"
            + "&interval=\(series.timeframe.name)&startTime=\(start.milliseconds)"
            + "&endTime=\(end.milliseconds - 1)&limit=\(VenueInquiry.mostCandles)"
        let body = try answer(target, series)
        let rows: [HistoryBar]
        do throws(DecodeFailure) {
            rows = try Self.read(body) { text, count throws(DecodeFailure) in
                try Self.rows(text, count)
            }
        } catch {
            let cause = StartFailure.unreadable(request: "/api/v3/klines", cause: error.words)
            throw .failed(.venue(series: "\(series)", cause))
        }
        do throws(HistoryFailure) {
            return try Self.checked(rows, series, start, end)
        } catch {
            throw .failed(error)
        }
    }

    private static func checked(
        _ rows: [HistoryBar], _ series: HistorySeries, _ start: Timestamp, _ end: Timestamp
    ) throws(HistoryFailure) -> [HistoryBar] {
        var good: [HistoryBar] = []
        for row in rows {
            if let last = good.last?.time, row.time <= last {
                if row == good.last { continue }
                throw .bar(series: "\(series)", row.time, .notAfter(last))
            }
            if let problem = row.problem(in: series.timeframe) {
                throw .bar(series: "\(series)", row.time, problem)
            }
            guard row.time >= start, row.time < end else {
                throw .notAsked(series: "\(series)", row.time, from: start)
            }
            good.append(row)
        }
        return good
    }

    /// Reads a body, with the 64 bytes behind it that the readers want.
    static func read<Value>(
        _ body: [UInt8], _ decode: (UnsafePointer<UInt8>, Int) throws(DecodeFailure) -> Value
    ) throws(DecodeFailure) -> Value {
        let padded = body + [UInt8](repeating: 0, count: 64)
        let outcome: Result<Value, DecodeFailure> = padded.withUnsafeBufferPointer {
            guard let base = $0.baseAddress else { return .failure(.truncated) }
            do throws(DecodeFailure) {
                return .success(try decode(base, body.count))
            } catch {
                return .failure(error)
            }
        }
        return try outcome.get()
    }

    /// Arrays of twelve, of which the first six count (binance-spot.md, section 6).
    static func rows(
        _ text: UnsafePointer<UInt8>, _ count: Int
    ) throws(DecodeFailure) -> [HistoryBar] {
        var rows: [HistoryBar] = []
        var scanner = JSONScanner(text, count)
        try scanner.enterArray()
        while try scanner.nextElement() {
            try scanner.enterArray()
            var fields: [JSONValue] = []
            while try scanner.nextElement() { fields.append(try scanner.value()) }
            guard fields.count >= 6 else { throw .missingKey }
            let time = try fields[0].count64()
            guard time < Timestamp.never.milliseconds else { throw .overflow }
            var texts: [String] = []
            for field in fields[1...5] {
                guard let text = field.string else { throw .wrongType }
                texts.append(text)
            }
            rows.append(HistoryBar(time: Timestamp(milliseconds: time), texts: texts))
        }
        try scanner.finish()
        return rows
    }

    // MARK: - Requests

    /// The body of an answer, asked for until there is one.
    private mutating func answer(
        _ target: String, _ series: HistorySeries
    ) throws(Ending) -> [UInt8] {
        var failures = 0
        while true {
            let trouble: StartFailure
            switch try ask(target) {
            case .success(let answer) where answer.status == 200: return answer.body
            case .success(let answer) where answer.status == 429 || answer.status == 418:
                try keepQuiet(answer, series)
                continue
            case .success(let answer):
                trouble = Self.refusal(answer)
                if answer.status < 500 { throw .failed(Self.words(trouble, series)) }
            case .failure(let failure):
                trouble = failure
                guard case .unreachable = failure else {
                    throw .failed(Self.words(failure, series))
                }
            }
            failures += 1
            if failures > Self.attempts { throw .failed(Self.words(trouble, series)) }
            let wait = Nanoseconds(Self.firstPause.count << Int64(failures - 1))
            progress.tell("\(trouble); asked again in \(wait.count / 1_000_000) ms")
            try pause(wait)
        }
    }

    /// One request, as soon as it may leave.
    private mutating func ask(
        _ target: String
    ) throws(Ending) -> Result<VenueAnswer, StartFailure> {
        let weight = RequestWeight.of("GET", target)
        while true {
            if progress.isStopped { throw .stopped }
            guard let hold = pacing.take(weight, at: desk.now) else { break }
            if hold.isForWeight { progress.tell("waiting for request weight: the next minute") }
            try pause(hold.wait)
        }
        requests += 1
        do throws(StartFailure) {
            let answer = try desk.request("GET", target)
            pacing.settle(weight, answer.usedWeight, at: desk.now)
            return .success(answer)
        } catch {
            pacing.lose()
            return .failure(error)
        }
    }

    private func keepQuiet(_ answer: VenueAnswer, _ series: HistorySeries) throws(Ending) {
        let seconds = answer.retryAfter ?? 60
        pacing.keepQuiet(seconds: seconds, at: desk.now)
        if Nanoseconds.seconds(Int64(seconds)) > RequestPacing.longestQuiet {
            throw .failed(
                .banned(series: "\(series)", status: answer.status, seconds: seconds))
        }
        progress.tell("HTTP \(answer.status): the venue wants no request for \(seconds) s")
    }

    /// Waits in slices, so that a stop is heard.
    private func pause(_ duration: Nanoseconds) throws(Ending) {
        let end = desk.now + duration.count
        while case let left = end - desk.now, left > 0 {
            if progress.isStopped { throw .stopped }
            desk.pause(Nanoseconds(min(left, Self.slice.count)))
        }
    }

    private static func words(
        _ failure: StartFailure, _ series: HistorySeries
    ) -> HistoryFailure {
        if case .refused(_, _, -1121, _) = failure { return .unknownSymbol(series: "\(series)") }
        return .venue(series: "\(series)", failure)
    }

    static func refusal(_ answer: VenueAnswer, _ path: String = "/api/v3/klines") -> StartFailure {
        let padded = answer.body + [UInt8](repeating: 0, count: 64)
        let failure = padded.withUnsafeBufferPointer { buffer in
            buffer.baseAddress.flatMap { BinanceSpotREST.failure($0, answer.body.count) }
        }
        return .refused(
            request: path, status: answer.status, code: Int(failure?.code ?? 0),
            message: failure?.message ?? "no explanation")
    }
}
