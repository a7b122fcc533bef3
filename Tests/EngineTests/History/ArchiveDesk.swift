import Foundation
import MarketModel

@testable import Engine

/// A venue's archive of candles in virtual time, with holes and moods of its own.
final class ArchiveDesk: VenueDesk {
    /// What the archive is and does; the same for every desk of a download.
    struct Script: Sendable {
        static let start: Int64 = 1_767_225_600_000
        /// The venue's clock at the first question, milliseconds since 1970.
        var now = Script.start + 90 * 86_400_000
        /// The symbol is listed then.
        var listed = Script.start
        /// Opening times, milliseconds, that the venue has no candle of.
        var holes: Range<Int64> = 0..<0
        /// By the number of the request for candles, from 0: an answer instead of the archive's.
        var answers: [Int: VenueAnswer] = [:]
        /// Instead of the venue's time.
        var clock: VenueAnswer?
        /// Requests for candles that are not answered.
        var lost: Set<Int> = []
        /// Changes the text of an answer.
        var spoil: @Sendable (Int, String) -> String = { $1 }
        /// Weight that the address is said to have used, behind each request.
        var usedWeight: Int64?
    }

    let script: Script
    private(set) var now: Int64
    private(set) var pauses: [Nanoseconds] = []
    /// The targets of the requests for candles and when they came.
    private(set) var asked: [(target: String, at: Int64)] = []
    /// Called before a request for candles is answered, with its number.
    var onRequest: (Int) -> Void = { _ in }

    init(_ script: Script = Script()) {
        self.script = script
        now = script.now * 1_000_000
    }

    func pause(_ duration: Nanoseconds) {
        pauses.append(duration)
        now += duration.count
    }

    func request(_ method: String, _ target: String) throws(StartFailure) -> VenueAnswer {
        now += 20_000_000
        if target.hasPrefix("/api/v3/time") {
            if let answer = script.clock { return answer }
            return VenueAnswer(
                status: 200, body: Array("{\"serverTime\":\(now / 1_000_000)}".utf8),
                retryAfter: nil)
        }
        guard target.hasPrefix("/api/v3/klines?") else {
            return VenueAnswer(status: 400, body: [], retryAfter: nil)
        }
        let number = asked.count
        asked.append((target, now))
        onRequest(number)
        if script.lost.contains(number) {
            throw .unreachable(endpoint: "archive:1", cause: "the connection ended")
        }
        if let answer = script.answers[number] { return answer }
        let text = script.spoil(number, rows(Self.parameters(target)))
        return VenueAnswer(
            status: 200, body: Array(text.utf8), retryAfter: nil, usedWeight: script.usedWeight)
    }

    private static func parameters(_ target: String) -> [String: String] {
        let pairs = target.drop { $0 != "?" }.dropFirst().split(separator: "&").map {
            $0.split(separator: "=")
        }
        return Dictionary(uniqueKeysWithValues: pairs.map { (String($0[0]), String($0[1])) })
    }

    private func rows(_ parameters: [String: String]) -> String {
        guard let calendar = ArchiveCalendar(parameters["interval"] ?? "") else { return "[]" }
        let start = parameters["startTime"].flatMap { Int64($0) } ?? 0
        let end = parameters["endTime"].flatMap { Int64($0) } ?? 0
        let limit = parameters["limit"].flatMap { Int($0) } ?? 500
        var rows: [String] = []
        // As on the venue, a symbol listed within a candle has that one from its beginning.
        var time = calendar.first(from: max(start, calendar.start(of: script.listed)))
        // As the venue: also the candle that is still open.
        while time <= min(end, now / 1_000_000), rows.count < limit {
            let next = calendar.next(after: time)
            if !script.holes.contains(time) {
                let fields = Self.fields(at: time).map { "\"\($0)\"" }.joined(separator: ",")
                rows.append("[\(time),\(fields),\(next - 1),\"1.0\",3,\"0.5\",\"0.5\",\"0\"]")
            }
            time = next
        }
        return "[\(rows.joined(separator: ","))]"
    }

    /// Open, high, low, close and volume, by the time alone.
    static func fields(at time: Int64) -> [String] {
        let base = 60_000 + time / 1_000 % 977
        return ["\(base).10000000", "\(base + 9).5", "\(base - 7).00", "\(base + 1)", "0.00012345"]
    }

    /// The file that a whole download of these times leaves.
    static func file(_ times: some Sequence<Int64>) -> String {
        "timestamp,open,high,low,close,volume\n"
            + times.map { "\($0),\(fields(at: $0).joined(separator: ","))\n" }.joined()
    }
}
