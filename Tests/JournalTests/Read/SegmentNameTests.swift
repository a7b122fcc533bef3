import Testing

@testable import Journal

@Suite("Names of segments")
struct SegmentNameTests {
    @Test func `a name leads to its lane and number and back`() {
        for lane in [UInt8(0), 7, 10, 255] {
            for number in [UInt32(0), 1, 99_999_999, 100_000_000, .max] {
                let name = SegmentName(lane: lane, number: number)
                #expect(SegmentName(file: name.file) == name)
            }
        }
    }

    @Test(arguments: [
        "", "apus", "apus-0-00000001", "apus-0-00000001.journal.gz", "apus-0-00000001.journals",
        "apus-00-00000001.journal", "apus-256-00000001.journal", "apus--00000001.journal",
        "apus-0-0000001.journal", "apus-0-000000001.journal", "apus-0-4294967296.journal",
        "apus-0-12345678901.journal", "apus-0-0000000a.journal", "apus-0-+0000001.journal",
        "Apus-0-00000001.journal", " apus-0-00000001.journal", "apus-0-00000001.journal ",
    ]) func `every other file is none`(file: String) {
        #expect(SegmentName(file: file) == nil)
    }
}
