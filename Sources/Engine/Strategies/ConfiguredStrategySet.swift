import TickToTrade

/// A set of strategies that can be made from the configuration file.
///
/// A group of one configured type is one, and so is a pair of such sets: name the type, and kinds
/// and construction follow from it.
public protocol ConfiguredStrategySet: StrategySet, SendableMetatype, ~Copyable {
    /// The kinds it runs, in the order of its slots; no kind twice.
    static var kinds: [StrategyKind] { get }
    /// Makes those of `settings` that are of its kinds: kind by kind, within a kind in order.
    init(_ settings: [StrategySettings]) throws(ConfigurationFailure)
}

extension StrategyGroup: ConfiguredStrategySet where Member: ConfiguredStrategy & ~Copyable {
    public static var kinds: [StrategyKind] { [StrategyKind(Member.self)] }

    public init(_ settings: [StrategySettings]) throws(ConfigurationFailure) {
        let own = settings.filter { $0.kind == Member.kind }
        self.init(capacity: own.count)
        for one in own { append(try Member(one)) }
    }
}

extension StrategyPair: ConfiguredStrategySet
where First: ConfiguredStrategySet & ~Copyable, Second: ConfiguredStrategySet & ~Copyable {
    public static var kinds: [StrategyKind] { First.kinds + Second.kinds }

    public init(_ settings: [StrategySettings]) throws(ConfigurationFailure) {
        self.init(try First(settings), try Second(settings))
    }
}
