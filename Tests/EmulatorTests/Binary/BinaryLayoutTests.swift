import BinarySchema
import Foundation
import Testing

@testable import Emulator

/// The exchange's tables against the venue's schema files.
@Suite(.enabled(if: SharedFiles.exists("venues/sbe"), "needs ../shared/venues/sbe"))
struct BinaryLayoutTests {
    private let schema: BinarySchema

    init() throws {
        let file = URL(fileURLWithPath: SharedFiles.path("venues/sbe/spot_3_5.xml"))
        schema = try #require(BinarySchema(contentsOf: file))
    }

    @Test func `every layout is the schema's`() throws {
        #expect(Int(BinaryLayout.schema) == schema.id)
        #expect(Int(BinaryLayout.version) == schema.version)
        #expect(BinaryLayout.all.count == 86)
        for layout in BinaryLayout.all.values {
            let message = try #require(schema.messages[layout.name], "\(layout.name)")
            #expect(message.id == Int(layout.id))
            let wanted = expected(message.body)
            for (field, other) in zip(layout.body.fields, wanted.fields) {
                #expect(field == other, "\(layout.name)")
            }
            for (data, other) in zip(layout.body.data, wanted.data) {
                #expect(data == other, "\(layout.name)")
            }
            #expect(layout.body == wanted, "\(layout.name)")
        }
    }

    private func expected(_ body: BinarySchema.Body) -> BinaryLayout.Body {
        BinaryLayout.Body(
            fields: body.fields.map { field in
                BinaryLayout.Field(
                    name: field.name, path: BinaryLayout.Path(field.jsonPath ?? field.name),
                    width: field.width, isSigned: field.isSigned, isFloat: field.isFloat,
                    words: field.enumeration == "boolEnum" ? nil : field.enumeration,
                    exponent: field.exponent, isOptional: field.isOptional,
                    nullText: field.isOptional ? field.jsonDefault : nil)
            },
            groups: body.groups.map { group in
                BinaryLayout.Group(
                    name: group.name, path: BinaryLayout.Path(group.jsonPath ?? group.name),
                    countBits: group.countBits, body: expected(group.body))
            },
            data: body.data.map { data in
                BinaryLayout.Data(
                    name: data.name, path: BinaryLayout.Path(data.jsonPath ?? data.name),
                    lengthBits: data.lengthBits, isMessage: data.isMessage,
                    nullText: data.jsonDefault.flatMap { $0.isEmpty ? nil : $0 })
            })
    }

    @Test func `every word's number is the schema's`() throws {
        for (table, words) in BinaryLayout.numbers {
            let values = try #require(schema.enums[table]?.values, "\(table)")
            let expected = values.filter { $0.name != "NonRepresentable" }
            #expect(words.map(\.word) == expected.map(\.word), "\(table)")
            #expect(words.map(\.number) == expected.map { Int64($0.number) }, "\(table)")
        }
        let used = BinaryLayout.all.values.flatMap { tables($0.body) }
        #expect(Set(used) == Set(BinaryLayout.numbers.keys))
    }

    @Test func `every filter has the message of its type`() throws {
        let types = try #require(schema.enums["filterType"]?.values)
            .filter { $0.name != "NonRepresentable" }
        #expect(types.count == 21)
        for type in types {
            let word = try #require(type.word)
            let name = type.name.hasSuffix("Filter") ? type.name : type.name + "Filter"
            let id = try #require(schema.messages[name]?.id)
            #expect(BinaryAnswer.filter(word).map(Int.init) == id, "\(word)")
        }
        #expect(BinaryAnswer.filter("NO_SUCH") == nil)
    }

    private func tables(_ body: BinaryLayout.Body) -> [String] {
        body.fields.compactMap(\.words) + body.groups.flatMap { tables($0.body) }
    }

    /// Everything in a message is written, and nothing else: a reader that follows the schema ends
    /// where the message ends.
    @Test func `a message ends where the schema says`() throws {
        var text = TextBuffer()
        for layout in BinaryLayout.all.values {
            text.clear()
            BinaryEncoder.write(layout.id, .array([]), to: &text)
            let message = try #require(schema.messages[layout.name])
            let data = message.body.data.reduce(0) { $0 + $1.lengthBits / 8 }
            let groups = message.body.groups.reduce(0) { $0 + 2 + $1.countBits / 8 }
            #expect(text.count == 8 + message.body.length + groups + data, "\(layout.name)")
        }
    }
}
