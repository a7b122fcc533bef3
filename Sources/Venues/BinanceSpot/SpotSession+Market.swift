import Codec
import MarketModel
import Wire

/// Market data: messages in, records out, books kept in sequence.
extension SpotSession {
    /// The next record of the market link. Hot.
    @_noLocks
    mutating func nextMarketRecord(now: Int64, into record: inout VenueRecord) {
        if takeTradeOfBurst(into: &record) { return }
        if marketText.count > 0 {
            let text = marketText
            marketText.count = 0
            if take(text, now, into: &record) { return }
        }
        if !backlog.isEmpty, takeKeptRecord(now, into: &record) { return }
        while true {
            switch links[SpotLink.market].next() {
            case .text(let bytes, let count):
                let text = MessageText(bytes: bytes, count: count)
                if takeMessage(text, now, into: &record) { return }
            case .binary(let bytes, let count):
                let text = MessageText(bytes: bytes, count: count, isBinary: true)
                if takeMessage(text, now, into: &record) { return }
            case .pong(let roundTrip): roundTrips[SpotLink.market] = roundTrip
            case .none:
                record = .none
                return
            case .needsCold:
                record = .needsCold
                return
            case .opened:
                record = .opened
                return
            case .closed(let reason):
                closeReasons[SpotLink.market] = reason
                record = .closed
                return
            case .response, .request: break
            }
        }
    }

    @inline(__always)
    private mutating func takeMessage(
        _ text: MessageText, _ now: Int64, into record: inout VenueRecord
    ) -> Bool {
        messages[SpotLink.market] &+= 1
        lastData = now
        if configuration.recordsFrames {
            marketText = text
            record = .frame(text.bytes, text.count, isBinary: text.isBinary)
            return true
        }
        return take(text, now, into: &record)
    }

    /// The next trade of a binary message that had several.
    @inline(__always)
    private mutating func takeTradeOfBurst(into record: inout VenueRecord) -> Bool {
        guard var cursor = burst else { return false }
        do throws(DecodeFailure) {
            while let trade = try cursor.next() {
                if places[trade.instrument.slot].knows(trade) { continue }
                burst = cursor
                places[trade.instrument.slot].note(trade)
                record = .trade(trade)
                return true
            }
        } catch {
            note(error)
        }
        burst = nil
        return false
    }

    /// What the connection that has taken over said before it did so.
    private mutating func takeKeptRecord(_ now: Int64, into record: inout VenueRecord) -> Bool {
        // While the first connection still speaks, they wait.
        if case .keeping = relief { return false }
        while let text = backlog.next() {
            messages[SpotLink.market] &+= 1
            if take(text, now, into: &record) { return true }
        }
        return false
    }

    /// What a message of the streams says; `false` when there is nothing to tell the core, such as
    /// what the connection before this one has said already: it may have been ahead.
    @inline(__always)
    private mutating func take(
        _ text: MessageText, _ now: Int64, into record: inout VenueRecord
    ) -> Bool {
        let bytes = text.bytes.assumingMemoryBound(to: UInt8.self)
        let time = Timestamp(nanoseconds: now)
        var frame = MarketFrame.ignored(.unrecognized)
        if text.isBinary {
            binaryMarket.decode(bytes, text.count, receiveTime: time, into: &frame)
        } else {
            market.decode(bytes, text.count, receiveTime: time, into: &frame)
        }
        switch frame {
        case .trade(let trade):
            if places[trade.instrument.slot].knows(trade) { return false }
            places[trade.instrument.slot].note(trade)
            silences.note(.trade, trade.instrument.slot, now)
            record = .trade(trade)
            return true
        case .trades(let trades):
            burst = trades
            if !takeTradeOfBurst(into: &record) { return false }
            silences.note(.trade, trades.instrument.slot, now)
            return true
        case .top(let top):
            if places[top.instrument.slot].knows(top) { return false }
            places[top.instrument.slot].note(top)
            silences.note(.top, top.instrument.slot, now)
            record = .top(top)
            return true
        case .depth(let header): return take(header, now, into: &record)
        case .malformed(let failure):
            note(failure, text)
            record = .malformed
            return true
        case .serverShutdown:
            wantsRestart = true
            return false
        case .candle(let candle):
            silences.note(.candle, candle.instrument.slot, now)
            if !candle.isClosed || places[candle.instrument.slot].knows(candle) {
                return false
            }
            places[candle.instrument.slot].note(candle)
            record = .candle(candle)
            return true
        case .acknowledged, .ignored: return false
        }
    }

    /// What a diff means for its book; `false` when there is nothing to tell the core.
    private mutating func take(
        _ header: DepthHeader, _ now: Int64, into record: inout VenueRecord
    ) -> Bool {
        let slot = header.instrument.slot
        if slot >= instrumentCount { return false }
        silences.note(.depth, slot, now)
        let levels = UnsafePointer(market.levels)
        switch synchronizers[slot].onDiff(header, levels) {
        case .apply:
            record = .depth(header, levels)
            return true
        case .ignoreOld, .buffered: return false
        case .requestSnapshot:
            wantedSnapshots.add(slot)
            return false
        case .gap, .overflowed:
            wantedSnapshots.add(slot)
            record = .link(
                LinkState(
                    event: .bookInvalid, instrument: header.instrument,
                    time: Timestamp(nanoseconds: now)))
            return true
        }
    }

    /// Begins anew with a book that its reader could not follow: the next diff asks for a snapshot.
    public mutating func forgetBook(of instrument: InstrumentIndex) {
        if instrument.slot >= instrumentCount { return }
        synchronizers[instrument.slot].reset()
        if loaded.isSnapshot, loaded.instrument == instrument { loaded.isSnapshot = false }
        if replaying == instrument { replaying = .none }
    }

    /// The next record of the REST link: a snapshot that was read, then the diffs kept meanwhile.
    @_noLocks
    mutating func nextRestRecord(now: Int64) -> VenueRecord {
        if answerText.count > 0 {
            let text = answerText
            answerText.count = 0
            return .frame(text.bytes, text.count, isBinary: false)
        }
        if hasResponse { return .needsCold }
        if loaded.isSnapshot {
            let header = loaded
            loaded.isSnapshot = false
            replaying = header.instrument
            return .depth(header, UnsafePointer(snapshots.levels))
        }
        if replaying.raw != InstrumentIndex.none.raw {
            if let kept = synchronizers[replaying.slot].nextBuffered() {
                return .depth(kept.header, kept.levels)
            }
            let instrument = replaying
            replaying = .none
            if case .synchronized = synchronizers[instrument.slot].phase {
                return .link(
                    LinkState(
                        event: .bookSynced, instrument: instrument,
                        time: Timestamp(nanoseconds: now)))
            }
            // The kept diffs had a hole themselves: once more.
            wantedSnapshots.add(instrument.slot)
            return .link(
                LinkState(
                    event: .bookInvalid, instrument: instrument,
                    time: Timestamp(nanoseconds: now)))
        }
        while true {
            switch links[SpotLink.rest].next() {
            case .none: return .none
            case .needsCold: return .needsCold
            case .response:
                hasResponse = true
                return .needsCold
            case .opened: return .opened
            case .closed(let reason):
                closeReasons[SpotLink.rest] = reason
                return .closed
            case .pong, .text, .binary, .request: break
            }
        }
    }

    /// Counts a message that this engine cannot read, and keeps its beginning for the log.
    @_noLocks
    mutating func note(_ failure: DecodeFailure, _ text: MessageText? = nil) {
        malformedCount &+= 1
        lastFailure = failure
        guard let text else { return }
        let capacity = Self.malformedTextCapacity
        malformedTextCount = text.count < capacity ? text.count : capacity
        isMalformedBinary = text.isBinary
        malformedText.copyMemory(from: text.bytes, byteCount: malformedTextCount)
    }
}
