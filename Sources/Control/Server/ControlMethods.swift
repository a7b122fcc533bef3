import Foundation
import Telemetry

/// The methods of the control socket: reads parameters, calls the target, writes the result.
///
/// Knows nothing of sockets, so every method is testable as a function from call to JSON text.
struct ControlMethods: Sendable {
    let target: any ControlTarget

    /// Methods that only read.
    static let queries = [
        "status", "latency", "orders", "positions", "market", "context", "journal", "limits.get",
        "vocabulary",
    ]
    /// Methods that change the engine.
    static let commands = [
        "halt", "resume", "cancel_all", "flatten", "claim", "limits.set", "strategy.start",
        "strategy.stop", "strategy.parameters", "shutdown",
    ]
    /// Kept by the connection rather than by the engine.
    static let connectionMethods = ["subscribe", "unsubscribe"]

    static var known: [String] { (queries + commands + connectionMethods).sorted() }

    /// The result as JSON text, or what was wrong.
    func perform(_ call: RemoteCall) async -> Result<String, RemoteError> {
        do {
            var parameters = try ParameterReader(call.parameters)
            if Self.queries.contains(call.method) {
                return .success(try await query(call.method, &parameters))
            }
            if Self.commands.contains(call.method) {
                return .success(try await command(call.method, &parameters))
            }
            return .failure(.methodNotFound(call.method, known: Self.known))
        } catch let error as RemoteError {
            return .failure(error)
        } catch let failure as ControlFailure {
            return .failure(RemoteError(failure))
        } catch {
            return .failure(.internalError("\(call.method) cannot be answered"))
        }
    }

    private func query(
        _ method: String, _ parameters: inout ParameterReader
    ) async throws -> String {
        switch method {
        case "latency":
            let buckets = try parameters.boolean("buckets", default: false)
            try parameters.finish()
            return try json(await target.latencies(includingBuckets: buckets))
        case "orders":
            let scope = try await scope(&parameters)
            let maximum = try parameters.integer("limit", in: 1...10_000, default: 1000)
            try parameters.finish()
            return try json(await target.openOrders(in: scope, atMost: Int(maximum)))
        default: break
        }
        try parameters.finish()
        return switch method {
        case "status": try json(await target.snapshot())
        case "positions": try json(await target.positions())
        case "market": try json(await target.market())
        case "context": try json(await target.contexts())
        case "journal": try json(await target.journal())
        case "limits.get": try json(await target.limits())
        default: try json(await target.vocabulary())
        }
    }

    private func command(
        _ method: String, _ parameters: inout ParameterReader
    ) async throws -> String {
        switch method {
        case "halt":
            let reason = try parameters.text("reason", atMost: 200) ?? "operator"
            try parameters.finish()
            return try json(await target.halt(reason: reason))
        case "resume":
            try parameters.finish()
            return try json(await target.resume())
        case "cancel_all":
            let scope = try await scope(&parameters)
            try parameters.finish()
            return try json(await target.cancelAll(in: scope))
        case "flatten":
            let scope = try await scope(&parameters)
            try parameters.finish()
            return try json(await target.flatten(scope))
        case "claim":
            let vocabulary = await target.vocabulary()
            let instrument = try parameters.requiredChoice(
                "instrument", of: vocabulary.instruments)
            let order = try parameters.requiredInteger("order", in: 1...0xFF_FFFF_FFFF)
            try parameters.finish()
            return try json(await target.claim(order, in: instrument))
        case "limits.set":
            let change = try await limitChange(&parameters)
            return try json(await target.setLimit(change))
        case "shutdown":
            let flattening = try parameters.boolean("flatten", default: false)
            try parameters.finish()
            return try json(await target.shutdown(flattening: flattening))
        default:
            return try await strategyCommand(method, &parameters)
        }
    }

    private func strategyCommand(
        _ method: String, _ parameters: inout ParameterReader
    ) async throws -> String {
        let vocabulary = await target.vocabulary()
        let strategy = try parameters.requiredChoice(
            "strategy", of: vocabulary.strategies.map(\.name))
        if method == "strategy.parameters" {
            let changes = try parameterChanges(&parameters, vocabulary.parameters[strategy] ?? [])
            try parameters.finish()
            let settings =
                changes.isEmpty
                ? try await target.parameters(of: strategy)
                : try await target.setParameters(changes, of: strategy)
            return try json(ParameterReport(strategy: strategy, parameters: settings))
        }
        try parameters.finish()
        return method == "strategy.start"
            ? try json(await target.startStrategy(strategy))
            : try json(await target.stopStrategy(strategy))
    }

    private func scope(_ parameters: inout ParameterReader) async throws -> OrderScope {
        let vocabulary = await target.vocabulary()
        return OrderScope(
            instrument: try parameters.choice("instrument", of: vocabulary.instruments),
            strategy: try parameters.choice("strategy", of: vocabulary.strategies.map(\.name)))
    }

    private func limitChange(_ parameters: inout ParameterReader) async throws -> LimitChange {
        let vocabulary = await target.vocabulary()
        // The scope first: a limit of the same name may exist in several.
        let chosen = try parameters.requiredChoice("scope", of: LimitScope.allCases.map(\.rawValue))
        let scope = LimitScope(rawValue: chosen) ?? .global
        let inScope = vocabulary.limits.filter { $0.scopes.contains(scope) }
        let key = try parameters.requiredChoice("limit", of: inScope.map(\.key))
        guard let description = inScope.first(where: { $0.key == key }) else {
            throw RemoteError.internalError("no description of the limit \(key)")
        }
        let name: String?
        switch scope {
        case .instrument: name = try parameters.requiredChoice("name", of: vocabulary.instruments)
        case .strategy:
            name = try parameters.requiredChoice("name", of: vocabulary.strategies.map(\.name))
        case .global, .order: name = nil
        }
        let value = try parameters.value("value", description)
        try parameters.finish()
        return LimitChange(scope: scope, name: name, limit: key, value: value)
    }

    private func parameterChanges(
        _ parameters: inout ParameterReader, _ known: [ValueDescription]
    ) throws -> [ParameterChange] {
        guard let wanted = try parameters.object("set") else { return [] }
        return try wanted.keys.sorted().map { key in
            guard let description = known.first(where: { $0.key == key }) else {
                throw RemoteError.invalidParameter(
                    "set." + key, "unknown, accepted: \(known.map(\.key).joined(separator: ", "))")
            }
            let value = try ParameterReader.number(
                wanted[key] ?? .null, name: "set." + key, description)
            return ParameterChange(key: key, value: value)
        }
    }

    private func json(_ value: some Encodable) throws -> String {
        String(decoding: try SnapshotJSON.encoder().encode(value), as: UTF8.self)
    }
}
