import Testing

@testable import TickToTrade

/// The whole machine as a table: a row per state, a column per event (EXE-07, BUG-066).
@Suite("Order state")
struct OrderStateTests {
    /// `->x` moves to x, `.` stays, `late` comes after the end, `!` is against the protocol.
    static let columns: [OrderEvent] = [
        .deny, .send, .accept, .reject, .partialFill, .fill, .requestCancel, .cancel,
        .refuseChange, .requestReplace, .expire, .loseTrack, .findNothing,
        .amend,
    ]
    static let short: [String: OrderState] = [
        "dny": .denied, "pnw": .pendingNew, "new": .new, "prt": .partiallyFilled,
        "pca": .pendingCancel, "prp": .pendingReplace, "fil": .filled, "can": .canceled,
        "rej": .rejected, "exp": .expired, "unk": .unknown,
    ]
    static let table: [(OrderState, String)] = [
        //                  deny send acpt rejc part fill rcan canc rfch rrep expr lose none amnd
        (.initialized,     "dny  pnw  !    !    !    !    !    !    !    !    !    !    !    !   "),
        (.denied,          "!    !    !    !    !    !    !    !    !    !    !    !    !    !   "),
        (.pendingNew,      "dny  !    new  rej  prt  fil  pca  can  .    !    exp  unk  rej  new "),
        (.new,             "!    !    .    rej  prt  fil  pca  can  .    prp  exp  unk  can  .   "),
        (.partiallyFilled, "!    !    .    !    .    fil  pca  can  .    prp  exp  unk  can  .   "),
        (.pendingCancel,   "!    !    .    rej  .    fil  .    can  new  .    exp  unk  can  .   "),
        (.pendingReplace,  "!    !    .    rej  .    fil  pca  can  new  .    exp  unk  can  new "),
        (.filled,          "!    !    late late late late late late late late late late late late"),
        (.canceled,        "!    !    late late late late late late late late late late late late"),
        (.rejected,        "!    !    late late late late late late late late late late late late"),
        (.expired,         "!    !    late late late late late late late late late late late late"),
        (.unknown,         "!    !    new  rej  prt  fil  pca  can  .    !    exp  .    rej  new "),
    ]

    static func transition(_ cell: Substring) -> OrderTransition? {
        switch cell {
        case ".": .stay
        case "late": .late
        case "!": .illegal
        default: short[String(cell)].map { .to($0) }
        }
    }

    @Test func `every pair of state and event does what the table says`() {
        #expect(Set(Self.table.map(\.0)) == Set(OrderState.allCases))
        #expect(Set(Self.columns) == Set(OrderEvent.allCases))
        for (state, row) in Self.table {
            let cells = row.split(separator: " ")
            #expect(cells.count == Self.columns.count, "\(state)")
            for (event, cell) in zip(Self.columns, cells) {
                let found = state.next(on: event)
                #expect(found == Self.transition(cell), "\(state) on \(event): \(found)")
            }
        }
    }

    /// BUG-067
    @Test func `nothing leads back from an end, and nothing at the venue becomes initialized or denied`() {
        for state in OrderState.allCases {
            for event in OrderEvent.allCases {
                guard case .to(let next) = state.next(on: event) else { continue }
                #expect(!state.isTerminal, "\(state) on \(event) became \(next)")
                #expect(next != .initialized)
                if next == .denied { #expect(state == .initialized || state == .pendingNew) }
            }
        }
    }

    @Test func `every open state can end, and a fill always reaches filled`() {
        for state in OrderState.allCases where state.isOpen {
            #expect(state.next(on: .fill) == .to(.filled), "\(state)")
            #expect(state.next(on: .cancel) == .to(.canceled), "\(state)")
            #expect(state.next(on: .expire) == .to(.expired), "\(state)")
        }
    }

    @Test(arguments: [
        // A fill before the acknowledgement, which then comes late.
        ([OrderEvent.send, .fill, .accept], OrderState.filled),
        ([.send, .partialFill, .accept, .fill], .filled),
        // A cancel races a fill, and loses; or wins, and a late fill report follows.
        ([.send, .accept, .requestCancel, .partialFill, .fill, .refuseChange], .filled),
        ([.send, .accept, .requestCancel, .cancel, .partialFill], .canceled),
        // A cancel before the answer to the placing is refused; the placing then as well.
        ([.send, .requestCancel, .refuseChange, .reject], .rejected),
        // Duplicates change nothing.
        ([.send, .accept, .accept, .partialFill, .partialFill, .fill, .fill], .filled),
        // An unknown outcome is resolved by a query (BUG-052).
        ([.send, .loseTrack, .accept], .new),
        ([.send, .loseTrack, .fill], .filled),
        ([.send, .loseTrack, .findNothing], .rejected),
        ([.send, .accept, .loseTrack, .cancel], .canceled),
        // A replacement that is refused leaves the order alive.
        ([.send, .accept, .requestReplace, .refuseChange, .fill], .filled),
        ([.send, .accept, .requestReplace, .cancel], .canceled),
    ])
    func `a life ends where the venue says`(_ events: [OrderEvent], _ end: OrderState) {
        var state = OrderState.initialized
        for event in events {
            if case .to(let next) = state.next(on: event) { state = next }
        }
        #expect(state == end)
    }

    @Test func `denied, rejected and unknown are three different things`() {
        #expect(OrderState.denied.isTerminal && OrderState.rejected.isTerminal)
        #expect(!OrderState.unknown.isTerminal && OrderState.unknown.isOpen)
        #expect(Set([OrderState.denied, .rejected, .unknown].map(\.code)).count == 3)
        #expect(OrderState.allCases.map(\.code) == OrderState.allCases.map { Int64($0.rawValue) })
        #expect(OrderEvent.allCases.map(\.code) == OrderEvent.allCases.map { Int64($0.rawValue) })
    }
}
