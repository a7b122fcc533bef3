import MarketModel

/// The messages of Binance Spot's WebSocket API in the Simple Binary Encoding, schema 3
/// (`spot_3_5.xml`): answers and the user data stream, to the records that
/// ``BinanceSpotAccountDecoder`` makes of the same messages in JSON.
///
/// Answers come in an envelope with their result inside, events come bare (binance-spot.md, section
/// 15.3). Every version of the schema can be read. No allocation, no copy; O(n) in the message.
public struct BinanceSpotBinaryAccountDecoder: BitwiseCopyable, Sendable {
    let directory: InstrumentDirectory

    /// A decoder that knows the directory's symbols and assets.
    public init(directory: InstrumentDirectory) {
        self.directory = directory
    }

    @inline(__always)
    static var schema: UInt16 { @_noLocks get { 3 } }

    /// The messages that mean something to the engine; the names are the schema's.
    enum Template: UInt16, CaseIterable {
        case webSocketResponse = 50
        case webSocketSessionLogonResponse = 51
        case webSocketSessionStatusResponse = 52
        case webSocketSessionLogoutResponse = 53
        case webSocketSessionSubscriptionsResponse = 54
        case errorResponse = 100
        case pingResponse = 101
        case serverTimeResponse = 102
        case tradesResponse = 201
        case aggTradesResponse = 202
        case klinesResponse = 203
        case newOrderAckResponse = 300
        case newOrderResultResponse = 301
        case newOrderFullResponse = 302
        case orderTestResponse = 303
        case orderResponse = 304
        case cancelOrderResponse = 305
        case cancelOpenOrdersResponse = 306
        case cancelReplaceOrderResponse = 307
        case ordersResponse = 308
        case orderListsResponse = 314
        case orderAmendmentsResponse = 316
        case accountResponse = 400
        case accountTradesResponse = 401
        case accountOrderRateLimitResponse = 402
        case accountPreventedMatchesResponse = 403
        case accountAllocationsResponse = 404
        case userDataStreamSubscribeResponse = 503
        case userDataStreamUnsubscribeResponse = 504
        case userDataStreamSubscribeListenTokenResponse = 505
        case balanceUpdateEvent = 601
        case eventStreamTerminatedEvent = 602
        case executionReportEvent = 603
        case externalLockUpdateEvent = 604
        case listStatusEvent = 606
        case outboundAccountPositionEvent = 607
        case serverShutdownEvent = 610

        @_noLocks
        init?(_ message: BinaryMessage) {
            self.init(rawValue: message.template)
        }
    }

    /// Decodes one binary message of `count` bytes.
    ///
    /// - Precondition: 64 bytes after the message are readable; their content does not matter.
    @_noLocks
    public func decode(
        _ bytes: UnsafePointer<UInt8>, _ count: Int, receiveTime: Timestamp
    ) -> AccountFrame {
        do throws(DecodeFailure) {
            let message = try BinaryMessage(UnsafeRawPointer(bytes), count, schema: Self.schema)
            switch Template(message) {
            case .webSocketResponse: return .response(try response(message, receiveTime))
            case .executionReportEvent: return .execution(try execution(message, receiveTime))
            case .outboundAccountPositionEvent:
                return .balances(try position(message, receiveTime))
            case .balanceUpdateEvent: return .balanceChanged(try change(message))
            case .externalLockUpdateEvent: return .lockChanged(try change(message))
            case .listStatusEvent: return .orderList(try orderList(message))
            case .eventStreamTerminatedEvent: return .streamTerminated
            case .serverShutdownEvent: return .serverShutdown
            default: return .unrecognized
            }
        } catch {
            return .malformed(error)
        }
    }

    /// The instrument of a symbol; `NameTable.none`, and the venue's own scales, for one that is
    /// not in the directory: the account may trade elsewhere too.
    @_noLocks
    func instrument(_ symbol: BinaryBlock) -> UInt16 {
        directory.symbols.slot(of: symbol.text, count: symbol.count)
    }

    /// `none` for no name and for an asset that is not in the directory.
    @_noLocks
    func asset(_ name: BinaryBlock) -> AssetIndex {
        AssetIndex(directory.assets.slot(of: name.text, count: name.count))
    }
}
