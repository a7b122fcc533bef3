import Foundation
import MarketModel
import Testing

@testable import Engine

/// The lane's sign of life, and what a watchdog makes of it.
@Suite("Heartbeat")
struct HeartbeatTests {
    private let folder = FileManager.default.temporaryDirectory
        .appendingPathComponent("heartbeat-\(UUID().uuidString.prefix(8))").path

    @Test func `a reader sees the last beat, the process and the end`() throws {
        try withFolder { path in
            #expect(HeartbeatReading(path: path) == nil)
            let heartbeat = try Heartbeat(path: path)
            let process = Int64(getpid())
            #expect(HeartbeatReading(path: path) == HeartbeatReading(beat: 0, process: process))
            heartbeat.beat(Timestamp(nanoseconds: 17))
            #expect(HeartbeatReading(path: path)?.beat == 17)
            heartbeat.end(Timestamp(nanoseconds: 18))
            #expect(HeartbeatReading(path: path)?.beat == -18)
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            #expect(attributes[.posixPermissions] as? Int == 0o600)
        }
    }

    @Test func `what an earlier run has left stays until the first beat`() throws {
        try withFolder { path in
            try Heartbeat(path: path).beat(Timestamp(nanoseconds: 5))
            let second = try Heartbeat(path: path)
            #expect(HeartbeatReading(path: path)?.beat == 5)
            second.beat(Timestamp(nanoseconds: 6))
            #expect(HeartbeatReading(path: path)?.beat == 6)
        }
    }

    @Test func `a file of another kind is neither taken nor read`() throws {
        try withFolder { path in
            let text = String(repeating: "something else\n", count: 10)
            try text.write(toFile: path, atomically: true, encoding: .utf8)
            #expect(HeartbeatReading(path: path) == nil)
            #expect(throws: StartFailure.self) { try Heartbeat(path: path) }
            #expect(try String(contentsOfFile: path, encoding: .utf8).hasPrefix(text))
        }
    }

    /// One look a row: the beat (`nil`: no file), milliseconds since the row before, the verdict.
    typealias Look = (beat: Int64?, after: Int64, verdict: HeartbeatWatch.Verdict)

    static let lives: [(String, [Look])] = [
        ("no engine is no alarm", [(nil, 0, .waiting), (nil, 9_000, .waiting), (0, 9_000, .waiting)]),
        ("it moves", [(1, 0, .waiting), (2, 50, .beating), (3, 50, .beating)]),
        (
            "it stops and comes back",
            [
                (1, 0, .waiting), (2, 50, .beating), (2, 400, .beating), (2, 400, .beating),
                (2, 199, .beating), (2, 1, .silent), (2, 50, .silent), (3, 50, .beating),
                (3, 450, .beating),
            ]
        ),
        (
            "a beat found standing counts from the first look",
            [(7, 0, .waiting), (7, 500, .waiting), (7, 500, .silent)]
        ),
        (
            "an orderly end is no alarm, and another engine may follow",
            [
                (1, 0, .waiting), (2, 50, .beating), (-3, 50, .ended), (-3, 9_000, .ended),
                (4, 50, .beating), (4, 500, .beating), (4, 500, .silent),
            ]
        ),
        (
            "a file that goes away is a beat that stops",
            [(1, 0, .waiting), (2, 50, .beating), (nil, 500, .beating), (nil, 500, .silent)]
        ),
        (
            "an end that is found at the first look is one",
            [(-2, 0, .ended), (nil, 9_000, .ended)]
        ),
        (
            "one long gap is our own stop",
            [
                (1, 0, .waiting), (2, 50, .beating), (2, 60_000, .beating), (2, 499, .beating),
                (2, 1, .silent),
            ]
        ),
    ]

    @Test(arguments: lives.indices)
    func `a heartbeat is judged by whether it moves`(life: Int) {
        let (name, looks) = Self.lives[life]
        var watch = HeartbeatWatch(patience: .seconds(1))
        var now: Int64 = 1_000_000_000_000
        for (row, look) in looks.enumerated() {
            now += look.after * 1_000_000
            let verdict = watch.look(look.beat.map { HeartbeatReading(beat: $0) }, at: now)
            #expect(verdict == look.verdict, "\(name), look \(row)")
        }
    }

    private func withFolder(_ body: (String) throws -> Void) throws {
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try body(folder + "/engine.heartbeat")
    }
}
