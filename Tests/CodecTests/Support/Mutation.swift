/// Damage as it happens to messages: cut, flipped, inserted, repeated, spliced.
enum Mutation {
    static func mutate(
        _ text: [UInt8], with other: [UInt8] = [], _ random: inout SeededRandom
    ) -> [UInt8] {
        var bytes = text
        let interesting =
            Array("{}[]\",:\\0123456789.-eEtfnu \u{0}\u{1F}".utf8) + [0x80, 0xC3, 0xFF]
        for _ in 0..<Int.random(in: 1...3, using: &random) {
            let position = Int.random(in: 0...bytes.count, using: &random)
            let byte = interesting.randomElement(using: &random) ?? 0
            switch Int.random(in: 0..<7, using: &random) {
            case 0: bytes.removeLast(bytes.count - position)
            case 1:
                if position < bytes.count {
                    bytes[position] ^= 1 << UInt8.random(in: 0..<8, using: &random)
                }
            case 2: if position < bytes.count { bytes[position] = byte }
            case 3: bytes.insert(byte, at: position)
            case 4: if position < bytes.count { bytes.remove(at: position) }
            case 5:
                let end = Int.random(in: position...bytes.count, using: &random)
                bytes.insert(contentsOf: bytes[position..<end], at: position)
            default:
                let from = Int.random(in: 0...other.count, using: &random)
                bytes = Array(bytes[..<position] + other[from...])
            }
            if bytes.count > 2_000 { bytes.removeLast(bytes.count - 2_000) }
        }
        return bytes
    }
}
