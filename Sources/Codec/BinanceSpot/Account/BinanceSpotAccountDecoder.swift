import MarketModel

/// The messages of Binance Spot's WebSocket API (JSON): answers and the user data stream.
///
/// Takes the wrappers `{"subscriptionId":..,"event":..}` and `{"stream":..,"data":..}` and the bare
/// event (binance-spot.md, sections 9 and 11). No allocation; O(n) in the message.
public struct BinanceSpotAccountDecoder: BitwiseCopyable, Sendable {
    let directory: InstrumentDirectory

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
