@testable import Wire

/// Feeds bytes to an HTTP reader in pieces and notes the messages and how they ended.
struct HTTPSession: ~Copyable {
    struct Message: Equatable {
        var start: String
        var body: String
        var fields: [String: String]
    }

    enum Outcome: Equatable {
        case reading
        case failed(HTTPFailure)
    }

    var buffer: ByteBuffer
    var reader: HTTPReader
    var messages: [Message] = []
    var outcome = Outcome.reading
    let role: HTTPReader.Role

    init(role: HTTPReader.Role, limits: HTTPLimits = HTTPLimits(), capacity: Int = 1 << 16) {
        self.role = role
        reader = HTTPReader(limits: limits)
        buffer = ByteBuffer(capacity: capacity)
    }

    mutating func feed(_ bytes: [UInt8], step: () -> Int = { Int.max }) {
        var at = 0
        while at < bytes.count, outcome == .reading {
            if buffer.room < 64 { reader.compact(&buffer) }
            let count = min(step(), bytes.count - at, buffer.room)
            guard count > 0 else { return }
            buffer.append(bytes[at..<at + count])
            at += count
            read()
        }
    }

    private mutating func read() {
        do throws(HTTPFailure) {
            while try reader.advance(&buffer, role: role) { note() }
        } catch {
            outcome = .failed(error)
        }
    }

    private mutating func note() {
        let text = HTTPText(bytes: buffer.readable)
        let head = reader.head
        let start =
            head.status > 0
            ? "\(head.status)" : "\(text.string(head.method)) \(text.string(head.target))"
        let fields = head.fields.map { (text.string($0.name), text.string($0.value)) }
        messages.append(
            Message(
                start: start, body: text.string(reader.body),
                fields: Dictionary(fields, uniquingKeysWith: { first, _ in first })))
        reader.finish(&buffer)
    }

    mutating func end() {
        do throws(HTTPFailure) {
            if try reader.end() { note() }
        } catch {
            outcome = .failed(error)
        }
    }
}
