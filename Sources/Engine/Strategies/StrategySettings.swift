import MarketModel
import Telemetry

/// What one running strategy is made from: its instruments and its part of the file.
///
/// Sizes and money become raw numbers of their instrument here, exactly or not at all: what does
/// not fit is refused with its file, line and key.
public struct StrategySettings: Sendable {
    /// As the file names it; strategies of one entry share it.
    public let name: String
    /// ``ConfiguredStrategy/kind``.
    public let kind: String
    /// At least one, with the venue's rules; in the order of the file.
    public let instruments: [Instrument]
    /// The values of ``ConfiguredStrategy/settings``, read and in range.
    public let parameters: SettingSection

    public init(
        name: String, kind: String, instruments: [Instrument], parameters: SettingSection
    ) {
        precondition(!instruments.isEmpty, "a strategy has an instrument")
        self.name = name
        self.kind = kind
        self.instruments = instruments
        self.parameters = parameters
    }

    /// Its first instrument, and its only one unless ``InstrumentScope/all``.
    public var instrument: Instrument { instruments[0] }

    /// An amount of the base asset as a quantity.
    public func quantity(_ key: String) throws(ConfigurationFailure) -> Quantity {
        try quantity(key, of: instrument)
    }

    /// An amount of `instrument`'s base asset as a quantity of it.
    public func quantity(
        _ key: String, of instrument: Instrument
    ) throws(ConfigurationFailure) -> Quantity {
        let scale = Int(instrument.quantityScale)
        let exact = try raw(key, in: instrument.baseAssetName.text, scale: scale)
        guard let raw = Int64(exactly: exact) else { throw failure(key, "is too large") }
        return Quantity(raw: raw)
    }

    /// An amount of the quote asset as money.
    public func notional(_ key: String) throws(ConfigurationFailure) -> Notional {
        let scale = Int(instrument.priceScale) + Int(instrument.quantityScale)
        return Notional(raw: try raw(key, in: instrument.quoteAssetName.text, scale: scale))
    }

    /// A refusal of a value, with its place in the file; `message` goes on after the key.
    public func failure(_ key: String, _ message: String) -> ConfigurationFailure {
        ConfigurationFailure([parameters.problem(key, message)])
    }

    private func raw(
        _ key: String, in asset: String, scale: Int
    ) throws(ConfigurationFailure) -> Int128 {
        let amount = parameters.amount(key)
        guard amount.asset == asset else {
            throw failure(key, "found \(amount.asset), accepted: an amount of \(asset)")
        }
        guard let raw = amount.value.raw(atScale: scale) else {
            throw failure(key, "has more than \(scale) digits after the point or is too large")
        }
        return raw
    }
}
