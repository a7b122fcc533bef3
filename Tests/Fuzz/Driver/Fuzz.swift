import Foundation

@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ count: UnsafeMutablePointer<Int32>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
    _ body: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32

nonisolated(unsafe) private var run: (FuzzTarget.Input) -> Void = { _ in }

/// `Fuzz` lists its targets, `Fuzz --seeds TARGET DIRECTORY [FRAMES]` writes what a target begins
/// with, `Fuzz --words TARGET` prints its dictionary, `Fuzz TARGET OPTION...` runs it with
/// libFuzzer's options.
@_cdecl("Fuzz_main")
func fuzzMain(
    _ count: Int32, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
) -> Int32 {
    var words = (0..<Int(count)).compactMap { arguments[$0].map { String(cString: $0) } }
    let task = words.count > 2 && words[1].hasPrefix("--") ? words.remove(at: 1) : ""
    guard words.count > 1 else {
        for target in FuzzTarget.all { print(target.name) }
        return 0
    }
    guard let target = FuzzTarget.all.first(where: { $0.name == words[1] }) else {
        print("no target \(words[1]); there are \(FuzzTarget.all.map(\.name).joined(separator: " "))")
        return 64
    }
    switch task {
    case "--seeds" where words.count > 2:
        let frames = words.count > 3 ? words[3] : nil
        return Seeding.write(target, to: words[2], frames: frames) ? 0 : 73
    case "--words":
        print(Seeding.dictionary(of: target), terminator: "")
        return 0
    case "": break
    default: return 64
    }
    words.remove(at: 1)
    run = target.prepare()
    let rest = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: words.count + 1)
    for (index, word) in words.enumerated() { rest[index] = strdup(word) }
    rest[words.count] = nil
    var left = Int32(words.count)
    var given: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = rest
    return runDriver(&left, &given) { bytes, count in
        run(UnsafeBufferPointer(start: bytes, count: count))
        return 0
    }
}
