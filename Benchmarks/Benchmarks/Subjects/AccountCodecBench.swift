import CFloor
import Codec
import MarketModel

/// The JSON messages besides those that the market sends most: a candle, and what the venue says of
/// orders and the account.
struct AccountCodecBench {
    private let market: BinanceSpotMarketDecoder
    private let account = BinanceSpotAccountDecoder(directory: SampleMarket.directory())
    private let candle = UnsafeMutablePointer<cfloor_candle>.allocate(capacity: 1)
    private let execution = UnsafeMutablePointer<cfloor_execution>.allocate(capacity: 1)
    private let position = UnsafeMutablePointer<cfloor_position>.allocate(capacity: 1)
    private let answer = UnsafeMutablePointer<cfloor_answer>.allocate(capacity: 1)
    private let texts = (
        candle: SampleText(SampleMarket.candle), report: SampleText(SampleMarket.newOrder),
        position: SampleText(SampleMarket.position), answer: SampleText(SampleMarket.answer),
        refusal: SampleText(SampleMarket.refusal)
    )

    /// Lives as long as the process.
    init(_ codec: CodecBench) {
        market = codec.market
        candle.initialize(to: cfloor_candle())
        execution.initialize(to: cfloor_execution())
        position.initialize(to: cfloor_position())
        answer.initialize(to: cfloor_answer())
    }

    var contests: [Contest] {
        [
            candleContest,
            contest("executionReport, new", texts.report, { [execution] in
                cfloor_parse_execution($0, execution)
            }) { if case .execution = $0 { true } else { false } },
            contest("outboundAccountPosition", texts.position, { [position] in
                cfloor_parse_position($0, position)
            }, Self.readsBalances),
            contest("order.place, accepted", texts.answer, { [answer] in
                cfloor_parse_answer($0, answer)
            }, Self.isResponse),
            contest("order.place, refused", texts.refusal, { [answer] in
                cfloor_parse_refusal($0, answer)
            }, Self.isResponse),
        ]
    }

    private var candleContest: Contest {
        let decoder = market
        let text = texts.candle
        let candle = candle
        return Contest(
            name: "kline", batch: 20,
            ours: Contestant("apus") { count in
                var frame = MarketFrame.ignored(.unrecognized)
                for turn in 0..<count {
                    let time = Timestamp(nanoseconds: Int64(turn))
                    decoder.decode(text.bytes, text.count, receiveTime: time, into: &frame)
                    if case .candle = frame { continue }
                    preconditionFailure("a sample is well-formed")
                }
            },
            floor: Contestant("C floor") { count in
                for _ in 0..<count where cfloor_parse_candle(text.bytes, candle) == 0 {
                    preconditionFailure("a sample is well-formed")
                }
            })
    }

    private func contest(
        _ name: String, _ text: SampleText, _ floor: @escaping (UnsafePointer<UInt8>) -> Int32,
        _ reads: @escaping (AccountFrame) -> Bool
    ) -> Contest {
        let decoder = account
        return Contest(
            name: name, batch: 20,
            ours: Contestant("apus") { count in
                var frame = AccountFrame.unrecognized
                for turn in 0..<count {
                    let time = Timestamp(nanoseconds: Int64(turn))
                    decoder.decode(text.bytes, text.count, receiveTime: time, into: &frame)
                    if reads(frame) { continue }
                    preconditionFailure("a sample is well-formed")
                }
            },
            floor: Contestant("C floor") { count in
                for _ in 0..<count where floor(text.bytes) == 0 {
                    preconditionFailure("a sample is well-formed")
                }
            })
    }

    /// Both balances, as the session takes them.
    private static func readsBalances(_ frame: AccountFrame) -> Bool {
        guard case .balances(var cursor) = frame else { return false }
        var count = 0
        while let balance = try? cursor.next() { count += balance.free > 0 ? 1 : 0 }
        return count == 2
    }

    private static func isResponse(_ frame: AccountFrame) -> Bool {
        if case .response = frame { true } else { false }
    }

    // MARK: - Both read the same

    func verify() throws(BenchmarkFailure) {
        let now = Timestamp(nanoseconds: 1)
        let read = market.decode(texts.candle.bytes, texts.candle.count, receiveTime: now)
        guard case .candle(let bar) = read, cfloor_parse_candle(texts.candle.bytes, candle) == 1,
            bar.close.raw == candle.pointee.close, bar.volume.raw == candle.pointee.volume,
            Int64(bar.tradeCount) == candle.pointee.trades
        else { throw BenchmarkFailure("the floor reads a candle otherwise") }
        guard case .execution(let report) = frame(texts.report),
            cfloor_parse_execution(texts.report.bytes, execution) == 1,
            report.price.raw == execution.pointee.price,
            report.venueOrderID.raw == execution.pointee.order,
            report.tradeID.raw == execution.pointee.trade
        else { throw BenchmarkFailure("the floor reads a new order's report otherwise") }
        guard case .balances(var cursor) = frame(texts.position),
            cfloor_parse_position(texts.position.bytes, position) == 1,
            position.pointee.count == 2, let first = try? cursor.next(),
            let second = try? cursor.next(), first.free == position.pointee.free.0,
            second.locked == position.pointee.locked.1
        else { throw BenchmarkFailure("the floor reads balances otherwise") }
        try verifyAnswers()
    }

    private func verifyAnswers() throws(BenchmarkFailure) {
        for (text, parse) in [
            (texts.answer, cfloor_parse_answer), (texts.refusal, cfloor_parse_refusal),
        ] {
            answer.pointee = cfloor_answer()
            guard case .response(let response) = frame(text), parse(text.bytes, answer) == 1,
                response.reply.requestID == UInt64(answer.pointee.request),
                answer.pointee.code != 0
                    || response.reply.venueOrderID.raw == answer.pointee.order,
                Int64(response.reply.venueCode) == answer.pointee.code,
                Int64(response.limits.requestWeight.count) == answer.pointee.weight,
                Int64(response.limits.ordersDaily.count) == answer.pointee.daily_orders
            else { throw BenchmarkFailure("the floor reads an answer otherwise") }
        }
    }

    private func frame(_ text: SampleText) -> AccountFrame {
        account.decode(text.bytes, text.count, receiveTime: Timestamp(nanoseconds: 1))
    }
}
