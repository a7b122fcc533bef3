import Codec
import Foundation
import Journal
import MarketModel
import TickToTrade

/// What a replay found.
public struct ReplaySummary: Sendable, Equatable {
    public var records: Int64 = 0
    public var inputs: Int64 = 0
    /// Decisions of the journal that the replay made again, bit for bit.
    public var decisionsEqual: Int64 = 0
    public var denialsEqual: Int64 = 0
    /// Requests whose bytes, all but key and signature, were made again with the same checksum.
    public var requestsEqual: Int64 = 0
    /// Snapshots of the account that came out the same.
    public var accountsEqual: Int64 = 0
    /// The first difference, with its place; `nil` when there is none.
    public var difference: String?
    public var hash = ""

    public var isEqual: Bool { difference == nil }
}

/// Why a replay could not begin.
public enum ReplayFailure: Error, CustomStringConvertible {
    case incomplete(String)
    case journal(JournalFailure)

    public var description: String {
        switch self {
        case .incomplete(let what): "the journal cannot be replayed: \(what)"
        case .journal(let failure): "\(failure)"
        }
    }
}

/// Feeds a journal's inputs through the same core and compares every decision (design law 2).
public enum JournalReplay {
    /// Replays one run with the program that made it. Reads everything, stops comparing at the
    /// first difference. `observe` sees every record before the core does.
    public static func run(
        directory: String, program: StrategyProgram = .builtIn,
        observe: (JournalRecordView) -> Void = { _ in }
    ) throws -> ReplaySummary {
        let preamble = try ReplayPreamble(directory: directory, kinds: program.kinds)
        return try program.replay(directory, preamble, observe)
    }

    /// The same for one type of strategy set; part of the program that names it.
    @inlinable
    static func run<Strategies: StrategySet & ~Copyable>(
        _ directory: String, _ preamble: ReplayPreamble, _ strategies: consuming Strategies,
        _ observe: (JournalRecordView) -> Void
    ) throws -> ReplaySummary {
        var replay = Replay(preamble, strategies)
        // A deinitializer of its own would keep the compiler from specialising this for a program.
        defer { replay.dispose() }
        do throws(JournalFailure) {
            var reader = try JournalReader(directory: directory)
            while let record = try reader.next() {
                replay.summary.records += 1
                observe(record)
                replay.take(record)
            }
            replay.summary.hash = reader.hash.hexadecimal
        } catch {
            throw ReplayFailure.journal(error)
        }
        replay.finish()
        return replay.summary
    }
}

/// What the first records of a run say about how its core was built.
@usableFromInline
struct ReplayPreamble {
    let plan: TradingPlan
    let encoder: BinanceSpotOrderEncoder
    let restEncoder: BinanceSpotOrderEncoder

    /// What the run's strategies were made with.
    @usableFromInline var settings: [StrategySettings] { plan.strategies.map(\.settings) }

    init(directory: String, kinds: [StrategyKind]) throws {
        var text: String?
        var instruments: [Instrument] = []
        var hasStarted = false
        let epoch: UInt32
        do throws(JournalFailure) {
            try JournalVersions.requirePresent(in: directory)
            var reader = try JournalReader(directory: directory)
            // Later segments tell the instruments again.
            while !hasStarted, let record = try reader.next() {
                switch record.type {
                case .started: hasStarted = true
                case .configuration: text = record.text
                case .instrument:
                    // Told twice when a segment ended between them.
                    if let instrument = record.payload(as: Instrument.self),
                        !instruments.contains(where: { $0.index == instrument.index })
                    {
                        instruments.append(instrument)
                    }
                default: break
                }
            }
            epoch = reader.epoch
        } catch {
            throw ReplayFailure.journal(error)
        }
        guard let text else { throw ReplayFailure.incomplete("it holds no configuration") }
        // A crash has cut what a start writes first; nothing was decided.
        if !hasStarted { throw ReplayFailure.incomplete("its run ended before it had begun") }
        guard !instruments.isEmpty else {
            throw ReplayFailure.incomplete("it holds no instruments")
        }
        let configuration = try JournaledConfiguration.read(text, kinds: kinds)
        let facts = VenueFacts(
            instruments: instruments, assets: Self.assets(instruments), clockOffset: 0,
            rateLimits: [], history: [], remarks: [])
        plan = try TradingPlan(configuration, facts, kinds: kinds, epoch: epoch)
        let window = Int(configuration.venue.receiveWindow.count / 1_000_000)
        let strategyType = configuration.venue.strategyType
        restEncoder = BinanceSpotOrderEncoder(
            instruments: instruments, access: .session, receiveWindow: window,
            strategyType: strategyType)
        // The key and the signature are no part of what is compared.
        encoder = BinanceSpotOrderEncoder(
            instruments: instruments,
            access: configuration.venue.authentication == .ed25519
                ? .session : .signed(apiKey: "replay", signatureCount: 64),
            receiveWindow: window, strategyType: strategyType)
    }

    /// Asset numbers reach as far as the instruments' do; names matter only to decoders.
    private static func assets(_ instruments: [Instrument]) -> [ShortName] {
        let highest = instruments.map { max($0.baseAsset.raw, $0.quoteAsset.raw) }.max() ?? 0
        return (0...highest).map { number in
            instruments.lazy.compactMap { instrument -> ShortName? in
                if instrument.baseAsset.raw == number { return instrument.baseAssetName }
                return instrument.quoteAsset.raw == number ? instrument.quoteAssetName : nil
            }.first ?? instruments[0].quoteAssetName
        }
    }
}
