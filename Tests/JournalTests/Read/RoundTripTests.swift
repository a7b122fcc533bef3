import MarketModel
import Testing

@testable import Journal

struct RoundTripTests {
    @Test func `every type comes back as it was written`() throws {
        let directory = TemporaryDirectory()
        let journal = try Journal(directory: directory.path, lane: 2, epoch: 7)
        let writer = TestWriter(journal)
        writer.putAll()
        #expect(writer.sequence == 23)
        journal.stop()

        var reader = try JournalReader(directory: directory.path)
        let lane = reader.lane
        #expect(lane == 2)
        var seen: Set<JournalRecordType> = []
        while let record = try reader.next() {
            let type = try #require(record.type)
            seen.insert(type)
            #expect(record.lane == 2)
            #expect(record.time == Sample.time)
            #expect(record.sequence == UInt64(seen.count))
            switch type {
            case .instrument: #expect(record.payload(as: Instrument.self) == Sample.instrument)
            case .trade:
                #expect(record.payload(as: Trade.self) == Sample.trade)
                #expect(record.venueTime.nanoseconds == 5)
            case .topOfBook: #expect(record.payload(as: TopOfBook.self) == Sample.top)
            case .depth:
                #expect(record.payload(as: DepthHeader.self) == Sample.depth)
                #expect(record.levels.map(Array.init) == Sample.levels)
            case .candle: #expect(record.payload(as: Candle.self) == Sample.candle)
            case .executionReport:
                #expect(record.payload(as: ExecutionReport.self) == Sample.report)
            case .requestReply: #expect(record.payload(as: RequestReply.self) == Sample.reply)
            case .balance: #expect(record.payload(as: Balance.self) == Sample.balance)
            case .linkState: #expect(record.payload(as: LinkState.self) == Sample.link)
            case .command: #expect(record.payload(as: Command.self) == Sample.command)
            case .timer, .runStarted, .runEnded, .started:
                #expect(record.payload(as: Timestamp.self) == Sample.time)
            case .decision: #expect(record.payload(as: OrderRequest.self) == Sample.request)
            case .denied: #expect(record.head.count == 8)
            case .sent: #expect(record.head.count == 20)
            case .configuration: #expect(record.text == "lanes: 1\n")
            case .name:
                #expect(record.name == JournalName(.asset, Sample.report.commissionAsset.raw))
                #expect(record.text == "BNB")
            case .snapshot: #expect(record.tail.count == 8)
            case .history:
                #expect(record.payload(as: HistoricTrade.self) == HistoricTrade(Sample.trade))
            case .frame: #expect(record.text == #"{"e":"trade"}"#)
            case .note: #expect(record.text == "note \"x\"")
            }
        }
        #expect(seen == Set(JournalRecordType.allCases))
        let torn = reader.tornBytes
        #expect(torn == 0)
    }

    @Test func `text of every length keeps its length`() throws {
        let directory = TemporaryDirectory()
        let journal = try Journal(directory: directory.path, lane: 0, epoch: 1)
        let writer = TestWriter(journal)
        for count in 0..<40 { writer.put(text: [UInt8](repeating: 65, count: count)) }
        journal.stop()
        #expect(try records(in: directory).map(\.tail.count) == Array(0..<40))
    }

    @Test func `numbers and names of the types are stable`() {
        for type in JournalRecordType.allCases {
            #expect(type.number == type.rawValue)
            #expect(JournalRecordType(name: type.name) == type)
            #expect("\(type)" == type.name)
        }
        #expect(JournalRecordType.started.rawValue == 20)
        #expect(JournalRecordType(name: "nothing") == nil)
    }

    /// Version 2 of the format stores records as Swift lays them out: who changes one of these
    /// raises the version.
    @Test func `sizes of the records are those of version 2`() {
        #expect(MemoryLayout<Instrument>.size == 288)
        #expect(MemoryLayout<Trade>.size == 48)
        #expect(MemoryLayout<HistoricTrade>.size == 49)
        #expect(MemoryLayout<TopOfBook>.size == 58)
        #expect(MemoryLayout<DepthHeader>.size == 43)
        #expect(MemoryLayout<BookLevel>.stride == 16)
        #expect(MemoryLayout<Candle>.size == 87)
        #expect(MemoryLayout<ExecutionReport>.size == 123)
        #expect(MemoryLayout<RequestReply>.size == 38)
        #expect(MemoryLayout<Balance>.size == 34)
        #expect(MemoryLayout<LinkState>.size == 11)
        #expect(MemoryLayout<Command>.size == 37)
        #expect(MemoryLayout<OrderRequest>.size == 92)
    }

    @Test func `choices cover the last case of every enumeration`() {
        func tag<Value>(_ value: Value) -> UInt8 { unsafeBitCast(value, to: UInt8.self) }
        let table: [(last: UInt8, choices: [JournalChoice], place: Int)] = [
            (tag(Side.sell), Trade.journalChoices, 0),
            (tag(HistoricTrade.Mark.unavailable), HistoricTrade.journalChoices, 2),
            (tag(ExecutionType.unrecognized), ExecutionReport.journalChoices, 0),
            (tag(VenueOrderStatus.unrecognized), ExecutionReport.journalChoices, 1),
            (tag(OrderType.takeProfitLimit), ExecutionReport.journalChoices, 3),
            (tag(TimeInForce.none), ExecutionReport.journalChoices, 4),
            (tag(RequestOutcome.notSent), RequestReply.journalChoices, 0),
            (tag(LinkEvent.orderFallbackPlacing), LinkState.journalChoices, 0),
            (tag(CommandKind.setAccountLimit), Command.journalChoices, 0),
            (tag(RequestKind.placeLeg), OrderRequest.journalChoices, 0),
            (tag(InstrumentStatus.halted), Instrument.journalChoices, 0),
        ]
        for row in table { #expect(row.choices[row.place].count == row.last + 1) }
    }

    /// One byte said whether a candle is closed; now it also says whether trades are missing.
    @Test func `candles of older journals are read, and unknown marks are refused`() throws {
        for (mark, isClosed, isPartial) in [
            (0, false, false), (1, true, false), (2, false, true), (3, true, true),
        ] as [(UInt8, Bool, Bool)] {
            let candle = try #require(try read(candleMarked: mark))
            #expect(candle.isClosed == isClosed && candle.isPartial == isPartial)
            #expect(candle.close == Sample.candle.close)
        }
        #expect(try read(candleMarked: 4) == nil)
    }

    private func read(candleMarked mark: UInt8) throws -> Candle? {
        let directory = TemporaryDirectory()
        let journal = try Journal(directory: directory.path, lane: 0, epoch: 1)
        let writer = TestWriter(journal)
        var candle = Sample.candle
        candle.marks = CandleMarks(rawValue: mark)
        _ = writer.put(.candle, candle)
        journal.stop()
        var reader = try JournalReader(directory: directory.path)
        return try reader.next()?.payload(as: Candle.self)
    }
}
