import Foundation
import Testing

@testable import Emulator

/// Every documented message of the WebSocket API in both encodings: the same records.
@Suite(.enabled(if: SharedFiles.hasFrames, "needs ../shared/venues/frames"))
struct BinaryDocumentTests {
    private let reader = RecordReader(
        symbols: ["BTCUSDT", "BNBBTC", "BNBUSDT", "ETHBTC", "LTCBTC", "LTCBNB"])

    private static let methods: [(file: String, answer: BinaryAnswer)] = [
        ("wsapi_account_status_doc", .operation(.account)),
        ("wsapi_order_place_doc", .operation(.placeOrder)),
        ("wsapi_order_cancel_doc", .operation(.cancelOrder)),
        ("wsapi_order_cancelReplace_doc", .operation(.replaceOrder)),
        ("wsapi_order_amend_doc", .operation(.amendOrder)),
        ("wsapi_order_status_doc", .operation(.queryOrder)),
        ("wsapi_orderList_place_oco_doc", .operation(.placePair)),
        ("wsapi_orderList_place_oto_doc", .operation(.placeTriggered)),
        ("wsapi_orderList_place_otoco_doc", .operation(.placeTriggeredPair)),
        ("wsapi_orderList_cancel_doc", .operation(.cancelList)),
        ("wsapi_depth_doc", .operation(.depth)),
        ("wsapi_time_doc", .operation(.time)),
        ("wsapi_error_418_doc", .operation(.openOrders)),
        ("wsapi_session_logon_doc", .method("session.logon")),
        ("wsapi_session_status_doc", .method("session.status")),
        ("wsapi_session_logout_doc", .method("session.logout")),
        ("wsapi_userDataStream_subscribe_doc", .method("userDataStream.subscribe")),
        (
            "wsapi_userDataStream_subscribe_signature_doc",
            .method("userDataStream.subscribe.signature")
        ),
        ("wsapi_userDataStream_unsubscribe_doc", .method("userDataStream.unsubscribe")),
    ]

    @Test func `documented answers give the same records in both encodings`() throws {
        var count = 0
        for (file, answer) in Self.methods {
            for frame in try SharedFiles.frames(file).map(\.inMicroseconds)
            where frame["status"] != nil {
                // Only numbers come back to who asked; the documents' examples ask with texts.
                let numbered = frame.replacing("id", with: .number("17"))
                var text = TextBuffer()
                BinaryFrame.answer(numbered, to: answer, isDeprecated: false, to: &text)
                #expect(
                    reader.account(binary: text.array) == reader.account(text: numbered.text),
                    "\(file)")
                count += 1
            }
        }
        #expect(count > 25)
    }

    private static let events = [
        "user_balanceUpdate_doc", "user_eventStreamTerminated_doc", "user_executionReport_doc",
        "user_executionReport_expired_fixture", "user_executionReport_fixture",
        "user_externalLockUpdate_doc", "user_listStatus_doc", "user_outboundAccountPosition_doc",
    ]

    @Test func `documented events give the same records in both encodings`() throws {
        for file in Self.events {
            for frame in try SharedFiles.frames(file).map(\.inMicroseconds) {
                let wrapped = frame["event"] == nil ? JSONValue.object([
                    JSONValue.Member(name: "subscriptionId", value: .number("0")),
                    JSONValue.Member(name: "event", value: frame["data"] ?? frame),
                ]) : frame
                var text = TextBuffer()
                BinaryFrame.event(wrapped, to: &text)
                #expect(
                    reader.account(binary: text.array) == reader.account(text: wrapped.text),
                    "\(file)")
            }
        }
    }
}

extension JSONValue {
    var text: String {
        var text = TextBuffer()
        write(to: &text)
        return text.string
    }

    /// The value with all times, integers of the size of milliseconds since 2001, in microseconds.
    var inMicroseconds: JSONValue {
        switch self {
        case .number(let digits) where digits.count == 13 && !digits.contains("."):
            .number(digits + "000")
        case .array(let elements): .array(elements.map(\.inMicroseconds))
        case .object(let members):
            .object(
                members.map { Member(name: $0.name, value: $0.value.inMicroseconds) })
        default: self
        }
    }

    func replacing(_ name: String, with value: JSONValue) -> JSONValue {
        guard case .object(let members) = self else { return self }
        return .object(
            members.map { $0.name == name ? Member(name: name, value: value) : $0 })
    }
}
