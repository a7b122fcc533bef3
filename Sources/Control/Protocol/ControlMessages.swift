import Telemetry

/// Which orders or positions a command means: everything, or those of one instrument, of one
/// strategy, or of both.
public struct OrderScope: Codable, Sendable, Equatable {
    public var instrument: String?
    public var strategy: String?

    public init(instrument: String? = nil, strategy: String? = nil) {
        self.instrument = instrument
        self.strategy = strategy
    }

    public static let everything = OrderScope()
}

/// Result of `resume` and `shutdown`.
public struct StateOutcome: Codable, Sendable, Equatable {
    public var state: EngineState
    public init(state: EngineState) { self.state = state }
}

/// Result of `halt` and `cancel_all`: what was cancelled and how fast.
///
/// Times count from the command's arrival at the socket; absent when there was nothing to cancel
/// or a confirmation is still missing.
public struct CancelOutcome: Codable, Sendable, Equatable {
    public var state: EngineState
    public var cancelsSent: Int64
    public var cancelsConfirmed: Int64
    public var lastSentAfterNanoseconds: Int64?
    public var lastConfirmedAfterNanoseconds: Int64?

    public init(
        state: EngineState, cancelsSent: Int64, cancelsConfirmed: Int64,
        lastSentAfterNanoseconds: Int64? = nil, lastConfirmedAfterNanoseconds: Int64? = nil
    ) {
        self.state = state
        self.cancelsSent = cancelsSent
        self.cancelsConfirmed = cancelsConfirmed
        self.lastSentAfterNanoseconds = lastSentAfterNanoseconds
        self.lastConfirmedAfterNanoseconds = lastConfirmedAfterNanoseconds
    }
}

/// Result of `flatten`.
public struct FlattenOutcome: Codable, Sendable, Equatable {
    public var cancels: CancelOutcome
    public var closingOrdersSent: Int64
    /// What was still open when the reply was sent; empty when flat.
    public var remaining: [PositionFigures]

    public init(
        cancels: CancelOutcome, closingOrdersSent: Int64, remaining: [PositionFigures] = []
    ) {
        self.cancels = cancels
        self.closingOrdersSent = closingOrdersSent
        self.remaining = remaining
    }
}

/// A limit as it stands. `name` is the instrument or the strategy of a limit of that scope.
public struct LimitSetting: Codable, Sendable, Equatable {
    public var scope: LimitScope
    public var name: String?
    public var limit: String
    /// Absent: not set, the wider scope decides.
    public var value: ExactDecimal?
    public var unit: String
    /// Before a change; only in the result of `limits.set`.
    public var previous: ExactDecimal?

    public init(
        scope: LimitScope, name: String? = nil, limit: String, value: ExactDecimal?,
        unit: String, previous: ExactDecimal? = nil
    ) {
        self.scope = scope
        self.name = name
        self.limit = limit
        self.value = value
        self.unit = unit
        self.previous = previous
    }
}

/// A checked change of a limit.
public struct LimitChange: Codable, Sendable, Equatable {
    public var scope: LimitScope
    public var name: String?
    public var limit: String
    public var value: ExactDecimal

    public init(scope: LimitScope, name: String? = nil, limit: String, value: ExactDecimal) {
        self.scope = scope
        self.name = name
        self.limit = limit
        self.value = value
    }
}

/// A strategy's parameter as it stands.
public struct ParameterSetting: Codable, Sendable, Equatable {
    public var key: String
    public var value: ExactDecimal
    public var unit: String

    public init(key: String, value: ExactDecimal, unit: String) {
        self.key = key
        self.value = value
        self.unit = unit
    }
}

/// A checked change of a parameter.
public struct ParameterChange: Codable, Sendable, Equatable {
    public var key: String
    public var value: ExactDecimal

    public init(key: String, value: ExactDecimal) {
        self.key = key
        self.value = value
    }
}

/// Result of `strategy.parameters`.
public struct ParameterReport: Codable, Sendable, Equatable {
    public var strategy: String
    public var parameters: [ParameterSetting]

    public init(strategy: String, parameters: [ParameterSetting]) {
        self.strategy = strategy
        self.parameters = parameters
    }
}

/// One order that may still trade.
public struct OrderFigures: Codable, Sendable, Equatable {
    /// Our own id, as the venue knows it.
    public var order: String
    /// The venue's number; absent until it answered.
    public var venueOrder: Int64?
    public var instrument: String
    public var strategy: String?
    public var side: OrderSide
    public var type: String
    public var state: String
    public var price: ExactDecimal
    public var quantity: ExactDecimal
    public var filled: ExactDecimal
    public var ageNanoseconds: Int64

    public init(
        order: String, venueOrder: Int64? = nil, instrument: String, strategy: String? = nil,
        side: OrderSide, type: String, state: String, price: ExactDecimal,
        quantity: ExactDecimal, filled: ExactDecimal, ageNanoseconds: Int64
    ) {
        self.order = order
        self.venueOrder = venueOrder
        self.instrument = instrument
        self.strategy = strategy
        self.side = side
        self.type = type
        self.state = state
        self.price = price
        self.quantity = quantity
        self.filled = filled
        self.ageNanoseconds = ageNanoseconds
    }
}

/// A side as text.
public enum OrderSide: String, Codable, Sendable, CaseIterable { case buy, sell }

/// One position with its profit in the quote asset.
public struct PositionFigures: Codable, Sendable, Equatable {
    public var instrument: String
    public var position: ExactDecimal
    public var averageEntry: ExactDecimal?
    public var mark: ExactDecimal?
    public var unrealised: ExactDecimal?
    public var realised: ExactDecimal
    public var fees: ExactDecimal
    public var asset: String

    public init(
        instrument: String, position: ExactDecimal, averageEntry: ExactDecimal? = nil,
        mark: ExactDecimal? = nil, unrealised: ExactDecimal? = nil, realised: ExactDecimal,
        fees: ExactDecimal, asset: String
    ) {
        self.instrument = instrument
        self.position = position
        self.averageEntry = averageEntry
        self.mark = mark
        self.unrealised = unrealised
        self.realised = realised
        self.fees = fees
        self.asset = asset
    }
}

/// Result of `subscribe`; snapshots follow as notifications of the method `snapshot`.
public struct SubscriptionOutcome: Codable, Sendable, Equatable {
    public var subscription: Int64
    public var intervalMilliseconds: Int64

    public init(subscription: Int64, intervalMilliseconds: Int64) {
        self.subscription = subscription
        self.intervalMilliseconds = intervalMilliseconds
    }
}
