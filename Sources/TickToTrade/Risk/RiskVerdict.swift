import MarketModel

/// The rules an order breaks: all of them, not just the first (RSK-01).
@frozen
public struct RiskViolations: OptionSet, BitwiseCopyable, Sendable, Hashable {
    public let rawValue: UInt64
    @_noLocks
    public init(rawValue: UInt64) { self.rawValue = rawValue }
    @_noLocks
    public init(_ rule: RiskRule) { rawValue = rule.bit }

    public static var tableFull: RiskViolations {
        @_noLocks get { RiskViolations(.tableFull) }
    }
    public static var unknownOrder: RiskViolations {
        @_noLocks get { RiskViolations(.unknownOrder) }
    }

    /// No rule is violated.
    public var isEmpty: Bool {
        @_noLocks get { rawValue == 0 }
    }

    /// The rules by number.
    public var rules: [RiskRule] {
        RiskRule.allCases.filter { contains(RiskViolations($0)) }
    }
}

/// What the two numbers of a ``RiskBreach`` are counted in.
@frozen
public enum RiskUnit: UInt8, BitwiseCopyable, Sendable {
    case none
    /// Quote money at the instrument's notional scale.
    case money
    /// Raw price, raw quantity of the instrument.
    case price
    case quantity
    case basisPoints
    case nanoseconds
    case count
    /// Minutes since UTC midnight.
    case minutes
    /// 1/100: a leverage, a multiple.
    case hundredths
}

/// A broken rule with the number that failed and the bound it failed against.
@frozen
public struct RiskBreach: BitwiseCopyable, Sendable {
    public var value: Int128
    public var bound: Int128
    public var rule: RiskRule
    public var unit: RiskUnit
    /// What would lie undefined behind them: a journal of the same inputs has the same bytes.
    private let filler16 = Filler<UInt16>()
    private let filler32 = Filler<UInt32>()
    private let filler64 = Filler<UInt64>()

    @_noLocks
    public init(_ rule: RiskRule, _ value: Int128, _ bound: Int128, _ unit: RiskUnit) {
        self.rule = rule
        self.value = value
        self.bound = bound
        self.unit = unit
    }
}

/// The outcome of all checks on one order: every violated rule with its numbers.
///
/// Two kilobytes: made only for an order that is denied.
@frozen
public struct RiskVerdict: BitwiseCopyable, Sendable {
    public private(set) var violations: RiskViolations
    public private(set) var breachCount: Int
    private var breaches: InlineArray<44, RiskBreach>

    /// Nothing violated.
    @_noLocks
    public init() {
        violations = RiskViolations(rawValue: 0)
        breachCount = 0
        breaches = InlineArray(repeating: RiskBreach(.halted, 0, 0, .none))
    }

    /// One rule without numbers.
    @_noLocks
    public init(_ rule: RiskRule) {
        self.init()
        add(RiskBreach(rule, 0, 0, .none))
    }

    /// Adds a breach of a rule that is not among the violations yet; a repeat is ignored.
    @_noLocks
    mutating func add(_ breach: RiskBreach) {
        if violations.rawValue & breach.rule.bit != 0 { return }
        violations = RiskViolations(rawValue: violations.rawValue | breach.rule.bit)
        breaches[breachCount] = breach
        breachCount &+= 1
    }

    /// No rule is violated.
    public var isClear: Bool {
        @_noLocks get { violations.rawValue == 0 }
    }

    /// Breach `index`, below ``breachCount``, in the order of checking.
    @_noLocks
    public func breach(_ index: Int) -> RiskBreach { breaches[index] }

    /// The breach of one rule; `nil` when the rule holds.
    public func breach(of rule: RiskRule) -> RiskBreach? {
        (0..<breachCount).map(breach).first { $0.rule == rule }
    }
}

/// What one check finds, in memory of the gate: the numbers cost nothing until a rule fails.
struct RiskFindings: BitwiseCopyable {
    private(set) var violations: UInt64 = 0
    private var count = 0
    private let breaches: UnsafeMutablePointer<RiskBreach>

    init() {
        breaches = .allocate(capacity: RiskRule.count)
        breaches.initialize(
            repeating: RiskBreach(.halted, 0, 0, .none), count: RiskRule.count)
    }

    func deallocate() { breaches.deallocate() }

    @_noLocks
    mutating func clear() {
        violations = 0
        count = 0
    }

    /// The first numbers of a rule stand.
    @_noLocks
    mutating func fail(_ rule: RiskRule, _ value: Int128, _ bound: Int128, _ unit: RiskUnit) {
        if violations & rule.bit != 0 { return }
        violations |= rule.bit
        breaches[count] = RiskBreach(rule, value, bound, unit)
        count &+= 1
    }

    @_noLocks
    func verdict() -> RiskVerdict {
        var verdict = RiskVerdict()
        var index = 0
        while index < count {
            verdict.add(breaches[index])
            index &+= 1
        }
        return verdict
    }
}
