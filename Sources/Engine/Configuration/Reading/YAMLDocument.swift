import Foundation
import Yams

/// A configuration file as a tree of nodes with their lines.
enum YAMLDocument {
    /// Larger files are refused: nobody writes a megabyte of settings by hand.
    static let maximumBytes = 1 << 20

    /// The text of a file, or the problem with reading it.
    static func text(of path: String) throws(ConfigurationFailure) -> String {
        let problem: String
        var isDirectory: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory)
        do {
            let data = try Data(contentsOf: URL(fileURLWithPath: path))
            if data.count > maximumBytes {
                problem = "has \(data.count) bytes, accepted: at most \(maximumBytes)"
            } else if let text = String(data: data, encoding: .utf8) {
                return text
            } else {
                problem = "is not UTF-8"
            }
        } catch {
            problem =
                isDirectory.boolValue
                ? "is a directory, accepted: a YAML file"
                : exists ? "cannot be read: \(FileTrouble.words(for: error))" : "no such file"
        }
        throw ConfigurationFailure(
            [ConfigurationProblem(.file(path, line: 0), "", problem)], lacksFile: !exists)
    }

    /// The single document of `text`; `nil` when it holds nothing but comments.
    static func compose(_ text: String, file: String) throws(ConfigurationFailure) -> Node? {
        do {
            let documents = try Array(compose_all(yaml: text))
            if documents.count > 1 {
                throw problem(
                    file, documents[1].mark?.line ?? 0, "", "a second document, accepted: one")
            }
            return documents.first
        } catch let failure as ConfigurationFailure {
            throw failure
        } catch let error as YamlError {
            throw failure(of: error, text: text, file: file)
        } catch {
            throw problem(file, 0, "", "is not YAML")
        }
    }

    private static func compose_all(yaml: String) throws -> [Node] {
        var nodes = try Yams.compose_all(yaml: yaml)
        var found: [Node] = []
        while let node = nodes.next() { found.append(node) }
        if let error = nodes.error { throw error }
        return found
    }

    private static func problem(
        _ file: String, _ line: Int, _ key: String, _ message: String
    ) -> ConfigurationFailure {
        ConfigurationFailure([ConfigurationProblem(.file(file, line: line), key, message)])
    }

    /// The error's place and sense, never a snippet: it could hold a secret.
    private static func failure(
        of error: YamlError, text: String, file: String
    ) -> ConfigurationFailure {
        switch error {
        case .scanner(_, let message, let mark, _), .parser(_, let message, let mark, _),
            .composer(_, let message, let mark, _):
            return problem(file, mark.line, "", Self.words(message))
        case .duplicatedKeysInMapping(let duplicates, let context):
            let key = duplicates.first ?? ""
            let line = repeats(of: key, from: context.mark, in: text) ?? context.mark.line
            let first = "the first is on line \(context.mark.line)"
            let path = YAMLPlace.path(ofKeyOn: line, in: text) ?? key
            return problem(file, line, path, "given twice; \(first)")
        case .reader(let message, _, _, _):
            return problem(file, 0, "", Self.words(message))
        default:
            return problem(file, 0, "", "is not YAML")
        }
    }

    /// The parser's words, but for those that speak of its own functions.
    private static func words(_ message: String) -> String {
        message.contains("nesting level")
            ? "is nested more deeply than any setting" : "is not YAML: \(message)"
    }

    /// The line of the second occurrence of `key` at the first one's indentation.
    private static func repeats(of key: String, from mark: Mark, in text: String) -> Int? {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let indentation = String(repeating: " ", count: max(0, mark.column - 1))
        for number in lines.indices.dropFirst(mark.line) {
            let line = lines[number]
            let start = line.replacing("- ", with: "  ", maxReplacements: 1)
            if start.hasPrefix(indentation + key + ":") { return number + 1 }
        }
        return nil
    }
}
