import Codec
import MarketModel
import Wire

/// Market data: messages in, records out, books kept in sequence.
extension SpotSession {
    /// The next record of the market link. Hot.
    @_noLocks
    mutating func nextMarketRecord(now: Int64) -> VenueRecord {
        if let trade = nextTradeOfBurst() { return .trade(trade) }
        if marketText.count > 0 {
            let text = marketText
            marketText.count = 0
            if let record = onMarketText(text, now) { return record }
        }
        if !backlog.isEmpty, let record = nextKeptRecord(now) { return record }
        while true {
            switch links[SpotLink.market].next() {
            case .text(let bytes, let count):
                let text = MessageText(bytes: bytes, count: count)
                if let record = onMarketMessage(text, now) { return record }
            case .binary(let bytes, let count):
                let text = MessageText(bytes: bytes, count: count, isBinary: true)
                if let record = onMarketMessage(text, now) { return record }
            case .pong(let roundTrip): roundTrips[SpotLink.market] = roundTrip
            case .none: return .none
            case .needsCold: return .needsCold
            case .opened: return .opened
            case .closed(let reason):
                closeReasons[SpotLink.market] = reason
                return .closed
            case .response, .request: break
            }
        }
    }

    @inline(__always)
    private mutating func onMarketMessage(_ text: MessageText, _ now: Int64) -> VenueRecord? {
        messages[SpotLink.market] &+= 1
        lastData = now
        if configuration.recordsFrames {
            marketText = text
            return .frame(text.bytes, text.count, isBinary: text.isBinary)
        }
        return onMarketText(text, now)
    }

    /// The next trade of a binary message that had several.
    @inline(__always)
    private mutating func nextTradeOfBurst() -> Trade? {
        guard var cursor = burst else { return nil }
        do throws(DecodeFailure) {
            while let trade = try cursor.next() {
                if places[trade.instrument.slot].knows(trade) { continue }
                burst = cursor
                places[trade.instrument.slot].note(trade)
                return trade
            }
        } catch {
            note(error)
        }
        burst = nil
        return nil
    }

    /// What the connection that has taken over said before it did so.
    private mutating func nextKeptRecord(_ now: Int64) -> VenueRecord? {
        // While the first connection still speaks, they wait.
        if case .keeping = relief { return nil }
        while let text = backlog.next() {
            messages[SpotLink.market] &+= 1
            if let record = onMarketText(text, now) { return record }
        }
        return nil
    }

    /// What a message of the streams says; `nil` when there is nothing to tell the core, such as
    /// what the connection before this one has said already: it may have been ahead.
    @inline(__always)
    private mutating func onMarketText(_ text: MessageText, _ now: Int64) -> VenueRecord? {
        let bytes = text.bytes.assumingMemoryBound(to: UInt8.self)
        let time = Timestamp(nanoseconds: now)
        var frame = MarketFrame.ignored(.unrecognized)
        if text.isBinary {
            frame = binaryMarket.decode(bytes, text.count, receiveTime: time)
        } else {
            market.decode(bytes, text.count, receiveTime: time, into: &frame)
        }
        switch frame {
        case .trade(let trade):
            if places[trade.instrument.slot].knows(trade) { return nil }
            places[trade.instrument.slot].note(trade)
            silences.note(.trade, trade.instrument.slot, now)
            return .trade(trade)
        case .trades(let trades):
            burst = trades
            guard let trade = nextTradeOfBurst() else { return nil }
            silences.note(.trade, trade.instrument.slot, now)
            return .trade(trade)
        case .top(let top):
            if places[top.instrument.slot].knows(top) { return nil }
            places[top.instrument.slot].note(top)
            silences.note(.top, top.instrument.slot, now)
            return .top(top)
        case .depth(let header): return onDepth(header, now)
        case .malformed(let failure):
            note(failure, text)
            return .malformed
        case .serverShutdown:
            wantsRestart = true
            return nil
        case .candle(let candle):
            silences.note(.candle, candle.instrument.slot, now)
            if !candle.isClosed || places[candle.instrument.slot].knows(candle) {
                return nil
            }
            places[candle.instrument.slot].note(candle)
            return .candle(candle)
        case .acknowledged, .ignored: return nil
        }
    }

    /// What a diff means for its book; `nil` when there is nothing to tell the core.
    private mutating func onDepth(_ header: DepthHeader, _ now: Int64) -> VenueRecord? {
        let slot = header.instrument.slot
        if slot >= instrumentCount { return nil }
        silences.note(.depth, slot, now)
        let levels = UnsafePointer(market.levels)
        switch synchronizers[slot].onDiff(header, levels) {
        case .apply: return .depth(header, levels)
        case .ignoreOld, .buffered: return nil
        case .requestSnapshot:
            wantedSnapshots.add(slot)
            return nil
        case .gap, .overflowed:
            wantedSnapshots.add(slot)
            return .link(
                LinkState(
                    event: .bookInvalid, instrument: header.instrument,
                    time: Timestamp(nanoseconds: now)))
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
