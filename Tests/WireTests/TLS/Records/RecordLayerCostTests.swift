import COpenSSL
import CRecordCrypto
import Foundation
import Testing
import Wire

/// What a record costs in our layer and in OpenSSL's, in one run, turn by turn.
///
/// Always compares the bytes; `APUS_BENCHMARK=1` in a release build also prints the costs:
///
///     APUS_BENCHMARK=1 APUS_TARGETS=Wire swift test -c release -Xswiftc -enable-testing \
///         --filter RecordLayerCost
@Suite("Cost of records")
struct RecordLayerCostTests {
    let certificates = try! CertificateDirectory()

    static let isMeasuring = ProcessInfo.processInfo.environment["APUS_BENCHMARK"] != nil

    @Test(arguments: RecordPair.suites)
    func `a record through a channel, ours against OpenSSL's`(suite: String) throws {
        let length = 200
        var costs: [String: [Double]] = [:]
        for _ in 0..<(Self.isMeasuring ? 15 : 1) {
            for layer in [TLSRecordLayer.apus, .openssl] {
                let pair = try RecordPair.established(
                    .client, files: certificates.files, suite: suite,
                    records: TLSRecordSettings(layer: layer))
                let cost = pair.costs(length, batches: Self.isMeasuring ? 100 : 1)
                costs["\(layer) seal", default: []].append(cost.seal)
                costs["\(layer) open", default: []].append(cost.open)
            }
        }
        report(suite, length, costs)
    }

    @Test(arguments: implementations, [16, 32])
    func `the cipher alone`(implementation: Int32, keyCount: Int) throws {
        var random = SeededRandom(seed: 1)
        let pair = try CipherPair(implementation, keyCount: keyCount, &random)
        for length in [32, 200, 1000, 16_384] {
            var costs: [String: [Double]] = [:]
            for _ in 0..<(Self.isMeasuring ? 15 : 1) {
                let (ours, theirs) = pair.costs(length, rounds: Self.isMeasuring ? 2000 : 2)
                costs["ours seal", default: []].append(ours.seal)
                costs["ours open", default: []].append(ours.open)
                costs["EVP seal", default: []].append(theirs.seal)
                costs["EVP open", default: []].append(theirs.open)
            }
            report("implementation \(implementation) AES-\(keyCount * 8)", length, costs)
        }
    }

    private func report(_ name: String, _ length: Int, _ costs: [String: [Double]]) {
        guard Self.isMeasuring else { return }
        for (what, runs) in costs.sorted(by: { $0.key < $1.key }) {
            let sorted = runs.sorted()
            let median = String(format: "%8.1f", sorted[sorted.count / 2])
            let least = String(format: "%8.1f", sorted[0])
            print("\(name) \(length) B \(what): median\(median) ns, least\(least) ns")
        }
    }
}
