import Codec
import Foundation
import Machine
import MarketModel
import Telemetry
import Venues
import Wire

/// Names, TCP, TLS and log-on of the three connections that an engine keeps.
extension VenueCheck {
    /// A certificate that ends sooner is worth a look.
    private static var shortestValidity: Int64 { 14 }

    mutating func checkREST() -> CheckReport.Section {
        var section = CheckReport.Section("rest")
        do throws(StartFailure) {
            try inquiry.connect()
            inquiry.withConnection { describe($0, &section) }
        } catch {
            section.problem(error)
        }
        return section
    }

    /// The market's stream and, unless the market is quiet, its first message.
    mutating func checkStreams() -> CheckReport.Section {
        var section = CheckReport.Section("streams")
        guard let symbol = configuration.symbols.first.flatMap({ ShortName($0) }) else {
            return section
        }
        let name = BinanceSpotStreamRequest.name(.bookTicker, of: symbol)
        do throws(StartFailure) {
            var connection = try open(
                configuration.venue.environment.hosts.streams,
                path: "/stream?streams=\(name)")
            describe(connection, &section)
            let asked = clock.now()
            let isHeard = try connection.wait { _, message -> Bool? in
                if case .text = message { true } else { nil }
            }
            if isHeard == true {
                let wait = FigureText.duration(clock.now() - asked)
                section.fine("\(name): the first message came after \(wait)")
            } else {
                let patience = FigureText.duration(connection.timeout)
                section.note("\(name): no message in \(patience); the market may be quiet")
            }
        } catch {
            section.problem(error)
        }
        return section
    }

    /// The order connection, logged on as a start would: by key, or by a signed subscription.
    mutating func checkOrderConnection() -> CheckReport.Section {
        var section = CheckReport.Section("orders")
        let logsOn = configuration.venue.authentication == .ed25519
        let time = Timestamp(nanoseconds: clock.now() + offset)
        let request: BinanceSpotSessionRequest =
            logsOn
            ? .logon(
                id: 1, apiKey: inquiry.apiKey, time: time, receiveWindow: inquiry.receiveWindow)
            : .subscribeUserStream(
                id: 1, apiKey: inquiry.apiKey, time: time, receiveWindow: inquiry.receiveWindow)
        guard let signature = inquiry.signer.signature(of: request.signingText) else {
            section.problem("requests cannot be signed with the given key")
            return section
        }
        do throws(StartFailure) {
            var connection = try open(
                configuration.venue.environment.hosts.webSocketAPI, path: "/ws-api/v3")
            describe(connection, &section)
            let answer = try ask(request.text(signature: signature), over: &connection)
            let what = logsOn ? "log-on" : "signed subscription to the account's events"
            if let answer, answer.status == 200 {
                section.fine("\(what): accepted")
            } else if let answer {
                let cause = answer.error.map { "\($0.code): \($0.msg)" } ?? "no explanation"
                section.problem(
                    "\(what): refused with status \(answer.status), \(cause); accepted: the key "
                        + "that REST takes, and for log-on an Ed25519 one")
            } else {
                section.problem("\(what): no answer within "
                    + "\(FigureText.duration(connection.timeout)) (timeouts.request)")
            }
        } catch {
            section.problem(error)
        }
        return section
    }

    private func open(
        _ endpoint: VenueEndpoint, path: String
    ) throws(StartFailure) -> LinkConversation {
        var connection = try LinkConversation(
            .webSocket(path: path, fields: []), endpoint: endpoint, tls: tls, clock: clock,
            timeout: configuration.timeouts.request.count, maskSeed: UInt64(clock.now()))
        try connection.connect()
        return connection
    }

    private func ask(
        _ text: String, over connection: inout LinkConversation
    ) throws(StartFailure) -> SessionAnswer? {
        var text = text
        let isQueued = text.withUTF8 { bytes in
            bytes.baseAddress.map { connection.link.sendText($0, bytes.count) } ?? false
        }
        guard isQueued else { throw connection.unreachable("the request does not fit") }
        return try connection.wait { _, message in
            guard case .text(let bytes, let count) = message else { return nil }
            return try? JSONDecoder().decode(
                SessionAnswer.self, from: Data(bytes: bytes, count: count))
        }
    }

    /// Steps of the handshake, what was agreed, who the server is.
    private func describe(
        _ connection: borrowing LinkConversation, _ section: inout CheckReport.Section
    ) {
        let steps = connection.steps
        let address = connection.address.map { "\($0)" } ?? "-"
        section.fine("\(connection.place) is \(address): name \(FigureText.duration(steps.name)), "
            + "TCP \(FigureText.duration(steps.connection)), "
            + "TLS \(FigureText.duration(steps.handshake))")
        let layer = connection.link.recordLayer
        let records = layer.map { "\($0)" } ?? "none"
        section.fine("\(connection.link.negotiated), records by \(records)")
        if layer != configuration.recordLayer {
            section.note("records by \(configuration.recordLayer) were wanted (tls.record_layer)")
        }
        guard let certificate = connection.link.peerCertificate else { return }
        let now = clock.now() / 1_000_000_000
        let days = (certificate.validUntil - now) / 86_400
        let end = FigureText.moment(certificate.validUntil * 1_000_000_000).prefix(10)
        let text = "certificate \(certificate.subject) of \(certificate.issuer), chain of "
            + "\(certificate.chainLength) verified; it ends in \(days) days, on \(end)"
        if days >= Self.shortestValidity {
            section.fine(text)
        } else {
            section.note("\(text): afterwards no connection is made")
        }
    }
}

/// An answer of the WebSocket API.
private struct SessionAnswer: Decodable {
    struct Failure: Decodable {
        var code: Int
        var msg: String
    }

    var status: Int
    var error: Failure?
}
