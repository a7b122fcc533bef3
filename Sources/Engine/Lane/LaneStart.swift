import Codec
import Foundation
import Journal
import Machine
import MarketModel
import Rings
import TickToTrade
import Venues
import Wire

extension Lane where Wires: ~Copyable, Strategies: ~Copyable {
    /// The first records of a run: what the core was built from, the account it takes over, its
    /// history, its start.
    ///
    /// Everything is an input in the journal, so a replay builds the same core.
    mutating func begin(_ parts: LaneParts) {
        now = Timestamp(nanoseconds: clock.now())
        record(.runStarted, now, at: now)
        note(.configuration, parts.text)
        describe()
        loop.state.pointee.restore(parts.account)
        note(.snapshot, parts.account.bytes)
        for tape in parts.facts.tapes {
            let piece = HistoricTrade(.begins, tape.instrument.index, moment: tape.start)
            record(.history, piece, at: tape.start)
            loop.onHistory(piece, now: now)
        }
        for candle in parts.facts.history {
            record(.candle, candle, at: candle.closeTime)
            loop.onHistory(candle, now: now)
        }
        for rate in parts.facts.rates {
            take(
                Command(
                    kind: .setRate, id: 0, key: Int64(rate.asset.raw), value: rate.value,
                    time: now))
        }
        for (key, value) in parts.facts.accountLimits.numbered where value > 0 {
            take(Command(kind: .setAccountLimit, id: 0, key: key, value: value, time: now))
        }
        take(LinkState(event: .reconciled, time: now))
        for symbol in parts.halted { halt(symbol) }
        record(.started, now, at: now)
        loop.start(now: now)
        loop.onTime(now: now)
        sendRequests(since: 0)
    }

    /// Journaled like any command, and undone by an operator.
    private mutating func halt(_ symbol: String) {
        for slot in 0..<loop.state.pointee.instrumentCount {
            let index = InstrumentIndex(UInt16(slot))
            guard loop.state.pointee.instrument(index).pointee.symbol.text == symbol else {
                continue
            }
            take(
                Command(
                    kind: .haltInstrument, id: 0, instrument: index,
                    key: InstrumentHalt.notBalanced.code, time: now))
        }
    }

    /// A record of text.
    mutating func note(_ type: JournalRecordType, _ text: [UInt8]) {
        let isTaken = text.withUnsafeBytes { bytes in
            journal.append(
                type, time: now, venueTime: now, head: nil, headCount: 0,
                tail: bytes.baseAddress, tailCount: bytes.count)
        }
        if !isTaken { journalRefused(type) }
    }
}

extension Credentials {
    /// A signer with this key; each connection has its own.
    func signer() throws(StartFailure) -> RequestSigner {
        do throws(SigningFailure) {
            switch method {
            case .hmac(let secret): return try RequestSigner.hmac(secret: secret.revealed)
            case .ed25519(let file):
                guard let text = try? String(contentsOfFile: file, encoding: .utf8) else {
                    throw SigningFailure.malformedKey
                }
                return try RequestSigner.ed25519(key: text)
            }
        } catch {
            let origin: SettingOrigin =
                if case .ed25519(let file) = method { .file(file, line: 0) } else { .standard }
            throw .configuration(
                ConfigurationFailure([
                    ConfigurationProblem(
                        origin, "credentials", "the key cannot sign requests: \(error)")
                ]))
        }
    }
}

extension VenueFacts {
    /// Names to numbers for the decoders; lives as long as the process.
    func directory() -> InstrumentDirectory {
        InstrumentDirectory(
            instruments: instruments,
            assets: assets.enumerated().map { ($1, AssetIndex(UInt16($0))) })
    }
}
