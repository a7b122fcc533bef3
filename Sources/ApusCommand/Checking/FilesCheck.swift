import Control
import Engine
import Foundation
import MarketModel
import Telemetry
import Venues
import Wire

/// Whether the files that the engine needs are there and usable; nothing is created.
enum FilesCheck {
    static func sections(
        _ configuration: RunConfiguration, environment: [String: String]
    ) -> [CheckReport.Section] {
        [
            credentials(configuration, environment), authority(configuration),
            journal(configuration.journal), control(configuration.controlSocket),
        ]
    }

    private static func credentials(
        _ configuration: RunConfiguration, _ environment: [String: String]
    ) -> CheckReport.Section {
        var section = CheckReport.Section("credentials")
        let source = configuration.credentials
        let fromEnvironment = environment["APUS_API_KEY"] != nil
        if !fromEnvironment, let file = source.file, !exists(file), isEmulated(configuration) {
            section.note("\(file) is not there yet: apus exchange makes it")
            return section
        }
        do throws(ConfigurationFailure) {
            let found = try Credentials.load(source, environment: environment)
            let place = fromEnvironment ? "the environment" : source.file ?? "the file"
            switch found.method {
            case .hmac: section.fine("HMAC key from \(place)")
            case .ed25519(let keyFile):
                section.fine("Ed25519 key from \(place)")
                if let problem = signingProblem(keyFile) { section.problem(problem) }
            }
            if isOther(found.method, than: configuration.venue.authentication) {
                section.problem(
                    "venue.authentication is \(configuration.venue.authentication.rawValue), "
                        + "the credentials are of the other kind")
            }
        } catch {
            for problem in error.problems { section.problem("\(problem)") }
        }
        return section
    }

    private static func isOther(
        _ method: Credentials.Method, than wanted: VenueConfiguration.Authentication
    ) -> Bool {
        switch method {
        case .hmac: wanted != .hmac
        case .ed25519: wanted != .ed25519
        }
    }

    private static func signingProblem(_ file: String) -> String? {
        do {
            _ = try RequestSigner.ed25519(key: String(contentsOfFile: file, encoding: .utf8))
            return nil
        } catch {
            return "\(file) holds no Ed25519 private key that can be read"
        }
    }

    private static func authority(_ configuration: RunConfiguration) -> CheckReport.Section {
        var section = CheckReport.Section("tls")
        switch configuration.recordLayer {
        case .apus: section.fine("records: apus, AES-GCM by \(TLSRecordLayer.instructions)")
        case .openssl: section.fine("records: openssl")
        case .kernel: checkKernel(&section)
        }
        let file = configuration.authorityFile
        if !exists(file), isEmulated(configuration) {
            section.note("\(file) is not there yet: apus exchange makes it")
            return section
        }
        do throws(TLSFailure) {
            _ = try TLSClientContext(authorityFile: file)
            section.fine("certificates of \(file); the peer is always verified")
        } catch {
            section.problem("\(file): \(error)")
        }
        return section
    }

    private static func checkKernel(_ section: inout CheckReport.Section) {
        guard let refusal = KernelSealing.refusalText else {
            return section.fine("records: sealed by the kernel")
        }
        section.note("tls.record_layer: kernel, and this kernel refuses it (\(refusal)): apus seals")
    }

    private static func journal(_ settings: JournalSettings) -> CheckReport.Section {
        var section = CheckReport.Section("journal")
        let place = nearestExisting(settings.directory)
        guard access(place, W_OK | X_OK) == 0 else {
            section.problem("\(settings.directory): \(place) is not writable")
            return section
        }
        var statistics = statvfs()
        guard statvfs(place, &statistics) == 0 else {
            section.problem("\(settings.directory): \(String(cString: strerror(errno)))")
            return section
        }
        let free = Int64(clamping: UInt64(statistics.f_bavail) * UInt64(statistics.f_frsize))
        section.fine("\(settings.directory) is writable, \(FigureText.bytes(free)) free")
        if free < settings.segmentBytes * 4 {
            section.problem("less than four segments of "
                + "\(FigureText.bytes(settings.segmentBytes)) are free")
        } else if free < settings.retentionBytes {
            section.note("less than retention_size "
                + "\(FigureText.bytes(settings.retentionBytes)) is free")
        }
        speed(of: place, settings, &section)
        if exists(settings.directory), let status = FileStatus(of: settings.directory),
            status.permissions & 0o022 != 0
        {
            section.note("\(settings.directory): others may write there (mode 0"
                + "\(String(status.permissions & 0o777, radix: 8))); accepted silently: 0700")
        }
        return section
    }

    /// How fast the disk takes a journal, tried with a file that has no name.
    private static func speed(
        of place: String, _ settings: JournalSettings, _ section: inout CheckReport.Section
    ) {
        guard let trial = DiskTrial(in: place) else {
            section.note("\(place): the disk's speed cannot be tried there")
            return
        }
        let text = "the disk writes \(FigureText.bytes(trial.bytesPerSecond)) a second, a sync takes "
            + FigureText.duration(trial.syncNanoseconds)
        // The journal thread syncs once an interval: slower than that it falls behind.
        if let interval = settings.syncInterval, trial.syncNanoseconds > interval.count {
            section.note("\(text), longer than journal.sync_interval "
                + "\(FigureText.duration(interval.count)): a power cut loses more than that")
        } else {
            section.fine(text)
        }
    }

    private static func control(_ path: String) -> CheckReport.Section {
        var section = CheckReport.Section("control")
        let longest = 107
        if path.utf8.count > longest {
            section.problem("\(path): a socket path has at most \(longest) bytes")
            return section
        }
        if let status = FileStatus(of: path), status.kind != .socket {
            section.problem("\(path) exists and is not a socket")
            return section
        }
        do throws(ClientFailure) {
            _ = try ControlClient(path: path)
            section.problem("an engine is already running at \(path)")
        } catch {
            switch error {
            case .notRunning: section.fine("\(path) is free")
            default: section.problem("\(path): \(error)")
            }
        }
        return section
    }

    private static func isEmulated(_ configuration: RunConfiguration) -> Bool {
        configuration.mode == .emulated
    }

    private static func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: path)
    }

    /// The directory that would have to take a new entry.
    private static func nearestExisting(_ path: String) -> String {
        var url = URL(fileURLWithPath: path)
        while !exists(url.path), url.path != "/" { url.deleteLastPathComponent() }
        return url.path
    }
}
