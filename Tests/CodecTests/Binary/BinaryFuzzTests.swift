import Foundation
import MarketModel
import Testing

@testable import Codec

/// Damaged binary messages: never a trap, never an over-read (the memory is guarded), never a
/// record that the bytes do not hold.
struct BinaryFuzzTests {
    private static var captured: [[UInt8]] {
        guard SharedFiles.hasFrames,
            let lines = try? SharedFiles.lines("sbe_wsapi_mainnet_capture.jsonl")
        else { return [] }
        return lines.compactMap { line in
            let object = try? JSONSerialization.jsonObject(with: Data(line.utf8))
            return (object as? [String: String])?["hex"].map(BinaryReaders.bytes)
        }
    }

    @Test func `damaged market messages never trap or over-read`() {
        let seed: UInt64 = 0xA9_15
        var random = SeededRandom(seed: seed)
        let readers = BinaryReaders()
        let bytes = GuardedBytes(capacity: 2_100)
        var records = 0
        for _ in 0..<300_000 {
            let base = BinaryReaders.streamExamples.randomElement(using: &random) ?? []
            let other = BinaryReaders.streamExamples.randomElement(using: &random) ?? []
            bytes.set(Mutation.mutate(base, with: other, &random), filler: "\u{1}BTCUSDT")
            let isSane: Bool
            switch readers.market(bytes) {
            case .trade(let trade):
                isSane = trade.price.raw >= 0 && trade.quantity.raw >= 0 && trade.id.raw >= 0
            case .trades(var cursor):
                var count = 0
                while let trade = try? cursor.next(), trade.price.raw >= 0 { count += 1 }
                isSane = count > 1 && count * TradeCursor.rowLength < bytes.count
            case .top(let top):
                isSane = top.bidPrice.raw >= 0 && top.askQuantity.raw >= 0 && top.updateID >= 0
            case .depth(let header):
                isSane = header.levelCount * 16 < bytes.count && header.lastUpdateID >= 0
            default: continue
            }
            records += 1
            if !isSane {
                Issue.record("seed \(seed): a record that the message does not hold")
                return
            }
        }
        #expect(records > 10_000)
    }

    @Test func `damaged answers and events never trap or over-read`() {
        let seed: UInt64 = 0xA9_16
        var random = SeededRandom(seed: seed)
        let readers = BinaryReaders()
        let bytes = GuardedBytes(capacity: 2_100)
        let bases = BinaryReaders.answerExamples + Self.captured
        var accepted = 0
        for _ in 0..<300_000 {
            let base = bases.randomElement(using: &random) ?? []
            let other = bases.randomElement(using: &random) ?? []
            bytes.set(Mutation.mutate(base, with: other, &random), filler: "\u{1}BTCUSDT")
            switch readers.account(bytes) {
            case .balances(var rows):
                accepted += 1
                while let row = try? rows.next() { #expect(row.asset != .none) }
            case .response(let response):
                accepted += 1
                _ = try? readers.account.executionReport(of: response)
                if var rows = try? readers.account.openOrders(of: response) {
                    while (try? rows.next()) != nil {}
                }
                if var rows = try? readers.account.fills(of: response) {
                    while (try? rows.next()) != nil {}
                }
                if var rows = try? readers.account.balances(of: response) {
                    while (try? rows.next()) != nil {}
                }
            case .malformed: break
            default: accepted += 1
            }
        }
        #expect(accepted > 1_000, "seed \(seed)")
    }

    @Test func `random bytes of every message number never trap`() {
        let seed: UInt64 = 0xA9_17
        var random = SeededRandom(seed: seed)
        let readers = BinaryReaders()
        let bytes = GuardedBytes(capacity: 600)
        let templates =
            BinanceSpotBinaryAccountDecoder.Template.allCases.map(\.rawValue)
            + BinanceSpotBinaryMarketDecoder.Template.allCases.map(\.rawValue)
        for _ in 0..<20_000 {
            let count = Int.random(in: 0...500, using: &random)
            var message = (0..<count).map { _ in
                // Many small numbers: as lengths they lead deeper than chance would.
                Bool.random(using: &random) ? UInt8.random(in: 0...4, using: &random)
                    : UInt8.random(in: 0...255, using: &random)
            }
            let template = templates.randomElement(using: &random) ?? 0
            let head: [UInt16] = [
                UInt16.random(in: 0...300, using: &random), template, template < 1_000 ? 3 : 1, 0,
            ]
            message = head.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] } + message
            bytes.set(message)
            _ = readers.market(bytes)
            if case .response(let response) = readers.account(bytes) {
                if var rows = try? readers.account.openOrders(of: response) {
                    while (try? rows.next()) != nil {}
                }
            }
        }
    }
}
