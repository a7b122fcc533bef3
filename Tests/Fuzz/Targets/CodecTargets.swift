import MarketModel

@testable import Codec

extension FuzzTarget {
    static let codec = [marketText, accountText, restText, marketBinary, accountBinary]

    /// Two implementations: the documented order of keys, and any order.
    private static let marketText = FuzzTarget(
        "market-json", seeds: marketFrames.map { Array($0.utf8) } + EmulatedFrames.market
    ) {
        let decoder = MarketDecoders().text
        return { input in
            let bytes = PaddedInput(input)
            let general = decoder.decodeInAnyOrder(bytes.start, bytes.count, receiveTime: .unknown)
            let levels = decoder.levels(of: general)
            let first = decoder.decode(bytes.start, bytes.count, receiveTime: .unknown)
            expectSame(first, general)
            expectSame(decoder.levels(of: first), levels)
            _ = try? decoder.decodeDepthSnapshot(
                bytes.start, bytes.count, instrument: InstrumentIndex(0), receiveTime: .unknown)
        }
    }

    /// Two implementations of execution reports, answers and balances; the rest by the general one.
    private static let accountText = FuzzTarget(
        "account-json", seeds: accountFrames.map { Array($0.utf8) } + EmulatedFrames.account
    ) {
        let decoder = BinanceSpotAccountDecoder(directory: MarketDecoders().directory)
        return { input in
            let bytes = PaddedInput(input)
            let general = decoder.decodeInAnyOrder(bytes.start, bytes.count, receiveTime: .unknown)
            let first = decoder.decode(bytes.start, bytes.count, receiveTime: .unknown)
            if case .execution(let report) = first {
                guard case .execution(let other) = general else { fatalError("\(general)") }
                expectSame(report, other)
            }
            switch first {
            case .balances(var rows):
                guard case .balances(var others) = general else { fatalError("\(general)") }
                while let row = (try? rows.next()).flatMap({ $0 }) {
                    let other = (try? others.next()).flatMap { $0 }
                    guard let other else { fatalError("a row too many") }
                    expectSame(row, other)
                }
                expectSame((try? others.next()).flatMap { $0 } == nil, true)
            case .response(let response):
                guard case .response(let other) = general else { fatalError("\(general)") }
                expectSame(response.reply, other.reply)
                expectSame(response.limits, other.limits)
                expectSame(response.status, other.status)
                expectSame(response.content, other.content)
                expectSame(response.result.count, other.result.count)
                expectSame(response.message.count, other.message.count)
                _ = try? decoder.executionReport(of: response)
                if var rows = try? decoder.openOrders(of: response) {
                    while (try? rows.next()).flatMap({ $0 }) != nil {}
                }
                if var rows = try? decoder.fills(of: response) {
                    while (try? rows.next()).flatMap({ $0 }) != nil {}
                }
                if var rows = try? decoder.balances(of: response) {
                    while (try? rows.next()).flatMap({ $0 }) != nil {}
                }
            default: break
            }
        }
    }

    /// Every answer over REST that the engine reads, each body by every reader; pages and emptiness
    /// that a proxy puts in an answer's place too.
    private static let restText = FuzzTarget(
        "rest-json", seeds: restBodies.map { Array($0.utf8) } + EmulatedFrames.bodies
    ) {
        let decoders = MarketDecoders()
        let directory = decoders.directory
        let instrument = decoders.instruments[0]
        let wanted = decoders.instruments.map(\.symbol)
        return { input in
            let bytes = PaddedInput(input)
            let (start, count) = (bytes.start, bytes.count)
            _ = try? BinanceSpotREST.serverTime(start, count)
            _ = try? BinanceSpotREST.price(start, count)
            let failure = BinanceSpotREST.failure(start, count)
            _ = try? BinanceSpotREST.account(
                start, count, directory: directory, receiveTime: .unknown)
            _ = try? BinanceSpotREST.openOrders(
                start, count, directory: directory, receiveTime: .unknown)
            _ = try? BinanceSpotREST.order(
                start, count, directory: directory, receiveTime: .unknown)
            _ = try? BinanceSpotREST.fills(start, count, directory: directory)
            if let rates = try? BinanceSpotREST.commission(start, count) {
                _ = (rates.makerFee, rates.takerFee)
            }
            _ = try? BinanceSpotREST.aggregateTrades(start, count, instrument: instrument)
            _ = try? BinanceSpotREST.trades(start, count, instrument: instrument)
            let all = try? BinanceSpotExchangeInfo(start, count)
            let some = try? BinanceSpotExchangeInfo(start, count, wanted: wanted)
            expectSame(all == nil, some == nil)
            // Whoever finds a refusal in a body has found a whole one.
            if failure != nil, !BinanceSpotREST.isWhole(start, count) { fatalError("\(failure as Any)") }
        }
    }

    private static let marketBinary = FuzzTarget(
        "market-sbe",
        seeds: [
            "1200102701000000400eb64e353b0600140cb64e353b0600fefb19000200000001d3fb2f010000001cd1b40000000000dc050000000000000102d3fb2f010000001bd1b400000000001900000000000000010742544355534454",
            "3200112701000000400eb64e353b0600019a23ff10000000fefb1bd1b4000000000040e20100000000001cd1b4000000000007000000000000000742544355534454",
            "1200122701000000f075b64e353b0600289a23ff10000000fefb100002001bd1b4000000000040e201000000000010d1b4000000000050c3000000000000100001001cd1b4000000000007000000000000000742544355534454",
            "1a00132701000000f075b64e353b0600029a23ff10000000289a23ff10000000fefb100002001bd1b4000000000040e201000000000006d1b400000000000000000000000000100001001cd1b4000000000007000000000000000742544355534454",
        ].map { [UInt8](hex: $0) }
    ) {
        let decoders = MarketDecoders()
        return { input in
            let bytes = PaddedInput(input)
            let raw = UnsafeRawBufferPointer(start: bytes.start, count: bytes.count)
            let frames = (try? BinanceSpotBinaryText.frames(of: raw)) ?? []
            let record = decoders.binary.decode(bytes.start, bytes.count, receiveTime: .unknown)
            if case .trades(var cursor) = record { while (try? cursor.next()).flatMap({ $0 }) != nil {} }
            // A message with a number has words, and they say the same as an update.
            guard case .depth(let header) = record, let text = frames.first else { return }
            let levels = decoders.binary.levels(of: record)
            var said = Array(text.utf8)
            said += [UInt8](repeating: 0, count: 64)
            guard case .depth(let other) = decoders.text.decode(
                &said, said.count - 64, receiveTime: .unknown)
            else { return }
            expectSame(header.lastUpdateID, other.lastUpdateID)
            expectSame(levels, decoders.text.levels(of: .depth(other)))
        }
    }

    private static let accountBinary = FuzzTarget(
        "account-sbe",
        seeds: [
            "030032000300050000c80013000100020101701700000000000046000000000000000131100000000800660003000500400eb64e353b0600",
            "030032000300050000900113000000013756000000120064000300050026f80000000000000080000000000000008036004163636f756e742068617320696e73756666696369656e742062616c616e636520666f722072657175657374656420616374696f6e2e00000000",
        ].map { [UInt8](hex: $0) } + EmulatedFrames.binaryAccount + EmulatedFrames.binaryBodies + [200, 201, 202, 300, 301, 304, 305, 308, 400, 401, 601, 602, 603, 604, 605, 606].map {
            BinarySeed.blank(template: $0)
        }
    ) {
        let decoder = BinanceSpotBinaryAccountDecoder(directory: MarketDecoders().directory)
        return { input in
            let bytes = PaddedInput(input)
            switch decoder.decode(bytes.start, bytes.count, receiveTime: .unknown) {
            case .balances(var rows): while (try? rows.next()).flatMap({ $0 }) != nil {}
            case .response(let response):
                _ = try? decoder.executionReport(of: response)
                if var rows = try? decoder.openOrders(of: response) {
                    while (try? rows.next()).flatMap({ $0 }) != nil {}
                }
                if var rows = try? decoder.fills(of: response) {
                    while (try? rows.next()).flatMap({ $0 }) != nil {}
                }
                if var rows = try? decoder.balances(of: response) {
                    while (try? rows.next()).flatMap({ $0 }) != nil {}
                }
            default: break
            }
        }
    }
}

/// A message of zeros behind the header of its template.
enum BinarySeed {
    static func blank(template: UInt16) -> [UInt8] {
        [250, 0, UInt8(template & 0xFF), UInt8(template >> 8), 3, 0, 5, 0]
            + [UInt8](repeating: 1, count: 300)
    }
}

/// Decoders that know a few symbols.
private struct MarketDecoders {
    let directory: InstrumentDirectory
    let instruments: [Instrument]
    let text: BinanceSpotMarketDecoder
    let binary: BinanceSpotBinaryMarketDecoder

    init() {
        let names = [("BTC", "USDT"), ("ETH", "BTC"), ("BNB", "BTC")]
        let assets = ["BTC", "USDT", "ETH", "BNB"]
        func name(_ text: String) -> ShortName {
            guard let name = ShortName(text) else { fatalError("\(text) is too long") }
            return name
        }
        func asset(_ text: String) -> AssetIndex {
            assets.firstIndex(of: text).map { AssetIndex(UInt16($0)) } ?? .none
        }
        instruments = names.enumerated().map { index, pair in
            Instrument(
                symbol: name(pair.0 + pair.1), base: name(pair.0), quote: name(pair.1),
                index: InstrumentIndex(UInt16(index)), baseAsset: asset(pair.0),
                quoteAsset: asset(pair.1))
        }
        directory = InstrumentDirectory(instruments: instruments)
        let capacity = 256
        func scratch() -> UnsafeMutablePointer<BookLevel> {
            let levels = UnsafeMutablePointer<BookLevel>.allocate(capacity: capacity)
            levels.initialize(
                repeating: BookLevel(price: .zero, quantity: .zero), count: capacity)
            return levels
        }
        text = BinanceSpotMarketDecoder(
            directory: directory, levels: scratch(), levelCapacity: capacity,
            soleInstrument: InstrumentIndex(0))
        binary = BinanceSpotBinaryMarketDecoder(
            directory: directory, levels: scratch(), levelCapacity: capacity)
    }
}

extension BinanceSpotMarketDecoder {
    fileprivate func levels(of frame: MarketFrame) -> [BookLevel] {
        guard case .depth(let header) = frame else { return [] }
        return Array(UnsafeBufferPointer(start: levels, count: header.levelCount))
    }
}

extension BinanceSpotBinaryMarketDecoder {
    fileprivate func levels(of frame: MarketFrame) -> [BookLevel] {
        guard case .depth(let header) = frame else { return [] }
        return Array(UnsafeBufferPointer(start: levels, count: header.levelCount))
    }
}
