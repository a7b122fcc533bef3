import MarketModel
import Telemetry

/// A read setting and where it came from.
public struct SettingValue: Sendable, Equatable {
    public indirect enum Content: Sendable, Equatable {
        case scalar(ScalarValue)
        case list([SettingValue])
        case section(SettingSection)
        case sections([SettingSection])
    }

    public let content: Content
    public let origin: SettingOrigin
}

/// The read settings of one mapping.
///
/// The accessors trap on a key or a kind the schema does not have: the schema and its readers
/// are one program, and a test reads every key.
public struct SettingSection: Sendable, Equatable {
    public internal(set) var values: [String: SettingValue] = [:]
    public let origin: SettingOrigin
    /// Dotted path with list positions.
    public let path: String

    public func origin(of key: String) -> SettingOrigin { values[key]?.origin ?? origin }

    public func path(of key: String) -> String { path.isEmpty ? key : path + "." + key }

    public func has(_ key: String) -> Bool { values[key] != nil }

    /// What is wrong with the value of `key`, with its place in the file.
    public func problem(_ key: String, _ message: String) -> ConfigurationProblem {
        ConfigurationProblem(origin(of: key), path(of: key), message)
    }

    public func text(_ key: String) -> String { required(optionalText(key), key) }
    public func optionalText(_ key: String) -> String? {
        guard case .text(let value)? = scalar(key) else { return nil }
        return value
    }
    public func boolean(_ key: String) -> Bool {
        guard case .boolean(let value)? = scalar(key) else { return required(nil, key) }
        return value
    }
    public func integer(_ key: String) -> Int64 { required(optionalInteger(key), key) }
    public func optionalInteger(_ key: String) -> Int64? {
        guard case .integer(let value)? = scalar(key) else { return nil }
        return value
    }
    public func duration(_ key: String) -> Nanoseconds { required(optionalDuration(key), key) }
    public func optionalDuration(_ key: String) -> Nanoseconds? {
        guard case .duration(let value)? = scalar(key) else { return nil }
        return value
    }
    public func optionalHours(_ key: String) -> DailyHours? {
        guard case .hours(let value)? = scalar(key) else { return nil }
        return value
    }
    public func rate(_ key: String) -> RateAllowance {
        guard case .rate(let value)? = scalar(key) else { return required(nil, key) }
        return value
    }
    public func proportion(_ key: String) -> Proportion {
        guard case .proportion(let value)? = scalar(key) else { return required(nil, key) }
        return value
    }
    public func decimal(_ key: String) -> ExactDecimal {
        guard case .decimal(let value)? = scalar(key) else { return required(nil, key) }
        return value
    }
    public func amount(_ key: String) -> DecimalAmount {
        required(optionalAmount(key), key)
    }
    public func optionalAmount(_ key: String) -> DecimalAmount? {
        guard case .amount(let value)? = scalar(key) else { return nil }
        return value
    }
    public func section(_ key: String) -> SettingSection {
        required(optionalSection(key), key)
    }
    public func optionalSection(_ key: String) -> SettingSection? {
        guard case .section(let value)? = values[key]?.content else { return nil }
        return value
    }
    /// Empty when the list is absent.
    public func sections(_ key: String) -> [SettingSection] {
        guard case .sections(let value)? = values[key]?.content else { return [] }
        return value
    }
    /// Empty when the list is absent.
    public func texts(_ key: String) -> [String] {
        list(key).compactMap { value in
            guard case .scalar(.text(let text)) = value.content else { return nil }
            return text
        }
    }
    /// Empty when the list is absent.
    public func amounts(_ key: String) -> [DecimalAmount] {
        list(key).compactMap { value in
            guard case .scalar(.amount(let amount)) = value.content else { return nil }
            return amount
        }
    }
    func list(_ key: String) -> [SettingValue] {
        guard case .list(let values)? = values[key]?.content else { return [] }
        return values
    }

    func scalar(_ key: String) -> ScalarValue? {
        guard case .scalar(let value)? = values[key]?.content else { return nil }
        return value
    }

    private func required<Value>(_ value: Value?, _ key: String) -> Value {
        guard let value else {
            preconditionFailure("the schema gives \(path(of: key)) this kind and a value")
        }
        return value
    }
}
