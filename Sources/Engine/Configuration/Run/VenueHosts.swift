/// One host and port.
public struct VenueEndpoint: Sendable, Equatable {
    public let host: String
    public let port: UInt16

    public init(host: String, port: UInt16) {
        self.host = host
        self.port = port
    }
}

/// What every world of the venue offers.
public protocol VenueHosts: Sendable {
    var rest: VenueEndpoint { get }
    var streams: VenueEndpoint { get }
    /// Market data in the Simple Binary Encoding.
    var binaryStreams: VenueEndpoint { get }
    var webSocketAPI: VenueEndpoint { get }
}

/// Hosts of an emulated exchange: wherever the user runs it, never the venue's own.
public struct EmulatedHosts: VenueHosts, Equatable {
    public let rest: VenueEndpoint
    public let streams: VenueEndpoint
    public let binaryStreams: VenueEndpoint
    public let webSocketAPI: VenueEndpoint

    /// `nil` when the host belongs to the venue: an emulated run never talks to a real exchange.
    public init?(host: String, port: UInt16, binaryPort: UInt16) {
        guard !Self.belongsToVenue(host) else { return nil }
        let endpoint = VenueEndpoint(host: host, port: port)
        rest = endpoint
        streams = endpoint
        binaryStreams = VenueEndpoint(host: host, port: binaryPort)
        webSocketAPI = endpoint
    }

    static func belongsToVenue(_ host: String) -> Bool {
        var name = host.lowercased()
        while name.last == "." { name.removeLast() }
        return ["binance.com", "binance.vision", "binance.us"].contains {
            name == $0 || name.hasSuffix("." + $0)
        }
    }
}

/// Binance Spot testnet: fixed, because a test must not reach the market (BUG-011).
public struct BinanceSpotTestnetHosts: VenueHosts, Equatable {
    public let rest = VenueEndpoint(host: "testnet.binance.vision", port: 443)
    public let streams = VenueEndpoint(host: "stream.testnet.binance.vision", port: 9443)
    public let binaryStreams = VenueEndpoint(
        host: "stream-sbe.testnet.binance.vision", port: 9443)
    public let webSocketAPI = VenueEndpoint(host: "ws-api.testnet.binance.vision", port: 443)

    public init() {}
}

/// Binance Spot production: real money. Exists only with a ``LivePermission``.
public struct BinanceSpotLiveHosts: VenueHosts, Equatable {
    public let rest = VenueEndpoint(host: "api.binance.com", port: 443)
    public let streams = VenueEndpoint(host: "stream.binance.com", port: 9443)
    public let binaryStreams = VenueEndpoint(host: "stream-sbe.binance.com", port: 9443)
    public let webSocketAPI = VenueEndpoint(host: "ws-api.binance.com", port: 443)

    public init(_ permission: LivePermission) {}
}

/// Both consents to trade real money: `live: true` in the file and `--live` on the command line.
public struct LivePermission: Sendable, Equatable {
    /// `nil` unless both were given.
    init?(file: Bool, commandLine: Bool) {
        guard file, commandLine else { return nil }
    }
}

/// One of three worlds; code that has one kind of hosts cannot reach another.
public enum VenueEnvironment: Sendable, Equatable {
    case emulated(EmulatedHosts)
    case testnet(BinanceSpotTestnetHosts)
    case live(BinanceSpotLiveHosts)

    /// The hosts, whichever world they belong to.
    public var hosts: any VenueHosts {
        switch self {
        case .emulated(let hosts): hosts
        case .testnet(let hosts): hosts
        case .live(let hosts): hosts
        }
    }
}
