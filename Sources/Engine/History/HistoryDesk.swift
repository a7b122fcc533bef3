import Glibc
import Machine
import MarketModel
import Wire

/// Public questions to the venue over one kept connection; no key is needed or shown.
final class HistoryDesk: VenueDesk {
    private let endpoint: VenueEndpoint
    private let tls: TLSClientContext
    private let clock: TSCClock
    /// Nanoseconds, for a connection and for an answer.
    private let timeout: Int64
    private var conversation: RESTConversation?

    init(_ configuration: RunConfiguration, _ tls: TLSClientContext, _ clock: TSCClock) {
        endpoint = configuration.venue.environment.hosts.rest
        timeout = configuration.timeouts.request.count
        self.tls = tls
        self.clock = clock
    }

    var now: Int64 { clock.now() }

    func request(_ method: String, _ target: String) throws(StartFailure) -> VenueAnswer {
        if conversation == nil {
            conversation = try RESTConversation(
                endpoint: endpoint, tls: tls, clock: clock, timeout: timeout, maskSeed: 1)
        }
        do throws(StartFailure) {
            guard let answer = try conversation?.request(method, target) else {
                throw .machine("no connection to \(endpoint.host):\(endpoint.port)")
            }
            return answer
        } catch {
            // Whatever is on its way over it belongs to a question that nobody asks any more.
            conversation = nil
            throw error
        }
    }

    func pause(_ duration: Nanoseconds) {
        var time = timespec(
            tv_sec: Int(duration.count / 1_000_000_000),
            tv_nsec: Int(duration.count % 1_000_000_000))
        nanosleep(&time, nil)
    }
}
