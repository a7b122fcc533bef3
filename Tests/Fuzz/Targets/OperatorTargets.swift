import Foundation
import Glibc
import MarketModel
import Telemetry

@testable import Control
@testable import Emulator
@testable import Engine

extension FuzzTarget {
    static let operators = [replies, environment, stateFile]

    /// What an engine says to `apus status` and its like, however it is cut into lines.
    private static let replies = FuzzTarget("control-reply", seeds: OperatorSeeds.replies) {
        let socket = ReplySocket()
        return { input in
            guard var client = socket.client(saying: input) else { return }
            if let snapshot = try? client.call("status", as: EngineSnapshot.self) {
                _ = ControlText.status(snapshot)
            }
            for _ in 0..<4 {
                guard let next = try? client.nextSnapshot(timeoutMilliseconds: 1_000) else { break }
                _ = ControlText.status(next)
            }
        }
    }

    /// Variables that override settings, a line each: what was accepted is accepted again, as the same.
    private static let environment = FuzzTarget("environment", seeds: OperatorSeeds.variables) {
        { input in
            var variables: [String: String] = [:]
            // Each that is none is compared with all that there are.
            for line in String(decoding: input, as: UTF8.self).split(separator: "\n").prefix(4) {
                let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                variables[String(parts[0])] = parts.count > 1 ? String(parts[1]) : ""
            }
            if input.first == UInt8(ascii: "\n") {
                _ = try? ExchangeFileConfiguration.parse(
                    "symbols: [BTCUSDT]\n", file: "x.yaml", environment: variables)
            } else if let accepted = said(of: variables) {
                expectSame(said(of: variables), accepted)
            }
        }
    }

    /// What a configuration with these variables comes to; `nil`: they are refused.
    private static func said(of variables: [String: String]) -> String? {
        let configuration = try? RunConfiguration.parse(
            OperatorSeeds.configuration, file: "x.yaml", environment: variables)
        return configuration.map { "\($0.timeouts) \($0.journal) \($0.lanes)" }
    }

    /// The file of an exchange's record: any bytes, or records that were written and then cut and
    /// damaged. What is read is what was written, up to the damage.
    private static let stateFile = FuzzTarget("state-file", seeds: OperatorSeeds.stateFiles) {
        let file = MemoryFile("ledger")
        let names = ExchangeNames(ReusedExchange.configuration)
        guard let log = try? StateLog(directory: file.folder, isSynchronous: false) else {
            fatalError("the folder is ours")
        }
        return { input in
            guard let mode = input.first else { return }
            let rest = FuzzTarget.Input(rebasing: input.dropFirst())
            if mode & 1 == 0 {
                file.write(rest)
                _ = try? log.read(for: names)
            } else {
                WrittenRecords(rest).check(file.path)
                _ = try? log.read(for: names)
            }
        }
    }
}

/// Records that are written to a file whose end is then cut off and one of whose bytes is changed.
private struct WrittenRecords {
    private let cut: Int
    private let place: Int
    private let damage: UInt8
    private var records: [[UInt8]] = []
    private static let head = StateFile.headSize

    init(_ input: FuzzTarget.Input) {
        var script = Script(input)
        cut = Int(script.word())
        place = Int(script.word())
        damage = script.byte()
        while !script.isAtEnd { records.append(Array(script.bytes())) }
    }

    func check(_ path: String) {
        do throws(StateLogFailure) {
            let file = try StateFile(path: path, isNew: true)
            for record in records { try file.append(record) }
            let size = file.size - cut % (file.size + 1)
            let isDamaged = damage != 0 && size > 0
            spoil(path, size, at: isDamaged ? place % size : nil)
            var read: [[UInt8]] = []
            do throws(StateLogFailure) {
                _ = try StateFile(path: path, isNew: false).read { bytes, _ throws(StateLogFailure) in
                    read.append(Array(bytes))
                    return true
                }
            } catch {
                if !isDamaged { throw error }
            }
            expectSame(read, Array(records.prefix(read.count)))
            if !isDamaged { expectSame(read.count, whole(in: size)) }
        } catch {
            fatalError("what was written cannot be read: \(error)")
        }
    }

    /// How many records end within so many bytes.
    private func whole(in size: Int) -> Int {
        var end = 0
        return records.prefix {
            end += Self.head + $0.count
            return end <= size
        }.count
    }

    private func spoil(_ path: String, _ size: Int, at place: Int?) {
        let descriptor = open(path, O_RDWR | O_CLOEXEC)
        defer { close(descriptor) }
        guard ftruncate(descriptor, off_t(size)) == 0 else { fatalError("\(path) cannot be cut") }
        guard let place else { return }
        var byte: UInt8 = 0
        guard pread(descriptor, &byte, 1, off_t(place)) == 1 else { return }
        byte ^= damage
        guard pwrite(descriptor, &byte, 1, off_t(place)) == 1 else { fatalError("\(path) is read-only") }
    }
}

/// Says to whoever connects what it is given, and no more.
private final class ReplySocket {
    private let file = MemoryFile("none")
    private let listener: Int32
    private let path: String

    init() {
        path = file.folder + "/s"
        listener = socket(AF_UNIX, blockingStream, 0)
        precondition(
            listener >= 0 && withAddress(of: path) { bind(listener, $0, $1) } == 0
                && listen(listener, 4) == 0, "\(path) cannot be listened to")
    }

    deinit { close(listener) }

    /// A client that has been answered before it asks.
    func client(saying input: FuzzTarget.Input) -> ControlClient? {
        guard let client = try? ControlClient(path: path, timeoutMilliseconds: 1_000) else { return nil }
        let peer = accept(listener, nil, nil)
        // Nobody reads the question: what was said before is there all the same.
        if !input.isEmpty { _ = send(peer, input.baseAddress, input.count, Int32(MSG_NOSIGNAL)) }
        shutdown(peer, Int32(SHUT_WR))
        waiting.forEach { close($0) }
        waiting = [peer]
        return client
    }

    /// Kept open until the next one: a closed socket would lose what it was told.
    private var waiting: [Int32] = []
}

private enum OperatorSeeds {
    static let configuration = """
        venue: {kind: binance_spot, environment: emulated, emulated: {host: localhost, port: 9443}}
        topology: {lanes: [{name: lane-0, instruments: [BTCUSDT]}]}
        instruments: [{symbol: BTCUSDT}]
        """

    /// As the server writes them.
    static var replies: [[UInt8]] {
        var snapshot = EngineSnapshot(
            time: Timestamp(nanoseconds: 1_790_000_000_000_000_000), uptime: .seconds(5), run: "r",
            mode: .emulated, state: .trading, reason: "x")
        snapshot.connections = [ConnectionFigures(name: "market", state: .open)]
        snapshot.budgets = [BudgetFigures(name: "orders", used: 1, limit: 50)]
        let body = (try? SnapshotJSON.encoder().encode(snapshot)).map { String(decoding: $0, as: UTF8.self) }
        let figures = body ?? "{}"
        return [
            #"{"jsonrpc":"2.0","id":1,"result":\#(figures)}"#,
            #"{"jsonrpc":"2.0","method":"snapshot","params":\#(figures)}"# + "\n"
                + #"{"jsonrpc":"2.0","id":1,"result":{}}"#,
            #"{"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"no such method"}}"#,
            #"{"jsonrpc":"2.0","id":null,"error":{"code":-32700}}"#, "[]\r\n{\"id\":2,\"result\":1e400}",
        ].map { Array(($0 + "\n").utf8) }
    }

    /// Every variable that there is, with values of every kind, a few at a time.
    static var variables: [[UInt8]] {
        let values = ["16MiB", "2s", "true", "7", "BTCUSDT,ETHUSDT", "500 USDT", "10bps", "lane-0", "-1", ""]
        let run = RunSchema.settings(for: StrategyProgram.builtIn.kinds).variables
        return [("", run), ("\n", ExchangeSchema.settings.variables)].flatMap { start, known in
            let lines = known.enumerated().map { number, name in
                name.replacingOccurrences(of: "_N", with: "_0") + "=\(values[number % values.count])\n"
            }
            return stride(from: 0, to: lines.count, by: 4).map {
                Array((start + lines[$0..<min($0 + 4, lines.count)].joined()).utf8)
            }
        }
    }

    /// What an exchange has on record, as it is, cut and damaged; and bytes of no meaning.
    static var stateFiles: [[UInt8]] {
        let records = ExchangeSeeds.records.map { Array($0.dropFirst()) }
        let shapes = [(0, 0, 0), (5, 0, 0), (700, 0, 0), (0, 40, 1), (0, 9, 128)]
        return shapes.map { cut, place, damage in
            var script = ScriptWriter()
            script.put(1, cut, cut >> 8, place, place >> 8, damage)
            for record in records.prefix(6) where record.count < 1_200 { script.put(bytes: record) }
            return script.bytes
        } + [[0], [0] + [UInt8](repeating: 0, count: 24)]
    }
}
