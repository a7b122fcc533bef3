import Control
import Foundation
import Telemetry
import Testing

@Suite("Control methods over a real socket", .blockingCalls)
struct ControlMethodTests {
    @Test func `every command reaches the target with its parameters`() async throws {
        let running = try await RunningServer()
        var client = try running.client()
        let halted = try client.call("halt", ["reason": .string("drill")], as: CancelOutcome.self)
        #expect(halted.state == .halted)
        #expect(halted.lastConfirmedAfterNanoseconds == 912_000)
        #expect(try client.call("resume", as: StateOutcome.self).state == .trading)
        _ = try client.call("cancel_all", ["instrument": .string("BTCUSDT")], as: CancelOutcome.self)
        let flat = try client.call("flatten", as: FlattenOutcome.self)
        #expect(flat.remaining.isEmpty)
        let claimed = try client.call(
            "claim", ["order": .integer(9), "instrument": .string("ETHUSDT")], as: OrderFigures.self)
        #expect(claimed.venueOrder == 9 && claimed.strategy == nil)
        let limit = try client.call(
            "limits.set",
            [
                "scope": .string("strategy"), "name": .string("maker"),
                "limit": .string("max_exposure"), "value": .string("2500.50 USDT"),
            ], as: LimitSetting.self)
        #expect(limit.previous == ExactDecimal(5))
        let stopped = try client.call(
            "strategy.stop", ["strategy": .string("maker")], as: StrategyFigures.self)
        #expect(!stopped.isRunning)
        _ = try client.call("strategy.start", ["strategy": .string("maker")])
        let report = try client.call(
            "strategy.parameters",
            ["strategy": .string("maker"), "set": .object(["requote_ticks": .integer(4)])],
            as: ParameterReport.self)
        #expect(report.parameters.first?.value == ExactDecimal(4))
        _ = try client.call("strategy.parameters", ["strategy": .string("maker")])
        let stopping = try client.call("shutdown", ["flatten": .bool(true)], as: StateOutcome.self)
        #expect(stopping.state == .stopping)
        #expect(
            running.target.recorded == [
                "halt drill", "resume", "cancel_all BTCUSDT *", "flatten *",
                "claim 9 ETHUSDT",
                "limit strategy maker max_exposure 2500.50", "stop maker", "start maker",
                "set maker requote_ticks=4", "parameters maker", "shutdown true",
            ])
        await running.stop()
    }

    @Test func `every query is answered with its figures`() async throws {
        let running = try await RunningServer()
        var client = try running.client()
        let status = try client.call("status", as: EngineSnapshot.self)
        #expect(status == (await running.target.snapshot()))
        let slim = try client.call("latency", as: [StageFigures].self)
        #expect(slim.first?.buckets == nil)
        let full = try client.call("latency", ["buckets": .bool(true)], as: [StageFigures].self)
        #expect(full.first?.buckets?.count == 1)
        let orders = try client.call(
            "orders", ["strategy": .string("maker"), "limit": .integer(7)],
            as: [OrderFigures].self)
        #expect(orders.first?.venueOrder == 9)
        #expect(try client.call("positions", as: [PositionFigures].self).count == 1)
        #expect(try client.call("journal", as: JournalFigures.self) == JournalFigures())
        let market = try client.call("market", as: [MarketFigures].self)
        #expect(market == (await running.target.market()))
        let contexts = try client.call("context", as: [ContextFigures].self)
        #expect(contexts == (await running.target.contexts()))
        #expect(try client.call("limits.get", as: [LimitSetting].self).first?.unit == "USDT")
        #expect(
            try client.call("vocabulary", as: ControlVocabulary.self).instruments.count == 2)
        #expect(running.target.recorded == ["orders * maker 7", "positions", "limits"])
        await running.stop()
    }

    struct BadCall: Sendable, CustomTestStringConvertible {
        let method: String
        let parameters: String
        let message: String
        var testDescription: String { "\(method) \(parameters)" }

        init(_ method: String, _ parameters: String, _ message: String) {
            self.method = method
            self.parameters = parameters
            self.message = message
        }
    }

    static let badCalls = [
        BadCall("halt", #"{"reasn":"x"}"#, "parameter 'reasn': unknown; accepted: reason"),
        BadCall("halt", #"{"reason":7}"#, "parameter 'reason': found an integer, accepted: a string"),
        BadCall(
            "halt", #"{"reason":"a\nb"}"#,
            "parameter 'reason': accepted: at most 200 bytes without control characters"),
        BadCall("halt", "[1]", "parameters are given by name, in an object"),
        BadCall(
            "cancel_all", #"{"instrument":"DOGEUSDT"}"#,
            "parameter 'instrument': 'DOGEUSDT' is unknown, accepted: BTCUSDT, ETHUSDT"),
        BadCall(
            "claim", #"{"instrument":"BTCUSDT"}"#,
            "parameter 'order': missing, accepted: an integer 1...1099511627775"),
        BadCall(
            "claim", #"{"instrument":"BTCUSDT","order":0}"#,
            "parameter 'order': 0 is outside 1...1099511627775"),
        BadCall("orders", #"{"limit":0}"#, "parameter 'limit': 0 is outside 1...10000"),
        BadCall(
            "orders", #"{"limit":"5"}"#,
            "parameter 'limit': found a string, accepted: an integer 1...10000"),
        BadCall(
            "limits.set", #"{"limit":"max_exposure","scope":"global"}"#,
            "parameter 'value': missing, accepted: 0...100000 USDT"),
        BadCall(
            "limits.set", #"{"limit":"max_exposure","scope":"order","value":"1"}"#,
            "parameter 'limit': 'max_exposure' is unknown, accepted: nothing"),
        BadCall(
            "limits.set", #"{"limit":"max_exposure","scope":"galaxy","value":"1"}"#,
            "parameter 'scope': 'galaxy' is unknown, accepted: order, instrument, strategy, global"),
        BadCall(
            "limits.set", #"{"limit":"max_exposure","scope":"instrument","value":"1"}"#,
            "parameter 'name': missing, accepted: BTCUSDT, ETHUSDT"),
        BadCall(
            "limits.set", #"{"limit":"max_exposure","scope":"global","value":"100001"}"#,
            "parameter 'value': 100001 is outside 0...100000 USDT"),
        BadCall(
            "limits.set", #"{"limit":"max_exposure","scope":"global","value":"1.005"}"#,
            "parameter 'value': 1.005 has more than 2 digits after the point"),
        BadCall(
            "limits.set", #"{"limit":"max_exposure","scope":"global","value":"5 BTC"}"#,
            #"parameter 'value': found "5 BTC", accepted: 0...100000 USDT"#),
        BadCall(
            "limits.set", #"{"limit":"max_exposure","scope":"global","value":0.5}"#,
            #"parameter 'value': a fraction is written as a string, "0.5", to stay exact"#),
        BadCall(
            "limits.set", #"{"limit":"max_loss","scope":"global","value":"5"}"#,
            "parameter 'limit': 'max_loss' is unknown, accepted: max_exposure"),
        BadCall(
            "strategy.stop", "{}", "parameter 'strategy': missing, accepted: maker"),
        BadCall(
            "strategy.parameters", #"{"strategy":"maker","set":{"gamma":1}}"#,
            "parameter 'set.gamma': unknown, accepted: requote_ticks"),
        BadCall(
            "strategy.parameters", #"{"strategy":"maker","set":{"requote_ticks":0}}"#,
            "parameter 'set.requote_ticks': 0 is outside 1...100 ticks"),
        BadCall(
            "shutdown", #"{"flatten":"yes"}"#,
            "parameter 'flatten': found a string, accepted: true, false"),
        BadCall(
            "subscribe", #"{"interval_milliseconds":5}"#,
            "parameter 'interval_milliseconds': 5 is outside 100...60000"),
        BadCall(
            "unsubscribe", #"{"subscription":4}"#,
            "parameter 'subscription': 4 is not one of this client"),
    ]

    @Test func `a wrong parameter is refused by name with what is accepted`() async throws {
        let running = try await RunningServer()
        for call in Self.badCalls {
            let line = #"{"jsonrpc":"2.0","id":1,"method":"\#(call.method)","params":\#(call.parameters)}"#
            let reply = try #require(try running.exchange(line + "\n").first)
            #expect(reply.errorCode == -32602, "\(call)")
            #expect(reply["error"]?["message"] == .string(call.message), "\(call)")
        }
        #expect(running.target.recorded.isEmpty)
        await running.stop()
    }

    @Test func `refusals of the engine have codes of their own`() async throws {
        let cases: [(ControlFailure, Int64)] = [
            (.unavailable("starting"), -32000), (.refused("daily loss limit"), -32001),
            (.timedOut("no answer"), -32002),
        ]
        for (failure, code) in cases {
            let running = try await RunningServer()
            running.target.fail(with: failure)
            var client = try running.client()
            do throws(ClientFailure) {
                _ = try client.call("resume")
                Issue.record("accepted")
            } catch {
                guard case .remote(let remote) = error else { throw error }
                #expect(remote.code == Int(code))
            }
            await running.stop()
        }
    }

    @Test func `every call is audited with who, what and outcome`() async throws {
        let running = try await RunningServer()
        var client = try running.client()
        _ = try client.call("halt", ["reason": .string("drill")])
        _ = try client.call("status")
        _ = try? client.call("flatten", ["instrument": .string("X")])
        _ = try? client.call("selfdestruct")
        _ = try running.exchange("{nonsense\n")
        let trail = running.trail.all
        #expect(trail.map(\.method) == ["halt", "status", "flatten", "unknown", "none"])
        #expect(trail.map(\.isCommand) == [true, false, true, false, false])
        #expect(trail[0].uid == getuid())
        #expect(trail[0].pid == getpid())
        #expect(trail[0].parameters == #"{"reason":"drill"}"#)
        #expect(trail[0].outcome == "ok")
        #expect(trail[0].timeNanoseconds > 1_700_000_000_000_000_000)
        #expect(trail[2].outcome.hasPrefix("-32602 parameter 'instrument'"))
        #expect(trail[3].outcome.hasPrefix("-32601"))
        #expect(trail[4].outcome == "refused: parse error")
        await running.stop()
    }

    @Test func `subscriptions push snapshots until they are cancelled`() async throws {
        let running = try await RunningServer()
        var client = try running.client()
        let subscription = try client.call(
            "subscribe", ["interval_milliseconds": .integer(100)], as: SubscriptionOutcome.self)
        for _ in 0..<3 {
            let snapshot = try client.nextSnapshot(timeoutMilliseconds: 10_000)
            #expect(snapshot.run == "test-1")
        }
        #expect(
            try client.call("unsubscribe", ["subscription": .integer(subscription.subscription)])
                == .bool(true))
        for _ in 0..<4 { _ = try client.call("subscribe") }
        #expect(throws: ClientFailure.self) { try client.call("subscribe") }
        await running.stop()
    }
}
