import MarketModel

/// The messages of Binance Spot's WebSocket API (JSON): answers and the user data stream.
///
/// Takes the wrappers `{"subscriptionId":..,"event":..}` and `{"stream":..,"data":..}` and the bare
/// event (binance-spot.md, sections 9 and 11). No allocation; O(n) in the message.
public struct BinanceSpotAccountDecoder: BitwiseCopyable, Sendable {
    let directory: InstrumentDirectory

    /// A decoder that knows the directory's symbols and assets.
    public init(directory: InstrumentDirectory) {
        self.directory = directory
    }

    /// Decodes one text message of `count` bytes.
    ///
    /// - Precondition: 64 bytes after the message are readable; their content does not matter.
    @_noLocks
    public func decode(
        _ bytes: UnsafePointer<UInt8>, _ count: Int, receiveTime: Timestamp
    ) -> AccountFrame {
        var frame = AccountFrame.unrecognized
        decode(bytes, count, receiveTime: receiveTime, into: &frame)
        return frame
    }

    /// The same into a place of the caller's, without a copy of the frame.
    @_noLocks
    public func decode(
        _ bytes: UnsafePointer<UInt8>, _ count: Int, receiveTime: Timestamp,
        into frame: inout AccountFrame
    ) {
        if decodeInDocumentedOrder(bytes, count, receiveTime: receiveTime, into: &frame)
            || decodeAnswerInDocumentedOrder(bytes, count, receiveTime: receiveTime, into: &frame)
            || decodePositionInDocumentedOrder(bytes, count, receiveTime: receiveTime, into: &frame)
        {
            return
        }
        frame = decodeInAnyOrder(bytes, count, receiveTime: receiveTime)
    }

    /// Any message, its keys in any order.
    @_noLocks
    func decodeInAnyOrder(
        _ bytes: UnsafePointer<UInt8>, _ count: Int, receiveTime: Timestamp
    ) -> AccountFrame {
        if let frame = decodeWrappedEvent(bytes, count, receiveTime) { return frame }
        do throws(DecodeFailure) {
            var scanner = JSONScanner(bytes, count)
            let fields = try FrameFields(&scanner)
            try scanner.finish()
            if !fields[.status].isAbsent {
                return .response(try response(fields, receiveTime))
            }
            if !fields[.event].isAbsent {
                return try event(try FrameFields(fields[.event]), receiveTime)
            }
            if !fields[.data].isAbsent {
                return try event(try FrameFields(fields[.data]), receiveTime)
            }
            return try event(fields, receiveTime)
        } catch {
            return .malformed(error)
        }
    }

    /// An event in the documented wrapper, read without first walking over it as a value; `nil`
    /// for everything else, and for what fails: then the general way finds the reason.
    private func decodeWrappedEvent(
        _ bytes: UnsafePointer<UInt8>, _ count: Int, _ receiveTime: Timestamp
    ) -> AccountFrame? {
        var reader = OrderedReader(bytes, count)
        guard reader.skip(#"{"subscriptionId":"#), reader.integer() >= 0,
            reader.skip(#","event":"#), reader.position < reader.end,
            bytes[count &- 1] == UInt8(ascii: "}")
        else { return nil }
        do throws(DecodeFailure) {
            var scanner = JSONScanner(reader.position, reader.end - reader.position &- 1)
            let fields = try FrameFields(&scanner)
            try scanner.finish()
            return try event(fields, receiveTime)
        } catch {
            return nil
        }
    }

    /// Instrument and scales of a symbol; `NameTable.none` and the venue's own scales for one
    /// that is not in the directory: the account may trade elsewhere too.
    @_noLocks
    func instrument(_ symbol: JSONValue) throws(DecodeFailure) -> UInt16 {
        try symbol.slot(in: directory.symbols)
    }

    /// `none` for null, an absent key and an asset that is not in the directory.
    @_noLocks
    func asset(_ name: JSONValue) throws(DecodeFailure) -> AssetIndex {
        guard name.isPresent else { return .none }
        return AssetIndex(try name.slot(in: directory.assets))
    }
}
