import Synchronization
import TickToTrade

/// Which changes of state orders have gone through in this process.
final class TransitionBoard: Sendable {
    static let shared = TransitionBoard()

    private let seen = Mutex<Set<Int>>([])

    func note(_ from: OrderState, _ to: OrderState) {
        _ = seen.withLock { $0.insert(Self.number(from, to)) }
    }

    func hasSeen(_ from: OrderState, _ to: OrderState) -> Bool {
        seen.withLock { $0.contains(Self.number(from, to)) }
    }

    private static func number(_ from: OrderState, _ to: OrderState) -> Int {
        Int(from.code) * 16 + Int(to.code)
    }

    /// What the machine of `OrderState` lets a sent order do, as its strategy hears of it.
    static var allowed: [(from: OrderState, to: OrderState)] {
        OrderState.allCases.flatMap { from -> [(from: OrderState, to: OrderState)] in
            if from == .initialized || from.isTerminal { return [] }
            var targets: [OrderState] = []
            for event in OrderEvent.allCases {
                if case .to(let state) = from.next(on: event), !targets.contains(state) {
                    targets.append(state)
                }
            }
            // What was refused leaves an order as it was.
            if from == .pendingCancel || from == .pendingReplace { targets.append(.partiallyFilled) }
            return targets.map { (from, $0) }
        }
    }
}
