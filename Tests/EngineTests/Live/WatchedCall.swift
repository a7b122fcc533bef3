import CAllocationCount
import Glibc

/// A call of the allocator or of a lock by the watched thread, and who made it.
struct WatchedCall: CustomStringConvertible {
    let isLock: Bool
    /// Demangled names from the call outwards; addresses of which nobody knows the function are left out.
    let callers: [String]

    var description: String {
        (isLock ? "a lock: " : "the allocator: ") + callers.joined(separator: "\n  < ")
    }

    /// Every call since the watch began, in order, and how many more there were than are kept.
    static func all() -> (calls: [WatchedCall], lost: Int64) {
        var names: [UnsafeMutableRawPointer: String] = [:]
        var calls: [WatchedCall] = []
        var room = [UnsafeMutableRawPointer?](repeating: nil, count: 64)
        let count = watched_call_count()
        while calls.count < count {
            var isLock: Int32 = 0
            let depth = watched_call(Int64(calls.count), &isLock, &room, Int32(room.count))
            if depth == 0 { break }
            let callers = room[..<Int(depth)].compactMap { address -> String? in
                guard let address else { return nil }
                if let known = names[address] { return known }
                // A return address may lie behind the end of a function that does not return.
                let name = name_of_function(address - 1).map { demangled(String(cString: $0)) }
                names[address] = name
                return name
            }
            // The call itself comes first, not who notes it.
            let own = callers.prefix { $0 == "note" || $0.hasPrefix("count") }
            calls.append(
                WatchedCall(isLock: isLock != 0, callers: Array(callers[own.endIndex...])))
        }
        return (calls, count - Int64(calls.count))
    }

    private static func demangled(_ name: String) -> String {
        typealias Demangle =
            @convention(c) (
                UnsafePointer<CChar>, Int, UnsafeMutablePointer<CChar>?, UnsafeMutablePointer<Int>?,
                UInt32
            ) -> UnsafeMutablePointer<CChar>?
        guard let found = dlsym(nil, "swift_demangle") else { return name }
        let demangle = unsafeBitCast(found, to: Demangle.self)
        guard let text = demangle(name, name.utf8.count, nil, nil, 0) else { return name }
        defer { free(text) }
        return String(cString: text)
    }
}
