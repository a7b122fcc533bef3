import MarketContext
import MarketModel
import TickToTrade

/// What the engine knows of a type of strategy before it runs one: the type itself, erased.
public struct StrategyKind: Sendable {
    /// ``ConfiguredStrategy/kind``.
    public let name: String
    public let scope: InstrumentScope
    public let settings: [Setting]
    /// ``ConfiguredStrategy/liveParameters``.
    public let parameters: [StrategyParameter]
    let problems: @Sendable (SettingSection) -> [ConfigurationProblem]
    let needs: @Sendable (StrategySettings) throws(ConfigurationFailure) -> StrategyNeeds

    public init<Member: ConfiguredStrategy & ~Copyable>(_ type: Member.Type) {
        precondition(
            !Member.kind.isEmpty && Member.kind.utf8.allSatisfy(Self.isNameByte),
            "a kind is lower-case letters, digits and _")
        name = Member.kind
        scope = Member.scope
        settings = Member.settings
        parameters = Member.liveParameters
        problems = { Member.problems(in: $0) }
        needs = { settings throws(ConfigurationFailure) in
            let member = try Member(settings)
            var values: [Int64] = []
            for live in Member.liveParameters { values.append(member.parameter(live.number)) }
            return StrategyNeeds(
                warmUp: member.warmUp, candleIntervals: member.candleIntervals,
                indicators: member.indicatorNeeds, context: member.contextNeeds,
                contextWarmUp: member.contextWarmUp, values: values)
        }
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "_"):
            true
        default: false
        }
    }
}

/// What a strategy with given settings asks of the engine.
struct StrategyNeeds: Sendable {
    var warmUp: WarmUp
    var candleIntervals: [Nanoseconds]
    var indicators: [IndicatorNeed]
    var context: ContextSettings?
    var contextWarmUp: Nanoseconds
    /// The configured values of ``StrategyKind/parameters``, in their order.
    var values: [Int64]
}
