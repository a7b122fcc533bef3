import BinarySchema
import Foundation
import Testing

@testable import Codec

/// The places and numbers in the decoders against the venue's schema files.
@Suite(.enabled(if: SharedFiles.hasSchemas, "needs ../shared/venues/sbe"))
struct SchemaTests {
    typealias Account = BinanceSpotBinaryAccountDecoder
    typealias Market = BinanceSpotBinaryMarketDecoder

    /// Fixed fields that a decoder reads, and the messages or entries that have them there.
    struct Block {
        let fields: [(name: String, offset: Int)]
        let places: [String]

        init<Field: CaseIterable & RawRepresentable<Int>>(_ type: Field.Type, _ places: String...) {
            fields = type.allCases.map { ("\($0)", $0.rawValue) }
            self.places = places
        }
    }

    static let streams: [Block] = [
        Block(Market.Trades.self, "TradesStreamEvent"),
        Block(TradeCursor.Row.self, "TradesStreamEvent.trades"),
        Block(Market.BestBidAsk.self, "BestBidAskStreamEvent"),
        Block(Market.DepthSnapshot.self, "DepthSnapshotStreamEvent"),
        Block(Market.DepthDiff.self, "DepthDiffStreamEvent"),
        Block(
            Market.Level.self, "DepthDiffStreamEvent.bids", "DepthDiffStreamEvent.asks",
            "DepthSnapshotStreamEvent.bids", "DepthSnapshotStreamEvent.asks"),
    ]

    static let responses: [Block] = [
        Block(Account.WebSocketResponse.self, "WebSocketResponse"),
        Block(RateLimitUsage.Row.self, "WebSocketResponse.rateLimits"),
        Block(
            Account.WebSocketSessionLogonResponse.self, "WebSocketSessionLogonResponse",
            "WebSocketSessionStatusResponse", "WebSocketSessionLogoutResponse"),
        Block(Account.ErrorResponse.self, "ErrorResponse"),
        Block(Account.ServerTimeResponse.self, "ServerTimeResponse"),
        Block(
            Account.UserDataStreamSubscribeResponse.self, "UserDataStreamSubscribeResponse",
            "UserDataStreamSubscribeListenTokenResponse"),
        Block(Account.NewOrderAckResponse.self, "NewOrderAckResponse"),
        Block(
            Account.NewOrderResultResponse.self, "NewOrderResultResponse",
            "NewOrderFullResponse", "CancelOrderResponse"),
        Block(Account.QueriedOrder.self, "OrderResponse"),
        Block(Account.CancelReplaceOrderResponse.self, "CancelReplaceOrderResponse"),
        Block(Account.OrderRow.self, "OrderResponse", "OrdersResponse.orders"),
        Block(Account.AccountResponse.self, "AccountResponse"),
        Block(Account.TradeRow.self, "AccountTradesResponse.trades"),
        Block(
            BinaryBalance.self, "AccountResponse.balances",
            "OutboundAccountPositionEvent.balances"),
        Block(Account.Report.self, "ExecutionReportEvent"),
        Block(Account.OutboundAccountPositionEvent.self, "OutboundAccountPositionEvent"),
        Block(Account.BalanceUpdateEvent.self, "BalanceUpdateEvent"),
        Block(Account.ListStatusEvent.self, "ListStatusEvent"),
    ]

    @Test func `every place that is read is the schema's`() throws {
        for (file, blocks) in [("stream_1_0.xml", Self.streams), ("spot_3_5.xml", Self.responses)] {
            let schema = try #require(SharedFiles.schema(file))
            for block in blocks {
                for place in block.places {
                    let body = try #require(schema.body(of: place), "\(place)")
                    for (name, offset) in block.fields {
                        let field = try #require(
                            body.fields.first { $0.name == name }, "\(place).\(name)")
                        #expect(field.offset == offset, "\(place).\(name)")
                        #expect(field.width == width(name, place), "\(place).\(name)")
                        // What an older sender may lack is read as optional.
                        let mayLack = ["subscriptionId"]
                        #expect(field.sinceVersion == 0 || mayLack.contains(name), "\(name)")
                    }
                }
            }
        }
    }

    /// An external lock's delta has a name of its own at the place of a balance's.
    @Test func `lock changes lie like balance changes`() throws {
        let schema = try #require(SharedFiles.schema("spot_3_5.xml"))
        let balance = try #require(schema.body(of: "BalanceUpdateEvent"))
        let lock = try #require(schema.body(of: "ExternalLockUpdateEvent"))
        #expect(balance.fields.map(\.offset) == lock.fields.map(\.offset))
        #expect(balance.fields.map(\.width) == lock.fields.map(\.width))
    }

    /// By the names: the decoders read exponents, codes and flags as one byte, the rest as eight.
    private func width(_ name: String, _ place: String) -> Int {
        switch name {
        case "status": place == "WebSocketResponse" ? 2 : 1
        case "code", "subscriptionId": 2
        case "sbeSchemaIdVersionDeprecated", "rateLimitType", "interval", "cancelResult", "side",
            "orderType", "timeInForce", "executionType", "orderStatus", "listStatusType":
            1
        default: name.hasSuffix("xponent") || name.hasPrefix("is") ? 1 : 8
        }
    }

    @Test func `every message number is the schema's`() throws {
        let streams = try #require(SharedFiles.schema("stream_1_0.xml"))
        #expect(Int(Market.schema) == streams.id)
        #expect(streams.messages.count == Market.Template.allCases.count)
        for template in Market.Template.allCases {
            #expect(streams.messages["\(template)".capital]?.id == Int(template.rawValue))
        }
        let responses = try #require(SharedFiles.schema("spot_3_5.xml"))
        #expect(Int(Account.schema) == responses.id)
        for template in Account.Template.allCases {
            #expect(
                responses.messages["\(template)".capital]?.id == Int(template.rawValue),
                "\(template)")
        }
    }

    /// The codes of the words that the engine knows; the venue may have more.
    @Test func `every code is the schema's`() throws {
        let schema = try #require(SharedFiles.schema("spot_3_5.xml"))
        func check<Code: CaseIterable & RawRepresentable<UInt8>>(_ type: Code.Type, _ name: String) {
            let values = schema.enums[name]?.values ?? []
            for code in type.allCases {
                let number = values.first { $0.name == "\(code)".capital }?.number
                #expect(number == Int(code.rawValue), "\(name) \(code)")
            }
        }
        check(SideCode.self, "orderSide")
        check(OrderTypeCode.self, "orderType")
        check(TimeInForceCode.self, "timeInForce")
        check(OrderStatusCode.self, "orderStatus")
        check(ExecutionTypeCode.self, "executionType")
        check(Account.ListStatusCode.self, "listStatusType")
        check(Account.CancelReplaceCode.self, "cancelReplaceStatus")
        check(RateLimitUsage.TypeCode.self, "rateLimitType")
        check(RateLimitUsage.IntervalCode.self, "rateLimitInterval")
        // Nothing the venue has today is unknown to us, but what it says it cannot represent.
        let unspoken = ["NonRepresentable", "Unknown"]
        for (name, known) in [
            ("orderSide", SideCode.allCases.count), ("orderType", OrderTypeCode.allCases.count),
            ("timeInForce", TimeInForceCode.allCases.count),
            ("orderStatus", OrderStatusCode.allCases.count),
            ("executionType", ExecutionTypeCode.allCases.count),
        ] {
            let values = schema.enums[name]?.values ?? []
            #expect(values.filter { !unspoken.contains($0.name) }.count == known, "\(name)")
        }
    }

    /// Heads, and lengths before data, where the decoders walk them.
    @Test func `groups and data are as wide as they are read`() throws {
        let streams = try #require(SharedFiles.schema("stream_1_0.xml"))
        #expect(streams.body(of: "TradesStreamEvent")?.groups.map(\.countBits) == [32])
        #expect(streams.body(of: "TradesStreamEvent.trades")?.length == TradeCursor.rowLength)
        #expect(streams.body(of: "DepthDiffStreamEvent")?.groups.map(\.countBits) == [16, 16])
        #expect(streams.body(of: "DepthSnapshotStreamEvent")?.groups.map(\.countBits) == [16, 16])
        #expect(streams.body(of: "DepthDiffStreamEvent.bids")?.length == 16)
        let schema = try #require(SharedFiles.schema("spot_3_5.xml"))
        let heads: [(String, [Int], [Int])] = [
            ("WebSocketResponse", [16], [8, 32]), ("ErrorResponse", [], [16, 32]),
            ("CancelReplaceOrderResponse", [], [16, 32]), ("OrdersResponse", [32], []),
            ("OrdersResponse.orders", [], [8, 8]), ("OrderResponse", [], [8, 8]),
            ("AccountTradesResponse", [32], []), ("AccountTradesResponse.trades", [], [8, 8]),
            ("AccountResponse", [32, 32, 32], []), ("AccountResponse.balances", [], [8]),
            ("OutboundAccountPositionEvent", [32], []),
            ("OutboundAccountPositionEvent.balances", [], [8]),
            ("BalanceUpdateEvent", [], [8]), ("ExternalLockUpdateEvent", [], [8]),
            ("ExecutionReportEvent", [], [8, 8, 8, 8, 8, 8]),
            ("ListStatusEvent", [16], [8, 8, 8]), ("ListStatusEvent.orders", [], [8, 8]),
        ]
        for (place, groups, data) in heads {
            #expect(schema.body(of: place)?.groups.map(\.countBits) == groups, "\(place)")
            #expect(schema.body(of: place)?.data.map(\.lengthBits) == data, "\(place)")
        }
    }
}

extension BinarySchema {
    /// The body of a message ("OrderResponse") or of a group's entries ("OrdersResponse.orders").
    func body(of place: String) -> Body? {
        let parts = place.split(separator: ".").map(String.init)
        var body = messages[parts[0]]?.body
        for part in parts.dropFirst() { body = body?.groups.first { $0.name == part }?.body }
        return body
    }
}

extension String {
    fileprivate var capital: String { prefix(1).uppercased() + dropFirst() }
}
