import Engine
import MarketModel
import Telemetry
import Testing

@Suite("Configuration schema")
struct SchemaTests {
    @Test func `every default is a value the schema accepts`() throws {
        for setting in RunSchema.settings + ExchangeSchema.settings { try check(setting) }
    }

    private func check(_ setting: Setting) throws {
        switch setting.kind {
        case .section(let inner), .sections(let inner, _):
            for one in inner { try check(one) }
        case .dependent(_, let choices):
            for one in choices.values.flatMap({ $0 }) { try check(one) }
        case .list: break
        default:
            if case .standard(let text) = setting.presence {
                _ = try ScalarText.parse(text, as: setting.kind)
            }
        }
        #expect(setting.summary.hasSuffix("."), "\(setting.key) ends its sentence")
    }

    static let accepted: [(String, SettingKind, ScalarValue)] = [
        ("500us", .duration(.zero...(.seconds(1))), .duration(.microseconds(500))),
        ("1.5s", .duration(.zero...(.seconds(2))), .duration(.milliseconds(1500))),
        ("2d", .duration(.zero...(.never)), .duration(Nanoseconds(2 * Nanoseconds.day.count))),
        ("64MiB", .size(0...1 << 40), .integer(64 << 20)),
        ("1.5KiB", .size(0...1 << 40), .integer(1536)),
        ("50/s", .rate(1...100), .rate(RateAllowance(count: 50, window: .seconds(1)))),
        ("7/250ms", .rate(1...100), .rate(RateAllowance(count: 7, window: .milliseconds(250)))),
        ("25bps", .basisPoints(0...100), .proportion(Proportion(raw: 250_000))),
        ("0.0001bps", .basisPoints(0...100), .proportion(Proportion(raw: 1))),
        ("7.5%", .percent(0...100), .proportion(Proportion(raw: 7_500_000))),
        ("3x", .multiple(0...10), .decimal(ExactDecimal(3))),
        ("0.00000001", .decimal(0...1), .decimal(ExactDecimal(raw: 1, scale: 8))),
        (
            "1000.50 USDT", .amount(0...10_000),
            .amount(DecimalAmount(ExactDecimal(raw: 100_050, scale: 2), "USDT"))
        ),
        ("true", .boolean, .boolean(true)),
        ("08:00-20:30", .hours, .hours(DailyHours(startMinute: 480, endMinute: 1230))),
        ("22:00-24:00", .hours, .hours(DailyHours(startMinute: 1320, endMinute: 1440))),
    ]

    @Test(arguments: accepted)
    func `units are part of the text and exact`(
        _ text: String, _ kind: SettingKind, _ value: ScalarValue
    ) throws {
        #expect(try ScalarText.parse(text, as: kind) == value)
    }

    static let refused: [(String, SettingKind)] = [
        ("500", .duration(.zero...(.seconds(1)))), ("-1s", .duration(.zero...(.seconds(1)))),
        ("1.5ns", .duration(.zero...(.seconds(1)))), ("1 s", .duration(.zero...(.seconds(2)))),
        ("1e3s", .duration(.zero...(.seconds(1)))), ("s", .duration(.zero...(.seconds(1)))),
        ("99999999999999999999d", .duration(.zero...(.seconds(1)))),
        ("64", .size(0...1024)), ("64mib", .size(0...1 << 40)), ("0.5B", .size(0...10)),
        ("+50/s", .rate(1...100)), ("50/", .rate(1...100)), ("/s", .rate(1...100)), ("0/s", .rate(1...100)),
        ("5/1us", .rate(1...100)), ("5/2d", .rate(1...100)), ("1/s/s", .rate(1...100)),
        ("25", .basisPoints(0...100)), ("0.00001bps", .basisPoints(0...100)),
        ("101bps", .basisPoints(0...100)), ("-1%", .percent(0...100)),
        ("3", .multiple(0...10)), ("3X", .multiple(0...10)),
        ("08:00-08:00", .hours), ("24:00-01:00", .hours), ("08:60-09:00", .hours),
        ("+8:00-09:00", .hours), ("08:00", .hours), ("00:00-25:00", .hours),
        ("0x10", .integer(0...100)), ("+5", .integer(0...100)), ("1_000", .integer(0...10_000)),
        ("1,5", .decimal(0...10)), (".5", .decimal(0...10)), ("5.", .decimal(0...10)),
        ("1000USDT", .amount(0...10_000)), ("1000 usdt", .amount(0...10_000)),
        ("1000 USDT x", .amount(0...10_000)), ("True", .boolean), ("", .path),
        ("a\u{7}", .path), ("a b", .name), ("btcusdt", .symbol),
    ]

    @Test(arguments: refused)
    func `everything else is refused`(_ text: String, _ kind: SettingKind) {
        #expect(throws: ScalarFailure.self) { try ScalarText.parse(text, as: kind) }
    }

    @Test func `the reference names every key with what it accepts`() {
        let markdown = ConfigurationReference.markdown
        for path in ConfigurationReference.paths(RunSchema.settings + ExchangeSchema.settings) {
            let key = path.split(separator: ".").last.map(String.init) ?? path
            #expect(markdown.contains("| `\(key)` |"), "the reference lacks \(path)")
        }
        #expect(markdown.contains("| `segment_size` | a size 1MiB...4GiB"))
        let help = ConfigurationReference.text(RunSchema.settings)
        #expect(help.contains("  segment_size: a size 1MiB...4GiB"))
        #expect(
            ConfigurationReference.variables(RunSchema.settings)
                .contains("APUS_TOPOLOGY_LANES_N_CORE"))
    }
}

extension Nanoseconds {
    fileprivate static var never: Nanoseconds { Nanoseconds(.max) }
}
