import Machine
import Wire

/// REST requests one after another over one kept connection, waiting for each answer.
///
/// For the engine's start only: instruments, clock, history and balances are fetched before the
/// lane exists. The lane itself never waits.
struct RESTConversation: ~Copyable {
    private(set) var connection: LinkConversation

    typealias Answer = VenueAnswer

    init(
        endpoint: VenueEndpoint, tls: TLSClientContext, clock: TSCClock, timeout: Int64,
        maskSeed: UInt64
    ) throws(StartFailure) {
        connection = try LinkConversation(
            .http, endpoint: endpoint, tls: tls, clock: clock, timeout: timeout,
            maskSeed: maskSeed)
    }

    /// Connects, unless it is connected.
    mutating func open() throws(StartFailure) {
        if connection.link.phase != .open { try connection.connect() }
    }

    /// Sends a request and waits for its answer; connects first where that is needed.
    mutating func request(
        _ method: String, _ path: String, fields: [(String, String)] = []
    ) throws(StartFailure) -> Answer {
        try open()
        // Parameters are in the query; a POST without a body still tells its length.
        let isQueued = connection.link.sendRequest(
            method: method, path: path, fields: fields,
            body: method == "POST" ? UnsafeRawBufferPointer(start: nil, count: 0) : nil,
            now: connection.clock.now())
        guard isQueued else {
            throw connection.unreachable("the request does not fit the connection")
        }
        let answer = try connection.wait { link, message -> Answer? in
            guard case .response = message else { return nil }
            return Answer(
                status: link.responseStatus, body: Array(link.responseBody),
                retryAfter: link.responseField("Retry-After").flatMap { Int($0) },
                usedWeight: link.responseField("X-MBX-USED-WEIGHT-1M").flatMap { Int64($0) })
        }
        if let answer { return answer }
        let name = path.prefix { $0 != "?" }
        throw connection.unreachable(
            "no answer to \(name) within \(connection.timeout / 1_000_000) ms (timeouts.request)")
    }
}
