import Telemetry
import Venues

extension RunConfiguration {
    /// What the venue has refused at the start, as a problem of the file where it is one.
    func explained(_ failure: StartFailure) -> StartFailure {
        let host = venue.environment.hosts.rest
        let place = "\(host.host):\(host.port)"
        if case .forbidden(let what) = failure { return credentialsProblem("\(place): \(what)") }
        guard case .refused(_, _, let code, let message) = failure else { return failure }
        switch code {
        // Unknown key, malformed key, wrong signature (binance-spot.md, section 13).
        case -2015, -2014, -1022:
            return credentialsProblem(
                "\(place) refuses the API key or its signature (\(message)); accepted: a key of "
                    + "the environment \(mode.rawValue) with its own secret, from "
                    + "credentials.file or APUS_API_KEY; venue.authentication must fit it")
        default: return failure
        }
    }

    private func credentialsProblem(_ what: String) -> StartFailure {
        let origin: SettingOrigin =
            source.optionalSection("credentials").map { $0.origin(of: "file") } ?? .standard
        return .configuration(
            ConfigurationFailure([ConfigurationProblem(origin, "credentials", what)]))
    }

    /// Symbols of the file that the venue does not trade.
    func refusal(of symbols: [String]) -> ConfigurationFailure {
        let host = venue.environment.hosts.rest
        let sections = source.sections("instruments").filter {
            symbols.contains($0.text("symbol"))
        }
        return ConfigurationFailure(
            sections.map {
                $0.problem(
                    "symbol",
                    "'\($0.text("symbol"))' is not traded at \(host.host):\(host.port); accepted: "
                        + "a symbol of the venue")
            })
    }
}

extension VenueInquiry {
    /// Which of `symbols` the venue does not know: it says only that one of several is wrong.
    mutating func unknown(among symbols: [String]) throws(StartFailure) -> [String] {
        var unknown: [String] = []
        for symbol in symbols {
            do throws(StartFailure) {
                _ = try body("/api/v3/exchangeInfo?symbol=\(percentEncoded(symbol))")
            } catch {
                guard case .refused(_, _, -1121, _) = error else { throw error }
                unknown.append(symbol)
            }
        }
        return unknown
    }
}
