@testable import Control
import Foundation
import Glibc
import Telemetry
import Testing

@Suite("The control socket's file", .blockingCalls)
struct SocketFileTests {
    @Test func `socket, directory and lock are the owner's alone`() async throws {
        let running = try await RunningServer()
        let folder = SocketFile.directory(of: running.path)
        #expect(FileStatus(of: running.path)?.permissions == 0o600)
        #expect(FileStatus(of: running.path)?.kind == .socket)
        #expect(FileStatus(of: folder)?.permissions == 0o700)
        #expect(FileStatus(of: running.path + ".lock")?.permissions == 0o600)
        await running.stop()
    }

    @Test func `the socket is 0600 even under an open umask`() async throws {
        let path = RunningServer.freshPath()
        let before = umask(0)
        defer { umask(before) }
        let running = try await RunningServer(path: path)
        #expect(FileStatus(of: path)?.permissions == 0o600)
        await running.stop()
    }

    @Test func `a second engine is refused, and the first one lives on`() async throws {
        let running = try await RunningServer()
        await #expect(throws: SocketFailure.alreadyRunning(path: running.path)) {
            _ = try await RunningServer(path: running.path)
        }
        var client = try running.client()
        #expect(try client.call("resume", as: StateOutcome.self).state == .trading)
        await running.stop()
    }

    @Test func `a socket left over from a crash is replaced`() async throws {
        let path = RunningServer.freshPath()
        #expect(mkdir(SocketFile.directory(of: path), 0o700) == 0)
        defer { try? FileManager.default.removeItem(atPath: SocketFile.directory(of: path)) }
        let dead = socket(AF_UNIX, blockingStream, 0)
        #expect(withAddress(of: path, { bind(dead, $0, $1) }) == 0)
        close(dead)
        #expect(FileStatus(of: path)?.kind == .socket)
        let running = try await RunningServer(path: path)
        var client = try running.client()
        #expect(try client.call("resume", as: StateOutcome.self).state == .trading)
        await running.stop()
    }

    @Test func `a living socket of somebody without the lock is left alone`() async throws {
        let path = RunningServer.freshPath()
        #expect(mkdir(SocketFile.directory(of: path), 0o700) == 0)
        defer { try? FileManager.default.removeItem(atPath: SocketFile.directory(of: path)) }
        let other = socket(AF_UNIX, blockingStream, 0)
        defer { close(other) }
        #expect(withAddress(of: path, { bind(other, $0, $1) }) == 0)
        #expect(listen(other, 1) == 0)
        await #expect(throws: SocketFailure.alreadyRunning(path: path)) {
            _ = try await RunningServer(path: path)
        }
        #expect(FileStatus(of: path)?.kind == .socket)
    }

    @Test func `a file in the way is never deleted`() async throws {
        let path = RunningServer.freshPath()
        #expect(mkdir(SocketFile.directory(of: path), 0o700) == 0)
        defer { try? FileManager.default.removeItem(atPath: SocketFile.directory(of: path)) }
        try Data("precious".utf8).write(to: URL(fileURLWithPath: path))
        await #expect(throws: SocketFailure.notASocket(path: path)) {
            _ = try await RunningServer(path: path)
        }
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "precious")
    }

    @Test func `a path longer than an address holds is refused`() async throws {
        let path = "/tmp/" + String(repeating: "x", count: 120)
        await #expect(throws: SocketFailure.pathTooLong(path: path, maximum: 107)) {
            _ = try await RunningServer(path: path)
        }
    }

    @Test func `directories that others control are refused`() {
        func problem(_ owner: UInt32, _ mode: UInt32, _ kind: FileStatus.Kind = .directory) -> String? {
            SocketFile.directoryProblem(
                FileStatus(kind: kind, owner: owner, permissions: mode), user: 1000)
        }
        #expect(problem(1000, 0o700) == nil)
        #expect(problem(1000, 0o755) == nil)
        #expect(problem(0, 0o755) == nil)
        #expect(problem(0, 0o1777) == nil)
        #expect(problem(1001, 0o700) == "belongs to uid 1001")
        #expect(problem(1000, 0o777)?.hasPrefix("is writable by others") == true)
        #expect(problem(1000, 0o770)?.hasPrefix("is writable by others") == true)
        #expect(problem(1000, 0o700, .ordinary) == "is not a directory")
        #expect(FileStatus(of: "/tmp")?.permissions == 0o1777)
    }

    @Test func `only the engine's user and root are obeyed`() {
        for (uid, owner, isAccepted) in [
            (1000, 1000, true), (0, 1000, true), (1001, 1000, false), (1000, 0, false),
            (65534, 1000, false), (0, 0, true),
        ] as [(UInt32, UInt32, Bool)] {
            let peer = PeerCredentials(pid: 1, uid: uid, gid: uid)
            #expect(peer.mayControl(engineOf: owner) == isAccepted, "\(uid) and \(owner)")
        }
    }

    @Test func `the kernel tells who the peer is`() {
        var ends: (Int32, Int32) = (0, 0)
        let made = withUnsafeMutablePointer(to: &ends) { pair in
            pair.withMemoryRebound(to: Int32.self, capacity: 2) {
                socketpair(AF_UNIX, blockingStream, 0, $0)
            }
        }
        #expect(made == 0)
        #expect(
            PeerCredentials(of: ends.0)
                == PeerCredentials(pid: getpid(), uid: getuid(), gid: getgid()))
        #expect(PeerCredentials(of: -1) == nil)
        close(ends.0)
        close(ends.1)
    }
}
