import Foundation
import Telemetry
import Testing

/// What the system takes away while the engine trades, and gives back.
@Suite("Chaos: resources", .serialized, .timeLimit(.minutes(5)))
struct ResourceChaosTests {
    private static let seed = UInt64(ChaosAmount.seed)

    @Test func `without descriptors it waits, and goes on when there are some`() throws {
        let rig = try ChaosRig(seed: Self.seed)
        try rig.expectWhole("at the start")
        try limit(rig.engine, "nofile", "8:1024")
        try rig.strike("reset", everywhere: true)
        try rig.wait("without a session it does not trade") { $0.state == .halted }
        // One that waits at the control socket and cannot be let in costs no processor time.
        let visitor = EngineDesk(rig.folder.path(".apus/control.sock"))
        let before = try coldTime(of: rig.engine.identifier)
        rig.pause(milliseconds: 1_000)
        let used = try coldTime(of: rig.engine.identifier) - before
        #expect(used < 300, "threads that have nothing to do used \(used) ms of 1 s")
        _ = visitor
        try limit(rig.engine, "nofile", "1024:1024")
        try rig.expectWhole("with descriptors again")
        try rig.end("descriptors used up")
    }

    @Test(arguments: ["fsize", "tmpfs"])
    func `a full disk halts it, and it trades again by command once there is room`(
        kind: String
    ) throws {
        let isMounted = kind == "tmpfs"
        if isMounted, geteuid() != 0 {
            print("skipped: mounting a small disk needs root")
            return
        }
        var disk: SmallDisk?
        defer { disk?.remove() }
        let rig = try ChaosRig(
            seed: Self.seed,
            edit: Self.smallSegments,
            prepare: { folder in
                if isMounted { disk = try SmallDisk(at: folder.path(".apus/journal")) }
            })
        try rig.expectWhole("at the start")
        if isMounted { try disk?.fill() } else { try limit(rig.engine, "fsize", "4096:unlimited") }
        try rig.wait("it halts") { $0.state == .halted }
        try rig.wait("its entries are gone") { $0.openOrders == 0 }
        #expect(try rig.desk.status().reason?.contains("journal") == true)
        #expect(try rig.desk.resume() == false, "there is no room")
        if isMounted { disk?.empty() } else { try limit(rig.engine, "fsize", "unlimited:unlimited") }
        try rig.wait("it resumes") { _ in try rig.desk.resume() }
        try rig.expectWhole("with room again")
        try rig.end("disk full (\(kind))")
    }

    @Test func `without locked memory its connections come back all the same`() throws {
        guard geteuid() == 0, FileManager.default.isExecutableFile(atPath: "/usr/bin/setpriv") else {
            print("skipped: needs root and setpriv to take privileges away")
            return
        }
        let rig = try ChaosRig(
            seed: Self.seed,
            shell: "ulimit -l 64; exec setpriv --bounding-set=-ipc_lock,-sys_nice,-sys_resource "
                + "--inh-caps=-ipc_lock,-sys_nice,-sys_resource \"$0\" \"$@\" > /dev/null")
        try rig.expectWhole("at the start")
        for round in 1...2 {
            try rig.strike("reset", everywhere: true)
            try rig.expectWhole("reset \(round)")
        }
        try limit(rig.engine, "memlock", "0:0")
        try rig.strike("disconnect", everywhere: true)
        try rig.expectWhole("with none at all")
        try rig.end("locked memory exhausted")
    }

    @Test func `revoked permissions halt it when it needs a file, and not before`() throws {
        guard geteuid() == 0, FileManager.default.isExecutableFile(atPath: "/usr/bin/setpriv") else {
            print("skipped: needs root and setpriv to take privileges away")
            return
        }
        let rig = try ChaosRig(
            seed: Self.seed,
            shell: "exec setpriv --bounding-set=-dac_override,-dac_read_search "
                + "--inh-caps=-dac_override,-dac_read_search \"$0\" \"$@\" > /dev/null",
            edit: Self.smallSegments)
        try rig.expectWhole("at the start")
        let journal = rig.folder.path(".apus/journal")
        let runs = try FileManager.default.contentsOfDirectory(atPath: journal)
            .filter { $0.hasPrefix("run-") }.map { journal + "/" + $0 }
        let places = runs + ["ca.pem", "demo-credentials.yaml"].map { rig.folder.path(".apus/" + $0) }
        let modes = try places.map {
            try FileManager.default.attributesOfItem(atPath: $0)[.posixPermissions] as Any
        }
        for place in places { try setMode(place, 0) }
        try rig.strike("reset", everywhere: true)
        try rig.wait("it halts for its journal") {
            $0.state == .halted && $0.reason?.contains("journal") == true
        }
        for (place, mode) in zip(places, modes) { try setMode(place, mode) }
        try rig.wait("it resumes") { _ in try rig.desk.resume() }
        try rig.expectWhole("permissions given back")
        try rig.end("permissions revoked")
    }

    // MARK: - Parts

    /// Segments that are full within seconds.
    private static func smallSegments(_ text: String) -> String {
        text.replacingOccurrences(of: "segment_size: 32MiB", with: "segment_size: 1MiB")
            .replacingOccurrences(of: "record: records ", with: "record: frames ")
    }

    private func setMode(_ path: String, _ mode: Any) throws {
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    }

    private func limit(_ process: CommandLineProcess, _ name: String, _ values: String) throws {
        try SmallDisk.run("prlimit", ["--pid", "\(process.identifier)", "--\(name)=\(values)"])
    }

    /// Processor time of all threads but the lane's, which never rests, milliseconds.
    private func coldTime(of process: pid_t) throws -> Int {
        let tasks = "/proc/\(process)/task"
        var ticks = 0
        for task in try FileManager.default.contentsOfDirectory(atPath: tasks) {
            // A thread may end meanwhile.
            guard let stat = try? String(contentsOfFile: "\(tasks)/\(task)/stat", encoding: .utf8),
                !stat.contains("(lane-"), let end = stat.lastIndex(of: ")")
            else { continue }
            ticks += stat[end...].split(separator: " ")[12...13].compactMap { Int($0) }.reduce(0, +)
        }
        return ticks * 1_000 / sysconf(Int32(_SC_CLK_TCK))
    }
}

/// A file system in memory with room for a few segments.
struct SmallDisk {
    private let path: String
    private var filler: String { path + "/filler" }

    init(at path: String) throws {
        self.path = path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try Self.run("mount", ["-t", "tmpfs", "-o", "size=64m,mode=700", "tmpfs", path])
    }

    /// Leaves no block free.
    func fill() throws {
        _ = FileManager.default.createFile(atPath: filler, contents: nil)
        let handle = try #require(FileHandle(forWritingAtPath: filler))
        defer { try? handle.close() }
        let block = Data(repeating: 7, count: 4_096)
        while (try? handle.write(contentsOf: block)) != nil {}
    }

    func empty() { try? FileManager.default.removeItem(atPath: filler) }

    func remove() { try? Self.run("umount", ["--lazy", path]) }

    static func run(_ command: String, _ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [command] + arguments
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "\(command) \(arguments)")
    }
}
