import Emulator
import Glibc
import Wire

/// Stands between the exchange and its connections: makes it say what it would not, and notes what
/// it said of its own accord.
final class FaultyExchange: Interference {
    private let faults: FaultSource
    /// Messages held back, in the order they were to leave.
    private var held: [HeldMessage] = []
    /// Diffs are held back until then.
    private var lagEnd: Int64 = 0
    /// Diffs with a bid above every ask, by symbol and update, and those that take it away again.
    private var crossings: [String: [Int64: Bool]] = [:]
    /// The newest diff of each symbol.
    private var newestDiffs: [String: Int64] = [:]
    /// Old reports, to be said again.
    private var reports: [[UInt8]] = []
    private var lastSnapshots: [String: [UInt8]] = [:]
    /// The exchange's clock.
    var now: Int64 = 0
    /// A diff of a book has left since this was cleared.
    var hasSaidDepth = false
    /// Requests that the exchange itself refused because there were too many.
    private(set) var refusedByRate = 0

    init(_ faults: FaultSource) { self.faults = faults }

    // MARK: - WebSockets

    func fate(of message: UnsafeRawBufferPointer, to destination: Destination) -> MessageFate {
        if faults.isCalm {
            note(message, destination)
            return .sent
        }
        if destination.isAPI {
            if let fate = apiFate(of: message, destination) { return fate }
        } else if destination.form.isDiff(message) {
            hasSaidDepth = true
            let crossed = crossing(Array(message), destination.form)
            if now < lagEnd {
                held.append(HeldMessage(crossed ?? Array(message), to: destination, due: lagEnd))
                return .replaced([])
            }
            // What is said of one update is the same on every connection.
            if let crossed { return .replaced([crossed]) }
            if let fate = streamFate(of: message, destination) { return fate }
        } else if let fate = streamFate(of: message, destination) {
            return fate
        }
        if faults.isOver { return .sent }
        return brokenFate(of: message, destination.form)
    }

    /// What is watched though nothing strikes.
    private func note(_ message: UnsafeRawBufferPointer, _ destination: Destination) {
        if !destination.isAPI {
            if destination.form.isDiff(message) { hasSaidDepth = true }
        } else if !message.isUserEvent, message.has("\"status\":429", within: 80) {
            refusedByRate += 1
        }
    }

    /// A diff that crosses its book, and the next one, which puts it right; `nil`: as it is.
    private func crossing(_ message: [UInt8], _ form: any MessageForm.Type) -> [UInt8]? {
        guard let (symbol, updateID) = form.place(ofDiff: message) else { return nil }
        if updateID > newestDiffs[symbol] ?? 0 {
            let follows = crossings[symbol]?[newestDiffs[symbol] ?? 0] == true
            newestDiffs[symbol] = updateID
            if follows {
                crossings[symbol, default: [:]][updateID] = false
            } else if faults.strikes(.crossedBook) {
                crossings[symbol, default: [:]][updateID] = true
            }
        }
        return crossings[symbol]?[updateID].flatMap {
            form.withHighBid(message, isTakenAway: !$0)
        }
    }

    /// Whether the book of a symbol was told to be crossed as of an update.
    func isCrossed(_ symbol: String, at updateID: Int64) -> Bool {
        crossings[symbol]?[updateID] ?? false
    }

    private func streamFate(
        of message: UnsafeRawBufferPointer, _ destination: Destination
    ) -> MessageFate? {
        if faults.strikes(.drop) { return .replaced([]) }
        if faults.strikes(.duplicate) { return .replaced([Array(message), Array(message)]) }
        if faults.strikes(.reorder) {
            hold(message, destination, .reorder, in: 1_000_000...300_000_000)
            return .replaced([])
        }
        if destination.form.isTop(message), faults.strikes(.crossedTop),
            let crossed = destination.form.crossedTop(Array(message))
        {
            return .replaced([crossed])
        }
        return nil
    }

    private func apiFate(
        of message: UnsafeRawBufferPointer, _ destination: Destination
    ) -> MessageFate? {
        if message.isUserEvent { return reportFate(of: message, destination) }
        if message.has("\"status\":429", within: 80) {
            refusedByRate += 1
        }
        if message.has("\"code\":-2010", within: 120), faults.strikes(.lateRefusal) {
            hold(message, destination, .lateRefusal, in: 1_000_000...900_000_000)
            return .replaced([])
        }
        if faults.strikes(.lostAcknowledgement) { return .replaced([]) }
        if faults.strikes(.lateAcknowledgement) {
            hold(message, destination, .lateAcknowledgement, in: 1_000_000...3_000_000_000)
            return .replaced([])
        }
        return nil
    }

    private func reportFate(
        of message: UnsafeRawBufferPointer, _ destination: Destination
    ) -> MessageFate? {
        defer { keep(message) }
        // TCP loses nothing: a report that never comes takes its connection with it.
        if faults.strikes(.lostReport) { return .cut }
        if faults.strikes(.duplicateReport) { return .replaced([Array(message), Array(message)]) }
        if faults.strikes(.lateReport) {
            hold(message, destination, .lateReport, in: 100_000...400_000_000)
            return .replaced([])
        }
        if !reports.isEmpty, faults.strikes(.staleReport) {
            let place = faults.number(.staleReport, in: 0...Int64(reports.count - 1))
            return .replaced([Array(message), reports[Int(place)]])
        }
        if faults.strikes(.unknownStatus),
            let other = MessageFaults.replacing(
                "\"X\":\"NEW\"", by: "\"X\":\"FROZEN\"", in: Array(message))
        {
            return .replaced([other])
        }
        return nil
    }

    /// What breaks any message.
    private func brokenFate(
        of message: UnsafeRawBufferPointer, _ form: any MessageForm.Type
    ) -> MessageFate {
        if faults.strikes(.unknownField) { return .replaced([form.unknownField(Array(message))]) }
        if faults.strikes(.truncated) {
            let count = faults.number(.truncated, in: 0...Int64(message.count))
            return .replaced([MessageFaults.truncated(Array(message), to: Int(count))])
        }
        if faults.strikes(.invalidText) {
            let place = faults.number(.invalidText, in: 0...Int64(message.count))
            return .replaced([form.invalidText(Array(message), at: Int(place))])
        }
        if faults.strikes(.wrongType), let other = form.wrongType(Array(message)) {
            return .replaced([other])
        }
        if faults.strikes(.hugeNumber), let other = form.hugeNumber(Array(message)) {
            return .replaced([other])
        }
        if faults.strikes(.oversized) {
            return .replaced([[UInt8](repeating: UInt8(ascii: " "), count: 4 << 20 + 1)])
        }
        if faults.strikes(.corruptFrame) { return .raw(MessageFaults.corruptFrame) }
        if faults.strikes(.closeCode) {
            let codes: [UInt16] = [1001, 1008, 1011, 1012, 1013, 4000]
            return .closed(codes[Int(faults.number(.closeCode, in: 0...5))])
        }
        return .sent
    }

    private func hold(
        _ message: UnsafeRawBufferPointer, _ destination: Destination, _ kind: FaultKind,
        in span: ClosedRange<Int64>
    ) {
        held.append(
            HeldMessage(Array(message), to: destination, due: now + faults.number(kind, in: span)))
    }

    private func keep(_ message: UnsafeRawBufferPointer) {
        if reports.count == 32 { reports.removeFirst() }
        reports.append(Array(message))
    }

    func overdue(now: Int64) -> [HeldMessage] {
        if held.isEmpty { return [] }
        let due = held.filter { $0.due <= now }
        if due.isEmpty { return [] }
        held.removeAll { $0.due <= now }
        return due.enumerated()
            .sorted { ($0.element.due, $0.offset) < ($1.element.due, $1.offset) }
            .map(\.element)
    }

    /// When something held back is due; `nil` when nothing is.
    var nextDue: Int64? { held.map(\.due).min() }

    // MARK: - REST

    func change(_ answer: inout LeavingAnswer, to target: String) -> Bool {
        if answer.status == 429 || answer.status == 418 { refusedByRate += 1 }
        if faults.strikes(.noAnswer) { return false }
        if target.hasPrefix("/api/v3/depth") {
            let earlier = lastSnapshots.updateValue(answer.body, forKey: target)
            if let earlier, faults.strikes(.staleSnapshot) { answer.body = earlier }
            // It arrives before the diffs that it already contains.
            if faults.strikes(.earlySnapshot) {
                lagEnd = now + faults.number(.earlySnapshot, in: 10_000_000...400_000_000)
            }
        }
        if faults.strikes(.emptyAnswer) { answer.body = [] }
        if faults.strikes(.pageAnswer) {
            answer = Self.refusal(403, "<html><body>WAF</body></html>", type: "text/html")
            // Without, the engine keeps quiet for two minutes, which is longer than anybody waits here.
            answer.fields.append(("Retry-After", "1"))
        }
        if faults.strikes(.serverError) {
            answer = Self.refusal(503, "{\"code\":-1001,\"msg\":\"Internal error\"}")
        }
        // Whom the venue sends away so, it has not listened to: an order that it has taken cannot be
        // answered with it.
        if !target.hasPrefix("/api/v3/order") {
            if faults.strikes(.tooManyRequests) { answer = Self.quiet(429) }
            if faults.strikes(.banned) { answer = Self.quiet(418) }
        }
        if faults.strikes(.corruptHead) {
            let place = faults.number(
                .corruptHead, in: 0...Int64(MessageFaults.corruptHeads.count - 1))
            answer.raw = MessageFaults.corruptHeads[Int(place)]
        }
        if faults.strikes(.cutAnswer) {
            let count = faults.number(.cutAnswer, in: 0...Int64(answer.body.count))
            answer.body = MessageFaults.truncated(answer.body, to: Int(count))
        }
        return true
    }

    private static func refusal(
        _ status: Int, _ text: String, type: String = "application/json"
    ) -> LeavingAnswer {
        LeavingAnswer(status: status, fields: [("Content-Type", type)], body: Array(text.utf8))
    }

    private static func quiet(_ status: Int) -> LeavingAnswer {
        var answer = refusal(status, "{\"code\":-1003,\"msg\":\"Too many requests\"}")
        answer.fields.append(("Retry-After", "1"))
        return answer
    }
}

extension Destination {
    fileprivate var form: any MessageForm.Type { isBinary ? BinaryMessages.self : TextMessages.self }
}

extension UnsafeRawBufferPointer {
    /// An event of a user data stream, as the exchange writes it.
    fileprivate var isUserEvent: Bool {
        starts(with: "{\"subscriptionId\"".utf8)
    }

    /// Whether a text lies in its first bytes.
    fileprivate func has(_ text: StaticString, within limit: Int) -> Bool {
        let length = text.utf8CodeUnitCount
        guard let baseAddress, Swift.min(count, limit) >= length else { return false }
        return (0...(Swift.min(count, limit) - length)).contains {
            self[$0] == text.utf8Start[0] && memcmp(baseAddress + $0, text.utf8Start, length) == 0
        }
    }
}
