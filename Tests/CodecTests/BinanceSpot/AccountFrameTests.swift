import MarketModel
import Testing

@testable import Codec

/// A decoder of account messages and what its records look like in a line.
final class AccountReader {
    let market = Market()
    let decoder: BinanceSpotAccountDecoder

    init() { decoder = BinanceSpotAccountDecoder(directory: market.directory) }
    deinit { market.directory.deallocate() }

    func decode(_ bytes: GuardedBytes) -> AccountFrame {
        decoder.decode(bytes.start, bytes.count, receiveTime: MarketReader.receiveTime)
    }

    func describe(_ text: String) throws -> String {
        let bytes = GuardedBytes(text)
        return try withExtendedLifetime(bytes) { try describe(decode(bytes)) }
    }

    /// One line for a frame whose bytes are still in place.
    func describe(_ frame: AccountFrame) throws -> String {
        switch frame {
        case .response(let response): return try describe(response)
        case .execution(let report): return describe(report)
        case .balances(var rows):
            var text = "balances at \(rows.venueTime.milliseconds)"
            while let row = try rows.next() {
                text += " \(Market.assetName(row.asset)) \(row.free)+\(row.locked)"
            }
            return text
        case .balanceChanged(let change):
            return
                "balance \(Market.assetName(change.asset)) by \(change.delta) at \(change.venueTime.milliseconds)"
        case .lockChanged(let change):
            return
                "lock \(Market.assetName(change.asset)) by \(change.delta) at \(change.venueTime.milliseconds)"
        case .orderList(let list):
            return "list \(Market.symbol(list.instrument)) #\(list.listID) done \(list.isDone)"
        case .streamTerminated: return "terminated"
        case .serverShutdown: return "shutdown"
        case .unrecognized: return "unrecognized"
        case .malformed(let failure): return "malformed \(failure)"
        }
    }

    func describe(_ report: ExecutionReport) -> String {
        func decimal(_ raw: Int64) -> String { formatDecimal(raw, scale: 8) }
        var text =
            "\(report.executionType) \(report.status) \(Market.symbol(report.instrument)) "
            + "#\(report.venueOrderID.raw) own \(String(report.clientOrderID.raw, radix: 16)) "
            + "\(report.side) \(report.type) \(report.timeInForce) "
            + "\(decimal(report.quantity.raw)) at \(decimal(report.price.raw)) "
            + "filled \(decimal(report.cumulativeQuantity.raw)) for \(decimal(report.cumulativeQuote.raw))"
        if report.tradeID != .none {
            text +=
                " trade \(report.tradeID.raw) \(decimal(report.lastQuantity.raw)) at "
                + "\(decimal(report.lastPrice.raw)) fee \(report.commission) "
                + "\(Market.assetName(report.commissionAsset)) maker \(report.isMaker)"
        }
        return text + " exec \(report.executionID) time \(report.venueTime.milliseconds)"
            + (report.isWorking ? " working" : "")
    }

    private func describe(_ response: VenueResponse) throws -> String {
        let reply = response.reply
        var text =
            "\(response.status) \(response.hasRequestID ? "#\(reply.requestID)" : "#-") "
            + "\(reply.outcome) \(response.content)"
        if reply.venueOrderID != .none { text += " order \(reply.venueOrderID.raw)" }
        if reply.venueCode != 0 { text += " code \(reply.venueCode)" }
        if reply.didCancel { text += " canceled" }
        if reply.cancel != .untold, !reply.didCancel { text += " cancel \(reply.cancel)" }
        if response.cancelCode != 0 {
            let words = String(decoding: response.cancelMessageBytes, as: UTF8.self)
            text += " \(response.cancelCode) \(words)"
        }
        if reply.venueTime != .unknown { text += " time \(reply.venueTime.milliseconds)" }
        if response.subscriptionID >= 0 { text += " subscription \(response.subscriptionID)" }
        if response.serverTime != .unknown { text += " clock \(response.serverTime.milliseconds)" }
        if response.retryAfter != .unknown { text += " retry \(response.retryAfter.milliseconds)" }
        if response.limits.requestWeight != .unknown {
            text += " weight \(response.limits.requestWeight.count)"
        }
        if response.limits.ordersShortTerm != .unknown {
            text +=
                " orders \(response.limits.ordersShortTerm.count)/\(response.limits.ordersDaily.count)"
        }
        return text
    }
}

struct AccountFrameTests {
    private let reader = AccountReader()

    @Test(
        arguments: [
            (#"{"id":1,"status":500,"error":{"code":-1000,"msg":"x"}}"#, RequestOutcome.unknown),
            (#"{"id":1,"status":503,"error":{"code":-1008,"msg":"x"}}"#, .unknown),
            (#"{"id":1,"status":504}"#, .unknown),
            (#"{"id":1,"status":400,"error":{"code":-1006,"msg":"x"}}"#, .unknown),
            (#"{"id":1,"status":400,"error":{"code":-1007,"msg":"x"}}"#, .unknown),
            (#"{"id":1,"status":302}"#, .unknown),
            (#"{"id":1,"status":400,"error":{"code":-2010,"msg":"x"}}"#, .rejected),
            (#"{"id":1,"status":400,"error":{"code":-1021,"msg":"x"}}"#, .rejected),
            (#"{"id":1,"status":403}"#, .unknown),
            (#"{"id":1,"status":429}"#, .rejected),
            (#"{"id":1,"status":418}"#, .rejected),
            (#"{"id":1,"status":429,"error":{"code":-1015,"msg":"x"}}"#, .rejected),
            (#"{"id":1,"status":400,"error":{"code":-2011,"msg":"x"}}"#, .noSuchOrder),
            (#"{"id":1,"status":400,"error":{"code":-2013,"msg":"x"}}"#, .noSuchOrder),
            (#"{"id":1,"status":200,"result":{}}"#, .accepted),
            (#"{"status":200,"id":1}"#, .accepted),
        ])
    func `tells refused, unknown and missing orders apart`(
        text: String, outcome: RequestOutcome
    ) {
        guard case .response(let response) = reader.decode(GuardedBytes(text)) else {
            Issue.record("no response")
            return
        }
        #expect(response.reply.outcome == outcome)
        #expect(response.reply.requestID == 1 && response.hasRequestID)
        #expect(response.reply.receiveTime == MarketReader.receiveTime)
    }

    @Test(
        arguments: [
            (
                #"{"id":18446744073709551615,"status":200,"result":{}}"#, "malformed overflow"
            ),
            (#"{"id":-1,"status":200,"result":{}}"#, "malformed invalidNumber"),
            (
                #"{"id":null,"status":401,"error":{"code":-2015,"msg":"revoked"}}"#,
                "401 #- rejected none code -2015"
            ),
            (#"{"id":9,"status":"200"}"#, "malformed wrongType"),
            (#"{"event":{"e":"serverShutdown","E":1770123456789}}"#, "shutdown"),
            (#"{"e":"serverShutdown","E":1770123456789}"#, "shutdown"),
            (#"{"subscriptionId":0,"event":{"e":"eventStreamTerminated","E":1}}"#, "terminated"),
            (#"{"subscriptionId":0,"event":{"e":"newKind","E":1}}"#, "unrecognized"),
            (
                #"{"subscriptionId":0,"event":{"e":"balanceUpdate","E":1,"a":"BTC","d":"-100.5","T":1573200697068}}"#,
                "balance BTC by -10050000000 at 1573200697068"
            ),
            (
                #"{"subscriptionId":0,"event":{"e":"outboundAccountPosition","E":1,"u":2,"B":[{"a":"ETH","f":"1","l":"x"}]}}"#,
                "malformed invalidNumber"
            ),
            (
                #"{"id":12,"status":409,"error":{"code":-2021,"msg":"x","data":{"cancelResult":"SUCCESS","newOrderResult":"FAILURE","cancelResponse":{"symbol":"BTCUSDT","orderId":5},"newOrderResponse":{"code":-2010,"msg":"y"}}}}"#,
                "409 #12 rejected none code -2010 canceled"
            ),
            (
                #"{"id":12,"status":400,"error":{"code":-2022,"msg":"x","data":{"cancelResult":"FAILURE","newOrderResult":"NOT_ATTEMPTED","cancelResponse":{"code":-2011,"msg":"Unknown order sent."},"newOrderResponse":null}}}"#,
                "400 #12 noSuchOrder none code -2011 cancel noSuchOrder"
            ),
            (
                #"{"id":12,"status":400,"error":{"code":-2022,"msg":"x","data":{"cancelResult":"FAILURE","newOrderResult":"FAILURE","cancelResponse":{"code":-2011,"msg":"Unknown order sent."},"newOrderResponse":{"code":-2010,"msg":"y"}}}}"#,
                "400 #12 rejected none code -2010 cancel noSuchOrder -2011 Unknown order sent."
            ),
            (
                #"{"id":12,"status":400,"error":{"code":-2022,"msg":"x","data":{"cancelResult":"FAILURE","newOrderResult":"NOT_ATTEMPTED","cancelResponse":{"code":-2011,"msg":"Order was not canceled due to cancel restrictions."},"newOrderResponse":null}}}"#,
                "400 #12 rejected none code -2011 cancel refused"
            ),
            (
                #"{"id":12,"status":400,"error":{"code":-2011,"msg":"Order was not canceled due to cancel restrictions."}}"#,
                "400 #12 rejected none code -2011"
            ),
            (
                #"{"id":12,"status":409,"error":{"code":-2021,"msg":"x","data":{"cancelResult":"SUCCESS","newOrderResult":"FAILURE","cancelResponse":{"orderId":5},"newOrderResponse":{"code":-1007,"msg":"Timeout"}}}}"#,
                "409 #12 unknown none code -1007 canceled"
            ),
        ])
    func `reads answers and events`(text: String, expected: String) throws {
        #expect(try reader.describe(text) == expected)
    }

    @Test(arguments: [
        (
            #"{"id":12,"status":409,"error":{"code":-2021,"msg":"Order cancel-replace partially failed.","data":{"cancelResult":"SUCCESS","newOrderResult":"FAILURE","cancelResponse":{"orderId":5},"newOrderResponse":{"code":-2010,"msg":"Order would immediately match and take."}}}}"#,
            "Order would immediately match and take."
        ),
        (
            #"{"id":12,"status":400,"error":{"code":-2022,"msg":"Order cancel-replace failed.","data":{"cancelResult":"FAILURE","newOrderResult":"NOT_ATTEMPTED","cancelResponse":{"code":-2011,"msg":"Unknown order sent."},"newOrderResponse":null}}}"#,
            "Unknown order sent."
        ),
        (#"{"id":1,"status":400,"error":{"code":-2010,"msg":"plain"}}"#, "plain"),
    ])
    func `a failed replacement is told in the words of the half that failed`(
        text: String, message: String
    ) {
        let bytes = GuardedBytes(text)
        guard case .response(let response) = reader.decode(bytes) else {
            Issue.record("no response")
            return
        }
        #expect(String(decoding: response.messageBytes, as: UTF8.self) == message)
        withExtendedLifetime(bytes) {}
    }

    private func execution(_ changes: [String: String]) -> ExecutionReport? {
        var members: [(String, String)] = [
            ("e", "\"executionReport\""), ("E", "2"), ("s", "\"ETHBTC\""),
            ("c", "\"ap-0000010200000003\""), ("S", "\"BUY\""), ("o", "\"LIMIT\""),
            ("f", "\"GTC\""), ("q", "\"1.5\""), ("p", "\"0.1\""), ("C", "\"\""), ("x", "\"NEW\""),
            ("X", "\"NEW\""), ("i", "77"), ("l", "\"0\""), ("z", "\"0\""), ("L", "\"0\""),
            ("n", "\"0\""), ("N", "null"), ("T", "1499405658657"), ("t", "-1"), ("I", "9"),
            ("w", "true"), ("m", "false"), ("Z", "\"0\""),
        ]
        for (index, member) in members.enumerated() {
            if let change = changes[member.0] { members[index].1 = change }
        }
        let body = members.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ",")
        let bytes = GuardedBytes("{\"subscriptionId\":0,\"event\":{\(body)}}")
        guard case .execution(let report) = reader.decode(bytes) else { return nil }
        return report
    }

    @Test func `a cancel's order id is in C`() throws {
        let own = ClientOrderID(epoch: 1, lane: 2, sequence: 3)
        let canceled = try #require(
            execution([
                "c": "\"cancelRequest\"", "C": "\"\(own.text)\"", "x": "\"CANCELED\"",
                "X": "\"CANCELED\"",
            ]))
        #expect(canceled.clientOrderID == own)
        #expect(canceled.executionType == .canceled && canceled.status == .canceled)
        // The venue's own cancel leaves C empty.
        let expired = try #require(execution(["x": "\"EXPIRED\"", "X": "\"EXPIRED\""]))
        #expect(expired.clientOrderID == own)
        let foreign = try #require(execution(["c": "\"web_123\""]))
        #expect(foreign.clientOrderID == .none)
    }

    // BUG-030
    @Test func `unknown states are unrecognized, never a guess`() throws {
        let report = try #require(execution(["x": "\"SOMETHING\"", "X": "\"ELSE\""]))
        #expect(report.executionType == .unrecognized)
        #expect(report.status == .unrecognized)
        #expect(execution(["S": "\"HOLD\""]) == nil)
        #expect(execution(["o": "\"MAGIC\""]) == nil)
        #expect(execution(["f": "\"SOON\""]) == nil)
    }

    @Test(
        arguments: [
            ("NEW", VenueOrderStatus.new), ("PARTIALLY_FILLED", .partiallyFilled),
            ("FILLED", .filled), ("CANCELED", .canceled), ("REJECTED", .rejected),
            ("EXPIRED", .expired), ("EXPIRED_IN_MATCH", .expired), ("PENDING_NEW", .pendingNew),
            ("PENDING_CANCEL", .pendingCancel), ("", .unrecognized),
        ])
    func `knows every order status`(word: String, status: VenueOrderStatus) throws {
        #expect(try #require(execution(["X": "\"\(word)\""])).status == status)
    }

    @Test(
        arguments: [
            ("NEW", ExecutionType.new), ("CANCELED", .canceled), ("REPLACED", .replaced),
            ("REJECTED", .rejected), ("TRADE", .trade), ("EXPIRED", .expired),
            ("TRADE_PREVENTION", .tradePrevention), ("new", .unrecognized),
        ])
    func `knows every execution type`(word: String, type: ExecutionType) throws {
        #expect(try #require(execution(["x": "\"\(word)\""])).executionType == type)
    }

    @Test func `a fill carries price, quantity, fee and role`() throws {
        let fill = try #require(
            execution([
                "x": "\"TRADE\"", "X": "\"PARTIALLY_FILLED\"", "l": "\"0.5\"", "z": "\"0.75\"",
                "L": "\"0.09\"", "n": "\"0.00050000\"", "N": "\"ETH\"", "t": "98765432",
                "m": "true", "Z": "\"0.07\"",
            ]))
        #expect(fill.lastQuantity.raw == 50_000_000 && fill.lastPrice.raw == 9_000_000)
        #expect(fill.cumulativeQuantity.raw == 75_000_000)
        #expect(fill.cumulativeQuote.raw == 7_000_000)
        #expect(fill.commission == 50_000 && fill.commissionAsset == Market.asset("ETH"))
        #expect(fill.tradeID == TradeID(98_765_432) && fill.executionID == 9)
        #expect(fill.isMaker && fill.isWorking)
    }

    @Test func `an order in a foreign symbol has no instrument`() throws {
        let report = try #require(execution(["s": "\"NOSUCH\"", "N": "\"ABC\""]))
        #expect(report.instrument == .none)
        #expect(report.commissionAsset == .none)
    }

    @Test func `walks open orders, balances and own trades`() throws {
        let order =
            #"{"symbol":"BTCUSDT","orderId":1,"clientOrderId":"ap-0000010200000003","price":"0.1","origQty":"1.0","executedQty":"0.4","cummulativeQuoteQty":"0.04","status":"PARTIALLY_FILLED","timeInForce":"GTC","type":"LIMIT","side":"BUY","time":1499827319559,"updateTime":1499827319560,"isWorking":true}"#
        let bytes = GuardedBytes(#"{"id":3,"status":200,"result":[\#(order),\#(order)]}"#)
        guard case .response(let response) = reader.decode(bytes) else {
            Issue.record("no response")
            return
        }
        #expect(response.content == .list)
        var orders = try reader.decoder.openOrders(of: response)
        var count = 0
        while let report = try orders.next() {
            count += 1
            #expect(
                reader.describe(report)
                    == "status partiallyFilled BTCUSDT #1 own 10200000003 buy limit gtc 1.00000000 "
                    + "at 0.10000000 filled 0.40000000 for 0.04000000 exec 0 time 1499827319560 "
                    + "working")
        }
        #expect(count == 2)

        let trades = GuardedBytes(
            #"{"id":4,"status":200,"result":[{"symbol":"BNBBTC","id":28457,"orderId":100234,"orderListId":-1,"price":"4.00000100","qty":"12.00000000","quoteQty":"48.000012","commission":"10.10000000","commissionAsset":"BNB","time":1499865549590,"isBuyer":true,"isMaker":false,"isBestMatch":true}]}"#
        )
        guard case .response(let history) = reader.decode(trades) else {
            Issue.record("no response")
            return
        }
        var fills = try reader.decoder.fills(of: history)
        let fill = try #require(try fills.next())
        #expect(fill.tradeID == TradeID(28_457) && fill.venueOrderID == VenueOrderID(100_234))
        #expect(fill.price.raw == 400_000_100 && fill.quantity.raw == 1_200_000_000)
        #expect(fill.commission == 1_010_000_000 && fill.commissionAsset == Market.asset("BNB"))
        #expect(fill.side == .buy && !fill.isMaker)
        #expect(try fills.next() == nil)
    }
}
