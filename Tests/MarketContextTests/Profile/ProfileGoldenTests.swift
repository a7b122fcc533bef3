import Foundation
import MarketContext
import MarketModel
import Testing

/// Profiles, value areas and VWAP of the recorded tapes against the golden values.
@Suite struct ProfileGoldenTests {
    private func profile(
        _ trades: some Sequence<Trade>, binSize: String
    ) throws -> VolumeProfile {
        var profile = try VolumeProfile(
            binSize: Price(raw: try parseDecimal(binSize, scale: Tape.scale)))
        for trade in trades { profile.add(trade) }
        return profile
    }

    private func check(_ profile: borrowing VolumeProfile, _ golden: [String: Any]) throws {
        func raw(_ entry: Any?) throws -> Int64 {
            try parseDecimal(try #require(entry as? String), scale: Tape.scale)
        }
        let isComplete = profile.isComplete
        #expect(isComplete)
        let volume = profile.volume
        #expect(volume.raw == (try raw(golden["total_volume"])))
        let largest = profile.pointOfControl
        let control = try #require(largest)
        #expect(control.low.raw == (try raw(golden["poc_bin_low"])))
        #expect(control.volume.raw == (try raw(golden["poc_volume"])))
        for (rule, key) in [
            (ValueAreaRule.singleRow, "value_area_single_row"), (.twoRow, "value_area_two_row"),
        ] {
            let expected = try #require(golden[key] as? [String: Any])
            let found = profile.valueArea(by: rule)
            let area = try #require(found)
            #expect(area.low.raw == (try raw(expected["val_low_edge"])), "\(key)")
            #expect(area.high.raw == (try raw(expected["vah_high_edge"])), "\(key)")
            #expect(area.volume.raw == (try raw(expected["volume"])), "\(key)")
        }
        let rows = profile.rows.filter { $0.tradeCount > 0 }.count
        #expect(rows == golden["bins"] as? Int)
    }

    private func check(_ profile: borrowing VolumeProfile, rows: [[String]]) throws {
        let traded = profile.rows.filter { $0.tradeCount > 0 }
        #expect(traded.count == rows.count)
        for (row, golden) in zip(traded, rows) {
            let raws = [row.low.raw, row.volume.raw, row.bought.raw, row.sold.raw]
            #expect(raws == (try golden[0...3].map { try parseDecimal($0, scale: Tape.scale) }))
            #expect(String(row.tradeCount) == golden[4])
        }
    }

    // CTX-03, CTX-04, CTX-07; BUG-001: bought and sold per row.
    @Test(arguments: Tape.all)
    func `profiles of a tape and of each UTC day equal the golden ones`(series: String) throws {
        guard let trades = try Tape.recorded(series),
            let data = try SharedData.data("golden/profile/\(series)_summary.json")
        else { return }
        let golden = try #require(
            try JSONSerialization.jsonObject(with: data) as? [String: Any])
        let all = try #require(golden["all"] as? [String: Any])
        let binSize = try #require(all["bin_size"] as? String)
        let whole = try profile(trades, binSize: binSize)
        try check(whole, all)
        let sessions = try #require(golden["sessions"] as? [String: [String: Any]])
        var day = try VolumeProfile(
            binSize: Price(raw: try parseDecimal(binSize, scale: Tape.scale)))
        for (name, session) in sessions.sorted(by: { $0.key < $1.key }) {
            day.reset()
            for trade in trades where Self.day(trade) == name { day.add(trade) }
            try check(day, session)
            if let rows = try SharedData.rows("golden/profile/\(series)_profile_\(name).csv") {
                try check(day, rows: rows)
            }
        }
        if let rows = try SharedData.rows("golden/profile/\(series)_profile_all.csv") {
            try check(whole, rows: rows)
        }
    }

    private static func day(_ trade: Trade) -> String {
        let date = CivilDate(dayNumber: trade.venueTime.utcDay)
        return String(format: "%04d-%02d-%02d", date.year, date.month, date.day)
    }

    // CTX-02, CTX-06
    @Test(arguments: Tape.all)
    func `VWAP, its deviation and the delta equal the golden ones after every trade`(
        series: String
    ) throws {
        guard let trades = try Tape.recorded(series),
            let rows = try SharedData.rows("golden/profile/\(series)_vwap_by_trade.csv.gz")
        else { return }
        #expect(trades.count == rows.count)
        var vwap = VolumeWeightedPrice()
        var day: Int64?
        let unit = 1e8
        for (trade, row) in zip(trades, rows) {
            if day != trade.venueTime.utcDay { vwap = VolumeWeightedPrice() }
            day = trade.venueTime.utcDay
            vwap.add(trade)
            let golden = try row[2...].map { try #require(Double($0)) }
            let price = try #require(vwap.value) / unit
            #expect((price / golden[0] - 1).magnitude < 1e-12)
            // Near zero the golden's own difference of squares has no digits left.
            #expect((vwap.deviation / unit - golden[1]).magnitude < 1e-9 * max(golden[1], 1))
            #expect((Double(vwap.volume.raw) / unit / golden[2] - 1).magnitude < 1e-12)
            #expect((Double(vwap.delta.raw) / unit - golden[3]).magnitude < 1e-8)
            let band = try #require(vwap.band(-2)) / unit
            #expect((band - (price - 2 * vwap.deviation / unit)).magnitude < 1e-6)
        }
    }

    /// Three months of minutes: each minute's volume lies in the bin of its typical price.
    @Test func `daily profiles of minute bars equal the golden ones`() throws {
        let series = "binance_usdm_NEARUSDT_1m_2023-08_2023-10"
        guard let minutes = try SharedData.rows("data/candles/\(series).csv.gz"),
            let golden = try SharedData.rows("golden/profile/\(series)_daily_profile.csv")
        else { return }
        // Thirds of a tick: (h + l + c) / 3 is then a whole number.
        var profile = try VolumeProfile(binSize: Price(raw: 6_000), tickSize: Price(raw: 3_000))
        var days: [Int64: [[String]]] = [:]
        for minute in minutes {
            days[try #require(Int64(minute[0])) / 86_400_000, default: []].append(minute)
        }
        for row in golden {
            let number = try #require(
                days.keys.first { day in
                    let date = CivilDate(dayNumber: day)
                    return row[0] == String(
                        format: "%04d-%02d-%02d", date.year, date.month, date.day)
                })
            profile.reset()
            for minute in days[number] ?? [] {
                let prices = try minute[2...4].map { try parseDecimal($0, scale: 6) }
                var trade = Tape.random(1, seed: 1)[0]
                trade.price = Price(raw: prices.reduce(0, +))
                trade.quantity = Quantity(raw: try parseDecimal(minute[5], scale: 0))
                profile.add(trade)
            }
            let largest = profile.pointOfControl
        let control = try #require(largest)
            let found = profile.valueArea()
            let area = try #require(found)
            let volume = profile.volume
            let prices = try [row[3], row[5], row[6]].map { try parseDecimal($0, scale: 6) * 3 }
            #expect([control.low.raw, area.low.raw, area.high.raw] == prices, "\(row[0])")
            #expect(String(control.volume.raw) == row[4])
            #expect(String(volume.raw) == row[2])
        }
    }
}
